/**
 * Schedulers of a role tree under load (the questions of Bhattacharya et al., SoCC 2013): does a leaf starve whose sibling
 * holds much of another resource, does a node get its part, and what do slots cost?
 * `node notebooks/studies/hierarchical-drf.ts` writes hierarchical-drf.json beside it.
 */
import { writeFileSync } from 'node:fs';
import { buildCluster } from '../../src/cluster/cluster.ts';
import type { ResourceAmounts } from '../../src/cluster/resources.ts';
import { stream } from '../../src/cluster/streams.ts';
import { secondsToUs } from '../../src/cluster/time.ts';
import { collapsedWeights } from '../../src/notebooks/page/collapsed-weights.ts';
import { inSlots } from '../../src/notebooks/page/play.ts';
import { hierarchicalDrf, naiveHierarchicalDrf } from '../../src/policies/hierarchical-drf.ts';
import { maxMin } from '../../src/policies/max-min.ts';
import type { Policy, RoleOrder } from '../../src/policies/policy.ts';
import { weightedDrf } from '../../src/policies/weighted-drf.ts';
import { Replay } from '../../src/sim/replay.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import type { Workload } from '../../src/workload/workload.ts';

export interface TreeStudy {
  readonly seeds: number;
  readonly hours: number;
  readonly agents: number;
  readonly agent: ResourceAmounts;
  readonly slots: number;
  /** Tasks over all seeds, of one way that training needs CPUs. */
  readonly tasks: number;
  readonly leaves: readonly LeafFigures[];
  readonly clusters: readonly ClusterFigures[];
}

export type TreeScheduler = 'slots' | 'collapsed' | 'naive' | 'H-DRF';

/** Mean, least and most over the seeds. */
export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export interface LeafFigures {
  /** CPUs that a task of training takes beside its GPU. */
  readonly trainCpus: number;
  readonly scheduler: TreeScheduler;
  readonly leaf: string;
  /** What it is guaranteed of its dominant resource: its part, multiplied along its path. */
  readonly part: number;
  /** Dominant share while it has waiting tasks, in the hours of arrivals. */
  readonly share: Spread;
  /** Mean over its jobs, from submission to the first task's start. */
  readonly waitSeconds: Spread;
}

export interface ClusterFigures {
  readonly trainCpus: number;
  readonly scheduler: TreeScheduler;
  readonly cpus: Spread;
  readonly gpus: Spread;
  readonly makespanSeconds: Spread;
}

const SEEDS = 4;
const HOURS = 2;
const AGENTS = 25;
const AGENT = { cpus: 32, gpus: 8 };
/** Of 4 CPUs and a GPU, so that one holds any task. */
const SLOTS = 8;
const TASKS_PER_JOB = 20;
const TRAIN_CPUS = [0, 0.5];

interface Leaf {
  readonly role: string;
  readonly task: ResourceAmounts;
  readonly taskSeconds: number;
  /** Of the resource that its tasks need most of, as a part of the cluster. */
  readonly load: number;
}

/** `language` wants both resources, by different children; GPUs are wanted 1.3 times. */
const leavesOf = (trainCpus: number): readonly Leaf[] => [
  { role: 'language/prepare', task: { cpus: 4, gpus: 0 }, taskSeconds: 60, load: 1.1 },
  { role: 'language/train', task: { cpus: trainCpus, gpus: 1 }, taskSeconds: 120, load: 0.4 },
  { role: 'search', task: { cpus: 4, gpus: 0 }, taskSeconds: 30, load: 0.1 },
  { role: 'vision', task: { cpus: trainCpus, gpus: 1 }, taskSeconds: 120, load: 0.9 },
];

const PARTS = collapsedWeights(
  leavesOf(0).map(({ role }) => role),
  new Map(),
);

const slotOrder = maxMin('slots').order as RoleOrder;
const SCHEDULERS: readonly (readonly [TreeScheduler, Policy])[] = [
  ['slots', { ...maxMin('slots'), order: { ...slotOrder, tree: 'sum' } }],
  ['collapsed', weightedDrf],
  ['naive', naiveHierarchicalDrf],
  ['H-DRF', hierarchicalDrf],
];

/** Poisson arrivals of jobs of 1 to 39 tasks, exponential durations; the same jobs whatever CPUs training takes. */
function workload(seed: string, leaves: readonly Leaf[]): Workload {
  const builder = new WorkloadBuilder('a role tree');
  const jobs = leaves.flatMap(({ role, task, taskSeconds, load }) => {
    const random = stream(seed, role);
    const exponential = (mean: number) => -Math.log(1 - random()) * mean;
    const need = Math.max(task.cpus / AGENT.cpus, task.gpus / AGENT.gpus);
    const gapSeconds = (TASKS_PER_JOB * taskSeconds * need) / (AGENTS * load);
    const rows = [];
    for (let now = exponential(gapSeconds); now < HOURS * 3600; now += exponential(gapSeconds)) {
      const tasks = 1 + Math.floor(random() * (2 * TASKS_PER_JOB - 1));
      const durations = Array.from({ length: tasks }, () => secondsToUs(exponential(taskSeconds)));
      rows.push({ role, task, submitUs: secondsToUs(now), durations });
    }
    return rows;
  });
  for (const { role, task, submitUs, durations } of jobs) {
    builder.job({ role, submitUs });
    for (const durationUs of durations) builder.tasks(1, builder.request(task), durationUs);
  }
  return builder.finish(
    buildCluster(Array.from({ length: AGENTS }, (_, index) => ({ id: `agent-${index}`, resources: AGENT }))),
  );
}

interface Played {
  readonly shares: ReadonlyMap<string, number>;
  readonly waits: ReadonlyMap<string, number>;
  readonly cpus: number;
  readonly gpus: number;
  readonly makespanSeconds: number;
}

function play(work: Workload, scheduler: TreeScheduler, policy: Policy): Played {
  const workload = scheduler === 'slots' ? inSlots(work, SLOTS) : work;
  const replay = new Replay(workload, {
    seed: 'no draws',
    cluster: workload.cluster!,
    policy,
    weights: scheduler === 'collapsed' ? PARTS : new Map(),
    limits: new Map(),
    guarantees: new Map(),
    model: { kind: 'placement' },
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
  });
  while (!replay.advance(100_000));
  const { roles, metrics } = replay.summary();
  const { timeSeconds, role, waitingTasks, dominantShare } = replay.tables().rolesOverTime;
  const backlogged = (name: string) =>
    role.flatMap((other, row) =>
      other === name && waitingTasks[row] >= 1 && timeSeconds[row] < HOURS * 3600 ? [dominantShare[row]] : [],
    );
  return {
    shares: new Map(roles.map((figures) => [figures.role, meanOf(backlogged(figures.role))])),
    waits: new Map(roles.map((figures) => [figures.role, figures.waitSeconds!.mean])),
    cpus: metrics.utilisation.cpus,
    gpus: metrics.utilisation.gpus,
    makespanSeconds: metrics.makespanSeconds,
  };
}

export function treeStudy(): TreeStudy {
  const cells = TRAIN_CPUS.map((trainCpus) => {
    const works = Array.from({ length: SEEDS }, (_, index) =>
      workload(`tree-${index + 1}`, leavesOf(trainCpus)),
    );
    const played = SCHEDULERS.map(([scheduler, policy]) => ({
      trainCpus,
      scheduler,
      runs: works.map((work) => play(work, scheduler, policy)),
    }));
    return { tasks: works.reduce((sum, work) => sum + work.tasks.count, 0), played };
  });
  const played = cells.flatMap((cell) => cell.played);
  return {
    seeds: SEEDS,
    hours: HOURS,
    agents: AGENTS,
    agent: AGENT,
    slots: SLOTS,
    tasks: cells[0].tasks,
    leaves: played.flatMap(({ trainCpus, scheduler, runs }) =>
      [...PARTS].map(([leaf, part]) => ({
        trainCpus,
        scheduler,
        leaf,
        part,
        share: spread(runs.map(({ shares }) => shares.get(leaf)!)),
        waitSeconds: spread(runs.map(({ waits }) => waits.get(leaf)!)),
      })),
    ),
    clusters: played.map(({ trainCpus, scheduler, runs }) => ({
      trainCpus,
      scheduler,
      cpus: spread(runs.map(({ cpus }) => cpus)),
      gpus: spread(runs.map(({ gpus }) => gpus)),
      makespanSeconds: spread(runs.map(({ makespanSeconds }) => makespanSeconds)),
    })),
  };
}

function spread(values: readonly number[]): Spread {
  return { mean: meanOf(values), least: Math.min(...values), most: Math.max(...values) };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

if (import.meta.main) {
  const study = treeStudy();
  writeFileSync(new URL('hierarchical-drf.json', import.meta.url), `${JSON.stringify(study, null, 1)}\n`);
  const means = (row: object) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, typeof value === 'object' ? value.mean : value]),
    );
  console.table(study.leaves.map(means));
  console.table(study.clusters.map(means));
}
