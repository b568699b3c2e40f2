/** A progress bar on standard error; nothing where that is no terminal. */
import { SingleBar } from 'cli-progress';
import { usToSeconds } from '../cluster/time.ts';
import { formatCount, formatSeconds } from '../metrics/format-values.ts';

export interface ProgressBar {
  update(endedTasks: number, nowUs: number): void;
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

/** @param label the policy at work */
export function startProgressBar(label: string, taskCount: number): ProgressBar {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const bar = new SingleBar({
    format: '{label} {bar} {percentage} %  {ended} of {all} tasks, {now} of the trace, {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 20,
    fps: 5,
  });
  bar.start(taskCount, 0, { label, ended: '0', all: formatCount(taskCount), now: '0 s' });
  return {
    update: (endedTasks, nowUs) =>
      bar.update(endedTasks, { ended: formatCount(endedTasks), now: formatSeconds(usToSeconds(nowUs)) }),
    stop: () => bar.stop(),
  };
}
