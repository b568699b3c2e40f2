/**
 * Memory of a task and of an agent: `npx node bench/memory.ts`. A process of its own makes one workload, or one replay in
 * either engine, several times and keeps them all: what each adds, at three sizes of the workload, gives the bytes of a
 * task and of an agent. V8 counts what JavaScript holds; what Rust holds shows only in the process's resident memory.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { loadNative } from '../src/native/load-native.ts';
import type { NativeModule } from '../src/sim/native-binding.ts';
import { median } from './check/median.ts';
import { replayBenchmark } from './replay-benchmark.ts';
import { type Scale, syntheticCase } from './synthetic.ts';

const MEASURE_ONLY = '--measure';
const KINDS = ['workload', 'TypeScript', 'native'] as const;
const BASE = { tasks: 500_000, agents: 1000 };
const MORE_TASKS = { ...BASE, tasks: 2_500_000 };
const MORE_AGENTS = { ...BASE, agents: 200_000 };
/** Resident memory also has what is free but not yet given back. */
const ROUNDS = { workload: 1, TypeScript: 1, native: 3 };
/** The first ones also fill what the process keeps anyway: pages of its heap, compiled code. */
const WARM_COPIES = 2;
const COPIES = 4;
/** Freed buffers are given back in the background. */
const SETTLE_MS = 100;

type Kind = (typeof KINDS)[number];
type Size = typeof BASE;

const [first, kind, size] = process.argv.slice(2);
if (first === MEASURE_ONLY) process.stdout.write(String(await bytesOfCopy(kind as Kind, JSON.parse(size))));
else printTable();

function printTable(): void {
  process.stdout.write('| bytes of | a task | an agent |\n| --- | ---: | ---: |\n');
  for (const kind of KINDS) {
    const rounds = Array.from({ length: ROUNDS[kind] }, () => {
      const [base, ofTasks, ofAgents] = [BASE, MORE_TASKS, MORE_AGENTS].map((size) => inProcess(kind, size));
      return {
        task: (ofTasks - base) / (MORE_TASKS.tasks - BASE.tasks),
        agent: (ofAgents - base) / (MORE_AGENTS.agents - BASE.agents),
      };
    });
    const [task, agent] = (['task', 'agent'] as const).map((of) => median(rounds.map((round) => round[of])));
    process.stdout.write(`| ${kind} | ${task.toFixed(1)} | ${agent.toFixed(0)} |\n`);
  }
}

function inProcess(kind: Kind, size: Size): number {
  const args = ['--expose-gc', import.meta.filename, MEASURE_ONLY, kind, JSON.stringify(size)];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

async function bytesOfCopy(kind: Kind, size: Size): Promise<number> {
  const make = makerOf(kind, { ...size, roles: 400, backlog: 0, load: 0.6 });
  const copies = Array.from({ length: WARM_COPIES }, make);
  const before = await bytesHeld(kind);
  for (let i = 0; i < COPIES; i++) copies.push(make());
  const bytes = ((await bytesHeld(kind)) - before) / COPIES;
  if (copies.length !== WARM_COPIES + COPIES) throw new Error('the copies were not kept');
  return bytes;
}

/** @returns makes a workload, or a replay that has come to its end */
function makerOf(kind: Kind, scale: Scale): () => unknown {
  if (kind === 'workload') return () => syntheticCase(scale);
  return replayBenchmark(
    { ...scale, policy: 'drf', model: { kind: 'placement' } },
    kind === 'native' ? nativeModule() : null,
  );
}

function nativeModule(): NativeModule {
  const loaded = loadNative();
  if (loaded.module === null) throw new Error(`no native engine: ${loaded.reason}`);
  return loaded.module;
}

async function bytesHeld(kind: Kind): Promise<number> {
  for (let i = 0; i < 3; i++) {
    gc!();
    await setTimeout(SETTLE_MS);
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return kind === 'native' ? rss : heapUsed + arrayBuffers;
}
