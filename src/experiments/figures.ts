/** The figures of a run that an experiment compares: of jobs after the warm-up, and of the whole run. */
import type { RunSummary } from '../metrics/summary.ts';
import type { RunTables } from '../metrics/tables.ts';
import { warmUpCount } from './warm-up.ts';

export type Figures = Readonly<Record<string, number>>;

/** Names of figures that are lower where a run is better. */
export const JOB_FIGURES = [
  'waitMean',
  'waitP50',
  'waitP99',
  'responseMean',
  'slowdownMean',
  'slowdownP99',
] as const;

export const RUN_FIGURES = [
  'makespan',
  'unplaced',
  'jainIndex',
  'belowEntitlement',
  'preemptions',
  'lostAttempts',
] as const;

const TITLES: Readonly<Record<string, string>> = {
  waitMean: 'mean wait of a job (s)',
  waitP50: 'median wait of a job (s)',
  waitP99: 'p99 wait of a job (s)',
  responseMean: 'mean response time of a job (s)',
  slowdownMean: 'mean bounded slowdown',
  slowdownP99: 'p99 bounded slowdown',
  makespan: 'makespan (s)',
  unplaced: 'tasks unplaced',
  jainIndex: 'Jain’s index',
  belowEntitlement: 'below entitlement (share × s)',
  lostAttempts: 'lost attempts',
};

/** What charts call a figure, with its unit. */
export function figureTitle(name: string): string {
  const [, resource] = /^utilisation\.(.+)$/.exec(name) ?? [];
  return resource === undefined ? (TITLES[name] ?? name) : `utilisation of ${resource} (ratio)`;
}

/** @param warmUpSeconds of jobs that came before; `auto`: found in the waits of this run */
export function figuresOf(
  { metrics }: Pick<RunSummary, 'metrics'>,
  { jobs }: Pick<RunTables, 'jobs'>,
  warmUpSeconds: number | 'auto',
): Figures {
  const byTime = [...jobs.submitSeconds.keys()].sort((a, b) => jobs.submitSeconds[a] - jobs.submitSeconds[b]);
  const started = byTime.filter((job) => Number.isFinite(jobs.waitSeconds[job]));
  const first = byTime.length > 0 ? jobs.submitSeconds[byTime[0]] : 0;
  const left =
    warmUpSeconds === 'auto'
      ? warmUpCount(Float64Array.from(started, (job) => jobs.waitSeconds[job]))
      : started.findIndex((job) => jobs.submitSeconds[job] - first >= warmUpSeconds);
  const counted = left < 0 ? [] : started.slice(left);
  const over = (column: Float64Array) =>
    Float64Array.from(counted.map((job) => column[job]).filter(Number.isFinite)).sort();
  const [waits, responses, slowdowns] = [
    over(jobs.waitSeconds),
    over(jobs.responseSeconds),
    over(jobs.boundedSlowdown),
  ];
  return {
    jobsCounted: counted.length,
    waitMean: mean(waits),
    waitP50: quantile(waits, 0.5),
    waitP99: quantile(waits, 0.99),
    responseMean: mean(responses),
    slowdownMean: mean(slowdowns),
    slowdownP99: quantile(slowdowns, 0.99),
    makespan: metrics.makespanSeconds,
    unplaced: metrics.unplaced,
    jainIndex: metrics.jainIndex ?? Number.NaN,
    belowEntitlement: metrics.belowEntitlementShareSeconds,
    preemptions: metrics.preemptions,
    lostAttempts: metrics.lostAttempts,
    ...Object.fromEntries(
      Object.entries(metrics.utilisation).map(([name, value]) => [`utilisation.${name}`, value]),
    ),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Nearest rank, as elsewhere (docs/metrics.md). */
function quantile(sorted: Float64Array, part: number): number {
  return sorted.length === 0 ? Number.NaN : sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
}
