/**
 * One allocation cycle of the `offers` model over the grid of Mesos's own allocator benchmarks:
 * `npx node bench/allocation-cycle.ts [--engine native|typescript] [--largest AGENTS]`. Each cycle is the one instant of
 * a replay at which agents are offered; submissions, decisions and starts are instants of their own, which are not timed.
 */
import { parseArgs } from 'node:util';
import { buildCluster, type Cluster } from '../src/cluster/cluster.ts';
import { loadNative } from '../src/native/load-native.ts';
import { parsePolicy } from '../src/policies/registry.ts';
import { createReplay } from '../src/sim/create-replay.ts';
import type { NativeModule } from '../src/sim/native-binding.ts';
import { WorkloadBuilder } from '../src/workload/builder.ts';
import type { Workload } from '../src/workload/workload.ts';
import { median } from './check/median.ts';

const AGENTS = [1000, 5000, 10_000, 20_000, 50_000];
const FRAMEWORKS = [1, 50, 200, 1000, 3000, 6000];
const STATES = ['all free', '90 % allocated', 'all declined'] as const;
type State = (typeof STATES)[number];

const SECOND_US = 1_000_000;
const CORES = 24;
const SAMPLES = 5;
/** Declined agents stay filtered for as long as the benchmark lasts. */
const OFFERS = {
  kind: 'offers',
  intervalUs: SECOND_US,
  decisionUs: 1,
  holdUs: Number.POSITIVE_INFINITY,
  refuseUs: 1e6 * SECOND_US,
} as const;

interface Case {
  readonly workload: Workload;
  readonly cluster: Cluster;
  /** Instants before the first cycle that is timed. */
  readonly before: number;
  /** Cycles that follow each other, with the frameworks' answers in between. */
  readonly cycles: number;
}

/**
 * All free: frameworks come just after 0 s and are offered everything at 1 s. 90 % allocated: a task on every agent is
 * there before them. All declined: they want only the one agent that is taken, so that each declines what it is offered
 * until, after as many cycles as there are frameworks, all have declined everything; the last cycle is of that state,
 * and timed where there are at most `cycles` frameworks, else those on the way.
 */
function caseOf(state: State, agents: number, frameworks: number): Case {
  const builder = new WorkloadBuilder('cycle');
  const isFree = state === 'all free';
  const ahead = 10_000_000 * SECOND_US;
  if (!isFree) {
    builder.job({ role: 'before', submitUs: 1 });
    const everywhere = state === '90 % allocated';
    const request = builder.request(
      { cpus: everywhere ? 0.9 * CORES : CORES, mem: 100 },
      everywhere ? null : [{ attribute: 'special', operator: 'in', values: ['yes'] }],
    );
    builder.tasks(everywhere ? agents : 1, request, ahead);
  }
  const wants = builder.request(
    { cpus: 0.1, mem: 1 },
    state === 'all declined' ? [{ attribute: 'special', operator: 'in', values: ['yes'] }] : null,
  );
  for (let f = 0; f < frameworks; f++) {
    builder.job({ role: `framework-${f}`, submitUs: isFree ? 1 : 1.5 * SECOND_US });
    builder.tasks(1, wants, 1000);
  }
  const cluster = buildCluster(
    Array.from({ length: agents }, (_, agent) => ({
      id: `agent-${agent}`,
      resources: { cpus: CORES, mem: 64_000 },
      attributes: { special: agent === 0 ? 'yes' : 'no' },
    })),
    [],
  );
  const cycles = state === 'all declined' ? 12 : 1;
  return { workload: builder.finish(), cluster, before: isFree ? 1 : 4, cycles };
}

/** Milliseconds of each timed cycle. */
function timeCycles({ workload, cluster, before, cycles }: Case, native: NativeModule | null): number[] {
  const replay = createReplay(
    workload,
    {
      seed: 'cycle',
      cluster,
      policy: parsePolicy('drf'),
      weights: new Map(),
      limits: new Map(),
      guarantees: new Map(),
      model: OFFERS,
      failures: null,
      untilUs: Number.POSITIVE_INFINITY,
      isChecked: false,
    },
    native,
  );
  replay.advance(before);
  const times: number[] = [];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const made = replay.offerCounts.made;
    const startedMs = performance.now();
    replay.advance(1);
    times.push(performance.now() - startedMs);
    if (cycle === 0 && replay.offerCounts.made === made) throw new Error('the timed instant offered nothing');
    replay.advance(1);
  }
  return times;
}

const { values } = parseArgs({
  options: { engine: { type: 'string', default: 'native' }, largest: { type: 'string', default: '50000' } },
});
const loaded = values.engine === 'native' ? loadNative() : null;
if (loaded?.module === null) throw new Error(`no native engine: ${loaded.reason}`);
const lines = [
  '| agents | frameworks | all free, ms | 90 % allocated, ms | all declined, ms |',
  '| --: | --: | --: | --: | --: |',
];
for (const agents of AGENTS.filter((count) => count <= Number(values.largest))) {
  for (const frameworks of FRAMEWORKS) {
    const cells = STATES.map((state) => {
      const scenario = caseOf(state, agents, frameworks);
      const times = Array.from({ length: SAMPLES }, () => timeCycles(scenario, loaded?.module ?? null));
      return median(
        times.flatMap((cycles) => (state === 'all declined' ? cycles.slice(-1) : cycles)),
      ).toFixed(2);
    });
    const line = `| ${agents} | ${frameworks} | ${cells.join(' | ')} |`;
    process.stderr.write(`${line}\n`);
    lines.push(line);
  }
}
process.stdout.write(`${lines.join('\n')}\n`);
