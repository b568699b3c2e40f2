/**
 * Mesos (Hindman et al., NSDI 2011, §5 and §6.5): how offers' holds and filters matter, how fast a framework that joins gets its
 * share, and what launching and failover take in the protocol simulation as the cluster grows.
 * `node notebooks/studies/mesos.ts` writes mesos.json beside it; bench/protocol.ts plays the paper's 50,000 agents.
 */
import { writeFileSync } from 'node:fs';
import { buildCluster, type Cluster } from '../../src/cluster/cluster.ts';
import { stream } from '../../src/cluster/streams.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import type { ReplayOptions } from '../../src/sim/options.ts';
import { DEFAULT_PROTOCOL } from '../../src/sim/protocol/options.ts';
import { ProtocolSimulation } from '../../src/sim/protocol/simulation.ts';
import { Replay } from '../../src/sim/replay.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import { generateWorkload } from '../../src/workload/generate/generate.ts';
import { workloadModels } from '../../src/workload/generate/models.ts';
import type { Workload } from '../../src/workload/workload.ts';

/** Of one framework that holds offers, and of the others, who answer at once. */
export interface HoldRow {
  readonly holdSeconds: number;
  /** After which an offer is rescinded; `null`: never. */
  readonly timeoutSeconds: number | null;
  /** `null`: none of its jobs ever started. */
  readonly slowWaitSeconds: number | null;
  readonly othersWaitSeconds: number;
}

export interface FilterRow {
  readonly refuseSeconds: number;
  readonly waitSeconds: number;
  readonly offers: number;
}

export interface RampUpRow {
  readonly durations: 'constant' | 'exponential';
  /** From joining until it first holds half of the cluster; mean over seeds, in mean task durations. */
  readonly taskDurations: number;
}

export interface ScaleRow {
  readonly agents: number;
  readonly launchP50Seconds: number;
  readonly launchP99Seconds: number;
  readonly failoverSeconds: number;
  readonly messages: number;
  readonly tasks: number;
}

export interface MesosStudy {
  readonly slowRole: string;
  readonly holds: readonly HoldRow[];
  readonly filters: readonly FilterRow[];
  readonly rampUp: readonly RampUpRow[];
  readonly scale: readonly ScaleRow[];
}

const SECOND = 1e6;
const SLOW_ROLE = 'ads';
const HOLDS = [0, 2, 5, 10, 20];
const TIMEOUT = 5;
const FILTERS = [0, 1, 5, 30, 120];
const SLOTS = 200;
const TASK_SECONDS = 60;
const RAMP_SEEDS = 10;
const SCALE = [250, 1000, 4000];
const FRAMEWORKS = 50;
const SCALE_SECONDS = 60;

export function mesosStudy(): MesosStudy {
  return {
    slowRole: SLOW_ROLE,
    holds: HOLDS.flatMap((hold) => [
      holdRow(hold, null),
      ...(hold > TIMEOUT ? [holdRow(hold, TIMEOUT)] : []),
    ]),
    filters: FILTERS.map(filterRow),
    rampUp: [rampUpRow('constant'), rampUpRow('exponential')],
    scale: SCALE.map(scaleRow),
  };
}

function options(cluster: Cluster, model: ReplayOptions['model'], seed = 'mesos'): ReplayOptions {
  return {
    seed,
    cluster,
    policy: parsePolicy('drf'),
    weights: new Map(),
    limits: new Map(),
    guarantees: new Map(),
    model,
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
  };
}

/** A mix like Facebook's, with four roles (the preset's sources are in docs/trace-format.md). */
function mix(): Workload {
  const model = workloadModels.find(({ name }) => name === 'facebook-2010')!;
  return generateWorkload(model, 'mesos', { tasks: 3000, agents: 20, load: 0.9 });
}

function playOffers(holdSeconds: number, timeoutSeconds: number | null, refuseSeconds: number) {
  const workload = mix();
  const replay = new Replay(
    workload,
    options(workload.cluster!, {
      kind: 'offers',
      intervalUs: SECOND,
      decisionUs: 0,
      roleDecisionUs: new Map([[SLOW_ROLE, holdSeconds * SECOND]]),
      holdUs: timeoutSeconds === null ? Number.POSITIVE_INFINITY : timeoutSeconds * SECOND,
      refuseUs: refuseSeconds * SECOND,
    }),
  );
  while (!replay.advance(100_000));
  return replay.summary();
}

function holdRow(holdSeconds: number, timeoutSeconds: number | null): HoldRow {
  const { roles } = playOffers(holdSeconds, timeoutSeconds, 5);
  const others = roles.filter(({ role }) => role !== SLOW_ROLE);
  return {
    holdSeconds,
    timeoutSeconds,
    slowWaitSeconds: roles.find(({ role }) => role === SLOW_ROLE)!.waitSeconds?.mean ?? null,
    othersWaitSeconds:
      others.reduce((sum, { waitSeconds, jobs }) => sum + waitSeconds!.mean * jobs, 0) /
      others.reduce((sum, { jobs }) => sum + jobs, 0),
  };
}

function filterRow(refuseSeconds: number): FilterRow {
  const { metrics } = playOffers(0, null, refuseSeconds);
  return { refuseSeconds, waitSeconds: metrics.waitSeconds!.mean, offers: metrics.offers!.made };
}

/** One framework has the whole cluster when another joins; what comes free goes to who has less. */
function rampUpRow(durations: RampUpRow['durations']): RampUpRow {
  const times = Array.from({ length: RAMP_SEEDS }, (_, seed) => rampUp(durations, String(seed)));
  return { durations, taskDurations: times.reduce((sum, time) => sum + time, 0) / RAMP_SEEDS };
}

function rampUp(durations: RampUpRow['durations'], seed: string): number {
  const random = stream(seed, 'ramp-up');
  const joinsUs = 10 * TASK_SECONDS * SECOND;
  const builder = new WorkloadBuilder('ramp-up');
  const request = builder.request({ cpus: 1 }, null);
  const duration = () =>
    Math.max(1, Math.round(TASK_SECONDS * SECOND * (durations === 'constant' ? 1 : -Math.log(1 - random()))));
  // So that the first framework's tasks end at all times, not together.
  builder.job({ role: 'first', submitUs: 0 });
  for (let slot = 0; slot < SLOTS; slot++)
    builder.tasks(
      1,
      request,
      Math.max(1, Math.round((durations === 'constant' ? random() : 1) * duration())),
    );
  builder.job({ role: 'first', submitUs: 1 });
  for (let task = 0; task < SLOTS * 40; task++) builder.tasks(1, request, duration());
  builder.job({ role: 'second', submitUs: joinsUs });
  for (let task = 0; task < SLOTS * 10; task++) builder.tasks(1, request, duration());
  const cluster = buildCluster(
    Array.from({ length: SLOTS }, (_, agent) => ({ id: `agent-${agent}`, resources: { cpus: 1 } })),
  );
  const replay = new Replay(builder.finish(null, new Map()), {
    ...options(cluster, { kind: 'placement' }, seed),
    untilUs: joinsUs + 20 * TASK_SECONDS * SECOND,
  });
  while (!replay.advance(100_000));
  const { tasks, jobs } = replay.tables();
  const starts = [...tasks.job.keys()].filter((task) => jobs.role[tasks.job[task]] === 'second');
  return (halfHeld(starts, tasks) - joinsUs / SECOND) / TASK_SECONDS;
}

/** When so many of the tasks first ran at once as are half of the slots, seconds. */
function halfHeld(
  some: readonly number[],
  { startSeconds, endSeconds }: { readonly startSeconds: Float64Array; readonly endSeconds: Float64Array },
): number {
  const steps = some
    .filter((task) => Number.isFinite(startSeconds[task]))
    .flatMap((task) => [
      { at: startSeconds[task], change: 1 },
      { at: Number.isFinite(endSeconds[task]) ? endSeconds[task] : Number.POSITIVE_INFINITY, change: -1 },
    ])
    // At one instant what ends makes room for what starts.
    .sort((a, b) => a.at - b.at || a.change - b.change);
  let running = 0;
  for (const { at, change } of steps) {
    running += change;
    if (running >= SLOTS / 2) return at;
  }
  return Number.NaN;
}

/** All frameworks always have work; the leader is killed halfway. As bench/protocol.ts, smaller. */
function scaleRow(agents: number): ScaleRow {
  const random = stream('mesos', 'durations');
  const builder = new WorkloadBuilder('scale');
  const request = builder.request({ cpus: 1 }, null);
  const perFramework = Math.ceil((1.2 * agents * SCALE_SECONDS) / 30 / FRAMEWORKS);
  for (let framework = 0; framework < FRAMEWORKS; framework++) {
    builder.job({ role: `framework-${framework}`, submitUs: 0 });
    for (let task = 0; task < perFramework; task++)
      builder.tasks(1, request, Math.max(1, Math.round(-Math.log(1 - random()) * 30 * SECOND)));
  }
  const cluster = buildCluster(
    Array.from({ length: agents }, (_, agent) => ({ id: `agent-${agent}`, resources: { cpus: 1 } })),
  );
  const simulation = new ProtocolSimulation(builder.finish(null, new Map()), {
    ...options(cluster, {
      kind: 'protocol',
      intervalUs: SECOND,
      holdUs: Number.POSITIVE_INFINITY,
      refuseUs: 5 * SECOND,
      world: {
        ...DEFAULT_PROTOCOL,
        faults: [{ kind: 'kill', target: 'leader', atUs: (SCALE_SECONDS * SECOND) / 2, durationUs: 0 }],
      },
    }),
    untilUs: SCALE_SECONDS * SECOND,
  });
  while (!simulation.advance(100_000));
  const { launchSeconds, failoverSeconds, messages } = simulation.summary().protocol!;
  return {
    agents,
    launchP50Seconds: launchSeconds!.p50,
    launchP99Seconds: launchSeconds!.p99,
    failoverSeconds: failoverSeconds!.mean,
    messages,
    tasks: simulation.progress.endedTasks,
  };
}

if (import.meta.main) {
  const study = mesosStudy();
  writeFileSync(new URL('mesos.json', import.meta.url), `${JSON.stringify(study, null, 1)}\n`);
  for (const rows of [study.holds, study.filters, study.rampUp, study.scale]) console.table(rows);
}
