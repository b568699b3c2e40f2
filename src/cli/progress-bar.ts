/** Progress bars on standard error; nothing where that is no terminal. */
import { MultiBar, SingleBar } from 'cli-progress';
import { usToSeconds } from '../cluster/time.ts';
import { formatCount, formatSeconds } from '../metrics/format-values.ts';

export interface ProgressBar {
  update(endedTasks: number, nowUs: number): void;
  remove(): void;
}

export interface ProgressBars {
  /** @param label the policy at work */
  add(label: string): ProgressBar;
  stop(): void;
}

const LOADING_MS = 200;

/** Shows how much of a trace is read, until stopped. */
export function startLoadingBar(source: { readonly bytesRead: number; readonly totalBytes: number }): {
  stop(): void;
} {
  if (!process.stderr.isTTY) return { stop() {} };
  const bar = new SingleBar({
    format: 'reading {bar} {percentage} %',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 20,
  });
  bar.start(source.totalBytes, 0);
  const timer = setInterval(() => bar.update(Math.min(source.bytesRead, source.totalBytes)), LOADING_MS);
  return {
    stop() {
      clearInterval(timer);
      bar.stop();
    },
  };
}

/** A bar for each policy at work. */
export function startProgressBars(taskCount: number): ProgressBars {
  if (!process.stderr.isTTY) return { add: () => ({ update() {}, remove() {} }), stop() {} };
  const bars = new MultiBar({
    format: '{label} {bar} {percentage} %  {ended} of {all} tasks, {now} of the trace, {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 20,
    fps: 5,
    // A bar that moves up into the place of a removed one looks the same to itself.
    forceRedraw: true,
  });
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    process.removeListener('exit', stop);
    bars.stop();
  };
  // Whatever ends the process, the terminal has its cursor again.
  process.once('exit', stop);
  return {
    add(label) {
      const bar = bars.create(taskCount, 0, { label, ended: '0', all: formatCount(taskCount), now: '0 s' });
      return {
        update: (endedTasks, nowUs) =>
          bar.update(endedTasks, { ended: formatCount(endedTasks), now: formatSeconds(usToSeconds(nowUs)) }),
        remove() {
          // Removing draws all bars, and would start what has been stopped.
          if (!isStopped) bars.remove(bar);
        },
      };
    },
    stop,
  };
}
