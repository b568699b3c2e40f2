/**
 * Backfilling on archive logs (Mu'alem & Feitelson, TPDS 2001): NASA iPSC/860, a slice of HPC2N, and the model of Lublin and
 * Feitelson, replayed in order of arrival, with EASY and conservative backfilling, and shortest first with EASY; over load,
 * by classes of jobs, week by week, and with other estimates. `node notebooks/studies/backfilling.ts` writes
 * backfilling.json beside it; MESOLAB_TRACES names the folder of traces.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MILLI } from '../../src/cluster/resources.ts';
import { stream } from '../../src/cluster/streams.ts';
import { meanInterval } from '../../src/experiments/mean-interval.ts';
import { TraceSource } from '../../src/files/trace-source.ts';
import type { JobTable } from '../../src/metrics/tables.ts';
import { playPolicy } from '../../src/notebooks/play-policy.ts';
import { loadTrace } from '../../src/workload/load-trace.ts';
import { scaleArrivals } from '../../src/workload/scale-arrivals.ts';
import { jobTasks, type Workload } from '../../src/workload/workload.ts';

export interface LoadRow {
  readonly log: string;
  readonly policy: string;
  /** Work of all jobs ÷ (processors × time from the first submission to the last). */
  readonly load: number;
  /** Of jobs. */
  readonly meanWaitSeconds: number;
  readonly meanSlowdown: number;
}

export interface ClassRow {
  readonly policy: string;
  /** Processors. */
  readonly width: string;
  readonly length: string;
  readonly jobs: number;
  /** Of the jobs of the class. */
  readonly meanSlowdown: number;
}

export interface WeekRow {
  readonly log: string;
  readonly policy: string;
  /** In which anybody waited. */
  readonly weeks: number;
  /** Those in which jobs waited less than in order of arrival. */
  readonly weeksWithLess: number;
  /** Of (the policy's mean wait − that in order of arrival) over the weeks. */
  readonly meanSeconds: number;
  /** Of a 95 % t-interval. */
  readonly halfWidthSeconds: number;
}

export interface EstimateRow {
  readonly policy: string;
  readonly estimates: string;
  readonly meanWaitSeconds: number;
  readonly meanSlowdown: number;
}

export interface BackfillingStudy {
  readonly loads: readonly LoadRow[];
  readonly classes: readonly ClassRow[];
  readonly weeks: readonly WeekRow[];
  readonly estimates: readonly EstimateRow[];
}

/** The others are compared with the first. */
const POLICIES = ['fifo', 'easy', 'conservative', 'sjf:backfill=easy'];
const LOGS = [
  { log: 'NASA iPSC/860', file: 'NASA-iPSC-1993-3.1-cln.swf.gz', factors: [1, 1.25, 1.5] },
  { log: 'HPC2N', file: 'hpc2n-slice.swf.gz', factors: [0.75, 1, 1.25, 1.5] },
  { log: 'Lublin & Feitelson', file: 'lublin_256.swf.gz', factors: [0.3, 0.4, 0.5] },
] as const;
const ESTIMATED_LOG = 'HPC2N';
const WEEK_SECONDS = 7 * 86_400;
const WIDTHS = [1, 8, 32, Number.POSITIVE_INFINITY];
const LENGTHS = [
  ['to 10 min', 600],
  ['to 1 h', 3600],
  ['to 8 h', 8 * 3600],
  ['longer', Number.POSITIVE_INFINITY],
] as const;

/** @param folder of traces, with swf/ in it */
export async function backfillingStudy(folder: string): Promise<BackfillingStudy> {
  const logs = await Promise.all(
    LOGS.map(async (entry) => {
      const { workload } = await loadTrace(new TraceSource(join(folder, 'swf', entry.file)));
      return { ...entry, workload };
    }),
  );
  const estimated = logs.find(({ log }) => log === ESTIMATED_LOG)!.workload;
  const scaled = logs.flatMap(({ log, workload, factors }) =>
    factors.map((factor, place) => playLog(log, scaleArrivals(workload, factor), place)),
  );
  return {
    loads: scaled.flatMap(({ log, load, tables }) =>
      tables.map(([policy, jobs]) => ({ log, policy, load, ...meansOf(jobs) })),
    ),
    classes: POLICIES.flatMap((policy) => classRows(estimated, policy)),
    // Where anybody waits.
    weeks: scaled.filter(({ place }) => place === 1).flatMap(weekRows),
    estimates: estimateRows(estimated),
  };
}

interface PlayedLog {
  readonly log: string;
  readonly load: number;
  /** Of the load among those of the log. */
  readonly place: number;
  readonly tables: readonly (readonly [policy: string, jobs: JobTable])[];
}

function playLog(log: string, workload: Workload, place: number): PlayedLog {
  return {
    log,
    load: loadOf(workload),
    place,
    tables: POLICIES.map((policy) => [policy, jobsOf(workload, policy)]),
  };
}

const jobsOf = (workload: Workload, policy: string): JobTable =>
  playPolicy(workload, policy, { seed: '1' }).tables.jobs;

function meansOf({ waitSeconds, boundedSlowdown }: JobTable): {
  meanWaitSeconds: number;
  meanSlowdown: number;
} {
  return { meanWaitSeconds: mean(waitSeconds), meanSlowdown: mean(boundedSlowdown) };
}

function loadOf(workload: Workload): number {
  const { jobs, tasks, resources, requests, cluster } = workload;
  const cpus = resources.indexOf('cpus');
  let workUs = 0;
  for (let task = 0; task < tasks.count; task++)
    workUs +=
      (requests.demand[tasks.request[task] * resources.length + cpus] / MILLI) * tasks.durationUs[task];
  const column = cluster!.resources.indexOf('cpus');
  let processors = 0;
  for (let agent = 0; agent < cluster!.agentIds.length; agent++)
    processors += cluster!.total[agent * cluster!.resources.length + column] / MILLI;
  return workUs / (processors * (jobs.submitUs[jobs.count - 1] - jobs.submitUs[0]));
}

/** By processors and by how long jobs run, as they are and not as they were estimated. */
function classRows(workload: Workload, policy: string): ClassRow[] {
  const table = jobsOf(workload, policy);
  const groups = new Map<string, number[]>();
  for (let job = 0; job < workload.jobs.count; job++) {
    const [first, end] = jobTasks(workload, job);
    const seconds = workload.tasks.durationUs[first] / 1e6;
    const width = WIDTHS.findIndex((most) => end - first <= most);
    const length = LENGTHS.findIndex(([, most]) => seconds <= most);
    const key = `${width} ${length}`;
    groups.set(key, [...(groups.get(key) ?? []), table.boundedSlowdown[job]]);
  }
  return [...groups].sort().map(([key, slowdowns]) => {
    const [width, length] = key.split(' ').map(Number);
    return {
      policy,
      width: widthName(width),
      length: LENGTHS[length][0],
      jobs: slowdowns.length,
      meanSlowdown: mean(slowdowns),
    };
  });
}

function widthName(place: number): string {
  const least = place === 0 ? 1 : WIDTHS[place - 1] + 1;
  if (WIDTHS[place] === Number.POSITIVE_INFINITY) return `${least} or more`;
  return least === WIDTHS[place] ? String(least) : `${least}–${WIDTHS[place]}`;
}

/** Weeks of one log are no independent samples, but nearer to it than its jobs are. */
function weekRows({ log, tables: [[, fcfs], ...others] }: PlayedLog): WeekRow[] {
  const base = weeklyWaits(fcfs);
  return others.map(([policy, jobs]) => {
    const waits = weeklyWaits(jobs);
    const differences = [...base].flatMap(([week, wait]) => (wait > 0 ? [waits.get(week)! - wait] : []));
    const { mean: meanSeconds, halfWidth } = meanInterval(differences, 0.95);
    return {
      log,
      policy,
      weeks: differences.length,
      weeksWithLess: differences.filter((difference) => difference < 0).length,
      meanSeconds,
      halfWidthSeconds: halfWidth,
    };
  });
}

function weeklyWaits({ submitSeconds, waitSeconds }: JobTable): Map<number, number> {
  const weeks = new Map<number, number[]>();
  submitSeconds.forEach((submit, job) => {
    const week = Math.floor(submit / WEEK_SECONDS);
    weeks.set(week, [...(weeks.get(week) ?? []), waitSeconds[job]]);
  });
  return new Map([...weeks].map(([week, waits]) => [week, mean(waits)]));
}

function estimateRows(workload: Workload): EstimateRow[] {
  const random = stream('backfilling', 'estimates');
  const run = Float64Array.from({ length: workload.jobs.count }, (_, job) => {
    const [first] = jobTasks(workload, job);
    return workload.tasks.durationUs[first];
  });
  const variants: readonly (readonly [string, Float64Array])[] = [
    ['the users’ own', workload.jobs.estimateUs],
    ['exact', run],
    ['doubled', run.map((us) => 2 * us)],
    ['five times', run.map((us) => 5 * us)],
    ['drawn, up to five times', run.map((us) => us * (1 + 4 * random()))],
  ];
  return variants.flatMap(([estimates, estimateUs]) =>
    POLICIES.slice(1).map((policy) => ({
      policy,
      estimates,
      ...meansOf(jobsOf({ ...workload, jobs: { ...workload.jobs, estimateUs } }, policy)),
    })),
  );
}

const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
};

if (import.meta.main) {
  const folder = process.env.MESOLAB_TRACES ?? join(import.meta.dirname, '../../../shared/traces');
  const study = await backfillingStudy(folder);
  writeFileSync(new URL('backfilling.json', import.meta.url), `${JSON.stringify(study, null, 1)}\n`);
  for (const rows of Object.values(study)) console.table(rows);
}
