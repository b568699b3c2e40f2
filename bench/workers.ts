/**
 * One thread against two: `npx node bench/workers.ts [TASKS] [PAIRS] [FLAG…]` plays fifo and drf over a generated
 * workload by `mesolab simulate`, each time in a process of its own, in pairs whose order alternates. Further words go
 * to `simulate`, e.g. `--engine typescript`. Prints medians of time and peak memory, and the load of the machine.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from '../src/cli/program.ts';
import { median } from './check/median.ts';

interface Cost {
  readonly wallSeconds: number;
  readonly peakMib: number;
}

const THREADS = ['1', '2'] as const;

const [first = '5000000', ...others] = process.argv.slice(2);
if (process.send) await playAndTell([first, ...others]);
else await comparePairs(first, others);

async function playAndTell(command: readonly string[]): Promise<void> {
  const startedMs = performance.now();
  await createProgram().parseAsync(['node', 'mesolab', ...command]);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  process.send?.({ wallSeconds, peakMib: process.resourceUsage().maxRSS / 1024 } satisfies Cost);
}

async function comparePairs(tasks: string, [pairs = '5', ...flags]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mesolab-bench-'));
  try {
    const trace = join(folder, 'trace');
    await costOf(['trace', 'generate', 'google-2011', '--tasks', tasks, '--seed', '7', '--out', trace]);
    const costs: Record<(typeof THREADS)[number], Cost[]> = { 1: [], 2: [] };
    const loads: number[] = [];
    for (let pair = 0; pair < Number(pairs); pair++) {
      for (const threads of pair % 2 === 0 ? THREADS : THREADS.toReversed())
        costs[threads].push(
          await costOf(['simulate', trace, '--policy', 'fifo,drf', '--workers', threads, ...flags]),
        );
      loads.push(loadavg()[0]);
    }
    for (const threads of THREADS)
      process.stdout.write(
        `${threads} thread(s): ${medianOf(costs[threads], 'wallSeconds').toFixed(1)} s, peak ${medianOf(costs[threads], 'peakMib').toFixed(0)} MiB\n`,
      );
    const ratio = median(costs[1].map(({ wallSeconds }, pair) => wallSeconds / costs[2][pair].wallSeconds));
    process.stdout.write(
      `${tasks} tasks ${flags.join(' ')}: two threads are ${ratio.toFixed(2)} times as fast (median of ${pairs} pairs), load of the machine ${median(loads).toFixed(1)}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function costOf(command: readonly string[]): Promise<Cost> {
  const child = fork(import.meta.filename, command, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [told] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof told !== 'object') throw new Error(`${command.join(' ')} ended with code ${told}`);
  await once(child, 'exit');
  return told;
}

function medianOf(costs: readonly Cost[], figure: keyof Cost): number {
  return median(costs.map((cost) => cost[figure]));
}
