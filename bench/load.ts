/**
 * Time and memory of loading our columnar form: `npx node bench/load.ts [TASKS] [REPEATS]` writes the benchmarks'
 * workload (`bench/synthetic.ts`) once, then loads it in a new process each time.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTrace } from '../src/files/trace-directory.ts';
import { TraceSource } from '../src/files/trace-source.ts';
import { loadTrace } from '../src/workload/load-trace.ts';
import { syntheticCase } from './synthetic.ts';

const LOAD_ONLY = '--load';
const AGENTS = 12_500;
const ROLES = 400;

const [first = '25000000', second = '5'] = process.argv.slice(2);
if (first === LOAD_ONLY) await loadOnce(second);
else await loadAgainAndAgain(Number(first), Number(second));

async function loadAgainAndAgain(tasks: number, repeats: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mesolab-load-'));
  try {
    const trace = join(folder, 'trace');
    const { workload, cluster } = syntheticCase({
      tasks,
      agents: AGENTS,
      roles: ROLES,
      backlog: 0,
      load: 0.6,
    });
    const startedMs = performance.now();
    await writeTrace(trace, { ...workload, cluster });
    process.stdout.write(`written in ${((performance.now() - startedMs) / 1000).toFixed(2)} s\n`);
    for (let repeat = 0; repeat < repeats; repeat++)
      execFileSync(process.execPath, [import.meta.filename, LOAD_ONLY, trace], { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function loadOnce(trace: string): Promise<void> {
  const startedMs = performance.now();
  const source = new TraceSource(trace);
  const { workload } = await loadTrace(source);
  const seconds = (performance.now() - startedMs) / 1000;
  const cpuMs = process.cpuUsage();
  process.stdout.write(
    `${workload.tasks.count} tasks, ${(source.bytesRead / 2 ** 20).toFixed(0)} MiB: loaded in ${seconds.toFixed(2)} s ` +
      `(process with start ${((cpuMs.user + cpuMs.system) / 1e6).toFixed(2)} s of CPU), ` +
      `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`,
  );
}
