/**
 * Whether a task that eats cpus or memory hurts its neighbour: `npx node bench/isolation.ts` (needs root). The neighbour counts as
 * fast as it can with one cpu asked for, alone, beside twice as many eaters as there are cpus, and beside one that takes memory
 * without end; each with limits (cgroups) and without (posix). Figures are parts of what it counts alone, in one run.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerRuntime } from '../src/real/containers/container-runtime.ts';
import { createContainerRuntime } from '../src/real/containers/create-runtime.ts';
import { DEFAULT_RUNTIME } from '../src/real/containers/runtime-options.ts';
import { parseResourcesText } from '../src/resources/text.ts';

const SECONDS = 5;
/** Writes each half second how far it has counted. */
const COUNT = program(
  'let n = 0, at = Date.now(); for (;;) { for (let i = 0; i < 1e5; i++) n++; if (Date.now() - at > 500) { require("fs").writeSync(1, n + "\\n"); at = Date.now(); } }',
);
const EAT_CPU = 'exec sh -c "while :; do :; done"';
const EAT_MEMORY = program(
  'const kept = []; for (let mib = 0; mib < 4000; mib++) { kept.push(Buffer.alloc(2 ** 20, 1)); } setInterval(() => {}, 1e6)',
);
const eaters = availableParallelism() * 2;

const rows = [];
for (const isolation of ['cgroups', 'posix'] as const) {
  const alone = await progress(isolation, []);
  const beside = async (commands: readonly string[]) =>
    Number(((await progress(isolation, commands)) / alone).toFixed(2));
  rows.push({
    isolation,
    [`beside ${eaters} that eat cpu`]: await beside(Array.from({ length: eaters }, () => EAT_CPU)),
    'beside one that eats 4 GB': await beside([EAT_MEMORY]),
  });
}
console.table(rows);

/** How far the neighbour counts. @param others commands that run beside it, each with 0.1 cpus and 64 MiB asked for */
async function progress(isolation: 'cgroups' | 'posix', others: readonly string[]): Promise<number> {
  const workDir = realpathSync(mkdtempSync(join(tmpdir(), 'mesolab-isolation-')));
  const ends = new Map<string, () => void>();
  const options = {
    ...DEFAULT_RUNTIME,
    cgroupsRoot: 'mesolab-bench',
    usesCgroups: isolation === 'cgroups',
    workDir,
  };
  const runtime = createContainerRuntime(options, { launched() {}, ended: (id) => ends.get(id)?.() });
  launch(runtime, 'neighbour', COUNT, 'cpus:1;mem:128');
  for (const [index, command] of others.entries())
    launch(runtime, `other-${index}`, command, 'cpus:0.1;mem:64');
  await sleep(1000);
  const before = counted(workDir);
  await sleep(SECONDS * 1000);
  const progressed = counted(workDir) - before;
  for (const id of ['neighbour', ...others.map((_, index) => `other-${index}`)]) {
    const ended = new Promise<void>((resolve) => ends.set(id, resolve));
    runtime.destroy(id);
    await Promise.race([ended, sleep(2000)]);
  }
  runtime.stop();
  rmSync(workDir, { recursive: true, force: true });
  return progressed;
}

function counted(workDir: string): number {
  return Number(readFileSync(join(workDir, 'neighbour/stdout'), 'utf8').trim().split('\n').at(-1));
}

function launch(runtime: ContainerRuntime, container: string, value: string, resources: string): void {
  runtime.launch(
    {
      container,
      framework: { user: 'root', name: 'bench', id: { value: 'bench' } },
      executor: { executor_id: { value: container } },
      task: null,
      command: { value },
      image: null,
      resources: parseResourcesText(resources).toWire(),
      sandbox: container,
      isCheckpointed: false,
    },
    { PATH: process.env.PATH! },
  );
}

function program(source: string): string {
  return `exec ${process.execPath} --no-warnings -e '${source}'`;
}
