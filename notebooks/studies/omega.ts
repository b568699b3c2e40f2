/**
 * Omega's comparison (Schwarzkopf et al., EuroSys 2013, §4): a batch and a service framework share a cluster while the
 * service scheduler's decisions take longer and longer, under one scheduler for all (every decision slow, or only those of
 * service jobs), two-level offers, and shared state; then shared state alone under more load, and with the batch jobs shared
 * out among more schedulers. `node notebooks/studies/omega.ts` writes omega.json beside it.
 */
import { writeFileSync } from 'node:fs';
import { buildCluster } from '../../src/cluster/cluster.ts';
import { MILLI } from '../../src/cluster/resources.ts';
import { stream } from '../../src/cluster/streams.ts';
import type { RunSummary } from '../../src/metrics/summary.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import type { AllocationModel } from '../../src/sim/options.ts';
import { Replay } from '../../src/sim/replay.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import type { Workload } from '../../src/workload/workload.ts';

export interface OmegaRow {
  readonly model: string;
  /** Of a service job. */
  readonly decisionSeconds: number;
  readonly role: 'batch' | 'service';
  /** Mean over the jobs, from submission to the first task's start. */
  readonly waitSeconds: number;
  /** Part of the hours of arrivals that the role's scheduler spent deciding; more than 1: it lags behind ever further. */
  readonly busy: number | null;
  /** Part of the claims that were in vain. */
  readonly conflicts: number;
  readonly unplaced: number;
}

/** Shared state; decisions take 30 s for service jobs. */
export interface OmegaConflictRow {
  /** Part of the cluster's cpus that tasks ask for, mean over the hours of arrivals. */
  readonly load: number;
  readonly batchSchedulers: number;
  readonly transactions: number;
  /** Those in which a claim was in vain. */
  readonly conflicted: number;
  readonly batchWaitSeconds: number;
  readonly serviceWaitSeconds: number;
}

export interface OmegaStudy {
  readonly decisions: readonly OmegaRow[];
  readonly loads: readonly OmegaConflictRow[];
  readonly schedulers: readonly OmegaConflictRow[];
}

const SECOND = 1e6;
const HOUR = 3600 * SECOND;
const HOURS = 2;
const AGENTS = 150;
const CPUS = 16;
const BATCH_DECISION = 0.1 * SECOND;
const TASK_DECISION = 0.005 * SECOND;
const DECISIONS = [0.1, 1, 5, 20, 60];
const BATCH_RATES = [1, 1.5, 2, 2.5, 3];
const BATCH_SCHEDULERS = [1, 2, 4, 8];
const CONFLICT_DECISION = 30 * SECOND;

/**
 * Many short batch jobs of ten tasks, few long service jobs of twenty, as in §4.
 * @param rate of batch jobs; 1: one in four seconds @param batchRoles among which they take turns, for a scheduler each
 */
function workload(rate = 1, batchRoles = 1): Workload {
  const builder = new WorkloadBuilder('omega');
  const small = builder.request({ cpus: 1, mem: 2048 }, null);
  const large = builder.request({ cpus: 2, mem: 6144 }, null);
  const draw = (name: string) => stream('omega', name);
  const arrivals = (name: string, mean: number) => {
    const random = draw(name);
    const times: number[] = [];
    for (let now = 0; ; ) {
      now += -Math.log(1 - random()) * mean;
      if (now > HOURS * HOUR) return times;
      times.push(now);
    }
  };
  const exponential = (random: () => number, mean: number) =>
    Math.max(SECOND, -Math.log(1 - random()) * mean);
  const [batch, service] = [draw('batch durations'), draw('service durations')];
  const jobs = [
    ...arrivals('batch', (4 * SECOND) / rate).map((submitUs, job) => ({
      role: batchRoles === 1 ? 'batch' : `batch-${job % batchRoles}`,
      submitUs,
    })),
    ...arrivals('service', 60 * SECOND).map((submitUs) => ({ role: 'service', submitUs })),
  ].sort((a, b) => a.submitUs - b.submitUs);
  for (const { role, submitUs } of jobs) {
    builder.job({ role, submitUs: Math.round(submitUs) });
    const isBatch = role !== 'service';
    for (let task = 0; task < (isBatch ? 10 : 20); task++)
      builder.tasks(
        1,
        isBatch ? small : large,
        Math.round(isBatch ? exponential(batch, 180 * SECOND) : exponential(service, 1800 * SECOND)),
      );
  }
  return builder.finish(null, new Map());
}

function models(serviceUs: number): readonly (readonly [string, AllocationModel])[] {
  const service = new Map([['service', serviceUs]]);
  const shared = { kind: 'shared-state', taskUs: TASK_DECISION } as const;
  return [
    ['monolithic, single path', { ...shared, schedulers: 'one', jobUs: serviceUs, roleJobUs: new Map() }],
    ['monolithic, multi-path', { ...shared, schedulers: 'one', jobUs: BATCH_DECISION, roleJobUs: service }],
    [
      'two-level',
      {
        kind: 'offers',
        intervalUs: SECOND,
        decisionUs: BATCH_DECISION,
        roleDecisionUs: service,
        holdUs: Number.POSITIVE_INFINITY,
        refuseUs: 5 * SECOND,
      },
    ],
    ['shared state', { ...shared, schedulers: 'role', jobUs: BATCH_DECISION, roleJobUs: service }],
  ];
}

const cluster = buildCluster(
  Array.from({ length: AGENTS }, (_, index) => ({
    id: `agent-${index}`,
    resources: { cpus: CPUS, mem: 65_536 },
  })),
);

function play(work: Workload, model: AllocationModel): RunSummary {
  const replay = new Replay(work, {
    seed: 'omega',
    cluster,
    // Schedulers choose at random among agents with room, as Omega's do.
    policy: parsePolicy('drf:fit=random'),
    weights: new Map(),
    limits: new Map(),
    guarantees: new Map(),
    model,
    failures: null,
    untilUs: 6 * HOURS * HOUR,
    isChecked: false,
  });
  while (!replay.advance(10_000));
  return replay.summary();
}

export function omegaStudy(): OmegaStudy {
  return {
    decisions: DECISIONS.flatMap(decisionRows),
    loads: BATCH_RATES.map((rate) => conflictRow(rate, 1)),
    schedulers: BATCH_SCHEDULERS.map((schedulers) => conflictRow(2, schedulers)),
  };
}

function decisionRows(decisionSeconds: number): OmegaRow[] {
  const work = workload();
  return models(decisionSeconds * SECOND).flatMap(([model, rules]) => {
    const { roles, sharedState } = play(work, rules);
    return roles.map((role): OmegaRow => {
      const deciding = sharedState?.decidingSeconds[role.role];
      return {
        model,
        decisionSeconds,
        role: role.role as OmegaRow['role'],
        waitSeconds: role.waitSeconds?.mean ?? Number.NaN,
        busy: deciding === undefined ? null : deciding / (HOURS * 3600),
        conflicts: sharedState === undefined ? 0 : sharedState.conflicts / sharedState.claims,
        unplaced: role.unplaced,
      };
    });
  });
}

function conflictRow(rate: number, batchSchedulers: number): OmegaConflictRow {
  const work = workload(rate, batchSchedulers);
  const { roles, sharedState } = play(work, {
    kind: 'shared-state',
    schedulers: 'role',
    jobUs: BATCH_DECISION,
    roleJobUs: new Map([['service', CONFLICT_DECISION]]),
    taskUs: TASK_DECISION,
  });
  const waitOf = (some: typeof roles) =>
    some.reduce((sum, { waitSeconds, jobs }) => sum + (waitSeconds?.mean ?? 0) * jobs, 0) /
    some.reduce((sum, { jobs }) => sum + jobs, 0);
  return {
    load: loadOf(work),
    batchSchedulers,
    transactions: sharedState!.transactions,
    conflicted: sharedState!.conflicted,
    batchWaitSeconds: waitOf(roles.filter(({ role }) => role !== 'service')),
    serviceWaitSeconds: waitOf(roles.filter(({ role }) => role === 'service')),
  };
}

function loadOf({ resources, requests, tasks }: Workload): number {
  const cpus = resources.indexOf('cpus');
  let asked = 0;
  for (let task = 0; task < tasks.count; task++)
    asked +=
      (requests.demand[tasks.request[task] * resources.length + cpus] / MILLI) * tasks.durationUs[task];
  return asked / (HOURS * HOUR * AGENTS * CPUS);
}

if (import.meta.main) {
  const study = omegaStudy();
  writeFileSync(new URL('omega.json', import.meta.url), `${JSON.stringify(study, null, 1)}\n`);
  for (const rows of Object.values(study)) console.table(rows);
}
