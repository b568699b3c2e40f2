/**
 * DRF against fair sharing of slots on a Facebook-like mix (the question of Ghodsi et al., NSDI 2011, §7): how much sooner
 * jobs of each size end, and how much of the cluster is used, with more and less slots an agent.
 * `node notebooks/studies/drf.ts` writes drf.json beside it.
 */
import { writeFileSync } from 'node:fs';
import { toMilli } from '../../src/cluster/resources.ts';
import { pairedDifference } from '../../src/experiments/paired-difference.ts';
import { play } from '../../src/notebooks/page/play.ts';
import type { Run } from '../../src/results/run.ts';
import { facebook2010Model } from '../../src/workload/generate/facebook-2010-model.ts';
import { generateWorkload } from '../../src/workload/generate/generate.ts';

export interface DrfStudy {
  readonly seeds: number;
  readonly tasks: number;
  readonly agents: number;
  readonly load: number;
  /** By who shares, then by number of slots, then by size of the jobs. */
  readonly reductions: readonly Reduction[];
  readonly schedulers: readonly SchedulerFigures[];
  /** Where jobs share. */
  readonly longWaits: readonly LongWaits[];
}

/** To whom the schedulers are fair. */
export type Sharers = 'teams' | 'jobs';

export interface Reduction {
  readonly sharers: Sharers;
  readonly slots: number;
  readonly sizes: string;
  /** Jobs of this size, over all seeds. */
  readonly jobs: number;
  /** Of the mean time from submission to end: how much shorter it is under DRF, as a part of that under slots. */
  readonly mean: number;
  /** Half of the 95 % interval over the seeds. */
  readonly halfWidth: number;
}

/** Small jobs that wait for more than a minute, over all seeds. */
export interface LongWaits {
  /** `null`: DRF. */
  readonly slots: number | null;
  /** `light`: of one CPU and little memory; `heavy`: of two, or of much memory. */
  readonly tasks: 'light' | 'heavy';
  readonly jobs: number;
  readonly long: number;
}

/** Means over the seeds. */
export interface SchedulerFigures {
  readonly sharers: Sharers;
  /** `null`: DRF. */
  readonly slots: number | null;
  readonly cpus: number;
  readonly mem: number;
  readonly responseSeconds: number;
  readonly makespanSeconds: number;
}

const SEEDS = 12;
const SETTINGS = { model: 'facebook-2010', tasks: 30_000, agents: 50, load: 0.9 };
/** With 8, a slot has one CPU, the least that tasks take: more differ no longer. */
const SLOTS = [2, 4, 8];
/** Bins of the workload's table of sizes, put together. */
const SIZES: readonly (readonly [least: number, most: number])[] = [
  [1, 20],
  [21, 150],
  [151, 500],
  [501, 1500],
  [1501, 8099],
];
export function drfStudy(): DrfStudy {
  const parts = (['teams', 'jobs'] as const).map(compare);
  return {
    seeds: SEEDS,
    tasks: SETTINGS.tasks,
    agents: SETTINGS.agents,
    load: SETTINGS.load,
    reductions: parts.flatMap(({ reductions }) => reductions),
    schedulers: parts.flatMap(({ schedulers }) => schedulers),
    longWaits: parts[1].longWaits,
  };
}

function compare(sharers: Sharers): Pick<DrfStudy, 'reductions' | 'schedulers' | 'longWaits'> {
  const settings = Array.from({ length: SEEDS }, (_, index) => ({
    ...SETTINGS,
    seed: `drf-${index + 1}`,
    // All teams are entitled to the same.
    weights: { ads: 1 },
    jobsAsRoles: sharers === 'jobs',
  }));
  const drf = settings.map((given) => play({ ...given, policies: ['drf'] })[0]);
  const bySlots = SLOTS.map((slots) => ({
    slots,
    runs: settings.map((given) => play({ ...given, slots, policies: ['maxmin:resource=slots'] })[0]),
  }));
  const all = [{ slots: null, runs: drf }, ...bySlots];
  return {
    reductions: bySlots.flatMap(({ slots, runs }) =>
      SIZES.map(([least, most]) => ({
        sharers,
        slots,
        sizes: `${least}–${most}`,
        ...reduction(drf, runs, least, most),
      })),
    ),
    schedulers: all.map(({ slots, runs }) => ({ sharers, slots, ...figures(runs) })),
    longWaits: all.flatMap(({ slots, runs }) => longWaits(slots, runs)),
  };
}

function reduction(drf: readonly Run[], slots: readonly Run[], least: number, most: number) {
  const meanOf = (run: Run) => mean(responses(run, least, most));
  const { mean: change, halfWidth } = pairedDifference(slots.map(meanOf), drf.map(meanOf), 0.95);
  const jobs = drf.reduce((sum, run) => sum + responses(run, least, most).length, 0);
  return { jobs, mean: -change, halfWidth };
}

const LONG_SECONDS = 60;

function longWaits(slots: number | null, runs: readonly Run[]): LongWaits[] {
  const counts = { light: { jobs: 0, long: 0 }, heavy: { jobs: 0, long: 0 } };
  for (const { manifest, tables } of runs) {
    const isLight = areLight(manifest.seed);
    tables.jobs.tasks.forEach((tasks, job) => {
      if (tasks > SIZES[0][1]) return;
      const count = counts[isLight[job] ? 'light' : 'heavy'];
      count.jobs++;
      if (tables.jobs.waitSeconds[job] > LONG_SECONDS) count.long++;
    });
  }
  return (['light', 'heavy'] as const).map((tasks) => ({ slots, tasks, ...counts[tasks] }));
}

const LIGHT = { cpus: 1, mem: 1536 };

/** By job: whether its tasks take no more than a light one. */
function areLight(seed: string): boolean[] {
  const { requests, tasks, stages, jobs, resources } = generateWorkload(facebook2010Model, seed, SETTINGS);
  const light = resources.map((name) => toMilli(LIGHT[name as keyof typeof LIGHT]));
  return Array.from(jobs.role, (_, job) => {
    const request = tasks.request[stages.firstTask[jobs.firstStage[job]]];
    return light.every((amount, r) => requests.demand[request * resources.length + r] <= amount);
  });
}

/** Of the jobs with `least` to `most` tasks. */
function responses({ tables: { jobs } }: Run, least: number, most: number): number[] {
  return [...jobs.responseSeconds].filter((_, job) => jobs.tasks[job] >= least && jobs.tasks[job] <= most);
}

function figures(runs: readonly Run[]) {
  const over = (value: (metrics: Run['summary']['metrics']) => number) =>
    mean(runs.map(({ summary }) => value(summary.metrics)));
  return {
    cpus: over(({ utilisation }) => utilisation.cpus),
    mem: over(({ utilisation }) => utilisation.mem),
    responseSeconds: over(({ responseSeconds }) => responseSeconds!.mean),
    makespanSeconds: over(({ makespanSeconds }) => makespanSeconds),
  };
}

/** NaN of none. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

if (import.meta.main) {
  const study = drfStudy();
  writeFileSync(new URL('drf.json', import.meta.url), `${JSON.stringify(study, null, 1)}\n`);
  console.table(study.reductions);
  console.table(study.schedulers);
  console.table(study.longWaits);
}
