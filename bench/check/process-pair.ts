/** Measures one benchmark once on both sides: one process each, whose runs alternate. */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { interleaved, type Side } from './interleaving.ts';
import type { PairTimes } from './ratio-interval.ts';

/** Runs until most of what is hot is compiled; they are not counted. */
const WARM_UP_RUNS = 5;
const RUNS = 8;

const MEASURE = 'bench/measure.ts';

/** Names of the benchmarks that a checkout can measure; none if it is older than this comparison. */
export function benchmarkNames(folder: string): string[] {
  const file = join(folder, MEASURE);
  if (!existsSync(file)) return [];
  const text = execFileSync(process.execPath, [file], {
    cwd: folder,
    encoding: 'utf8',
    env: environmentOf(folder),
  });
  return JSON.parse(text);
}

/**
 * Both sides run under the Node of this process: the code is what differs.
 * @param folders of the checkouts @param pair its number, for the order of the sides
 * @throws Error when a benchmark fails on a side
 */
export async function measurePair(
  folders: Readonly<Record<Side, string>>,
  benchmark: string,
  pair: number,
): Promise<PairTimes> {
  const order = interleaved(WARM_UP_RUNS + RUNS, pair);
  const times: Record<Side, number[]> = { base: [], change: [] };
  const processes: Partial<Record<Side, ChildProcess>> = {};
  try {
    const ready = order.slice(0, 2).map((side) => {
      processes[side] = fork(join(folders[side], MEASURE), [benchmark], {
        cwd: folders[side],
        env: environmentOf(folders[side]),
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      return answerOf(processes[side], benchmark, side);
    });
    await Promise.all(ready);
    for (const side of order) {
      const answer = answerOf(processes[side]!, benchmark, side);
      processes[side]!.send({});
      times[side].push((await answer).cpuMs);
    }
  } finally {
    for (const process of Object.values(processes)) process.kill();
  }
  return { baseMs: times.base.slice(WARM_UP_RUNS), changeMs: times.change.slice(WARM_UP_RUNS) };
}

/** Node keeps the code that it has compiled, so that a process is ready in a third of the time. */
function environmentOf(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: `${folder}.compiled` };
}

function answerOf(process: ChildProcess, benchmark: string, side: Side): Promise<{ cpuMs: number }> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null) =>
      reject(new Error(`"${benchmark}" of the ${side} ended by itself (${signal ?? `exit code ${code}`})`));
    process.once('exit', onExit);
    process.once('message', (message) => {
      process.off('exit', onExit);
      resolve(message as { cpuMs: number });
    });
  });
}
