/**
 * What it costs to cross into the native engine, and from which size that pays: `npx node bench/crossing.ts`. A call
 * with no arrays is `progress`, one with all a replay's arrays `advance` by no instant.
 */
import { uniformCluster } from '../src/cluster/cluster.ts';
import { loadNative } from '../src/native/load-native.ts';
import { parsePolicy } from '../src/policies/registry.ts';
import { createReplay } from '../src/sim/create-replay.ts';
import { median } from './check/median.ts';
import { replayBenchmark } from './replay-benchmark.ts';
import { syntheticCase } from './synthetic.ts';

const CALLS = 200_000;
const SIZES = [10, 100, 1000, 10_000, 100_000];
const ROUNDS = 9;
/** Typed arrays among the arguments of `advance`: eleven columns of the workload, four of results. */
const ARRAYS = 15;
const MODEL = { kind: 'placement' } as const;

const loaded = loadNative();
if (loaded.module === null) throw new Error(`no native engine: ${loaded.reason}`);
const { module } = loaded;

function nanosecondsPerCall(call: () => unknown): number {
  const samples = Array.from({ length: 5 }, () => {
    const startedMs = performance.now();
    for (let i = 0; i < CALLS; i++) call();
    return ((performance.now() - startedMs) * 1e6) / CALLS;
  });
  return median(samples);
}

const { workload } = syntheticCase({ tasks: 1000, agents: 10, roles: 4, backlog: 0, load: 0.6 });
const replay = createReplay(
  workload,
  {
    seed: 'bench',
    cluster: uniformCluster(10, { cpus: 16, mem: 65_536 }),
    policy: parsePolicy('drf'),
    weights: new Map(),
    limits: new Map(),
    guarantees: new Map(),
    model: MODEL,
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
  },
  module,
);
const empty = nanosecondsPerCall(() => replay.progress);
const full = nanosecondsPerCall(() => replay.advance(0));
process.stdout.write(
  `a call: ${empty.toFixed(0)} ns; with ${ARRAYS} arrays: ${full.toFixed(0)} ns, ${((full - empty) / ARRAYS).toFixed(0)} ns an array\n`,
);

for (const tasks of SIZES) {
  const scale = { policy: 'drf', model: MODEL, tasks, agents: 1000, roles: 10, backlog: 0, load: 0.6 };
  const runs = [replayBenchmark(scale, null), replayBenchmark(scale, module)];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [typescriptMs, nativeMs] = runs.map((run) => {
      const startedMs = performance.now();
      run();
      return performance.now() - startedMs;
    });
    ratios.push(typescriptMs / nativeMs);
  }
  process.stdout.write(`${tasks} tasks: native is ${median(ratios).toFixed(2)} times as fast\n`);
}
