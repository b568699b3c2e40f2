/**
 * Backfilling on archive logs (Mu'alem & Feitelson, TPDS 2001): NASA iPSC/860, a slice of HPC2N, and the model of Lublin and
 * Feitelson, replayed in order of arrival, with EASY and conservative backfilling, and shortest first without and with EASY;
 * over load, with intervals from the logs' weeks, by classes of jobs, and with other estimates. `node notebooks/studies/backfilling.ts` writes
 * backfilling.json beside it; MESOLAB_TRACES names the folder of traces.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MILLI } from '../../src/cluster/resources.ts';
import { stream } from '../../src/cluster/streams.ts';
import { TraceSource } from '../../src/files/trace-source.ts';
import type { JobTable } from '../../src/metrics/tables.ts';
import { playPolicy } from '../../src/notebooks/play-policy.ts';
import { firstJobs } from '../../src/workload/leading-jobs.ts';
import { loadTrace } from '../../src/workload/load-trace.ts';
import { scaleArrivals } from '../../src/workload/scale-arrivals.ts';
import { jobTasks, type Workload } from '../../src/workload/workload.ts';
import { blockBootstrap, type Change } from './block-bootstrap.ts';

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
  readonly meanWaitSeconds: number;
  readonly meanSlowdown: number;
}

/** A policy against another on the same jobs; intervals by bootstrap over the log's weeks. */
export interface ChangeRow {
  readonly log: string;
  readonly load: number;
  readonly base: string;
  readonly policy: string;
  /** Of the log, at its own load. */
  readonly weeks: number;
  readonly wait: Change;
  readonly slowdown: Change;
}

export interface EstimateRow {
  readonly policy: string;
  readonly estimates: string;
  readonly meanWaitSeconds: number;
  readonly meanSlowdown: number;
}

/** How users of a log estimate. */
export interface EstimateQuality {
  readonly jobs: number;
  /** Estimate ÷ run time: of a quarter of the jobs at most this, and so on. */
  readonly quartiles: readonly number[];
  /** Part of the jobs whose estimate is among the twenty most common. */
  readonly commonest: number;
}

export interface BackfillingStudy {
  readonly loads: readonly LoadRow[];
  readonly changes: readonly ChangeRow[];
  readonly classes: readonly ClassRow[];
  readonly estimates: readonly EstimateRow[];
  readonly quality: EstimateQuality;
}

const POLICIES = ['fifo', 'easy', 'conservative', 'sjf', 'sjf:backfill=easy'];
const COMPARED = [...POLICIES.slice(1).map((policy) => ['fifo', policy]), ['easy', 'conservative']];
const ALL = Number.POSITIVE_INFINITY;
const LOGS = [
  { log: 'NASA iPSC/860', file: 'NASA-iPSC-1993-3.1-cln.swf.gz', jobs: ALL, factors: [1, 1.25, 1.5] },
  { log: 'HPC2N', file: 'hpc2n-slice.swf.gz', jobs: ALL, factors: [0.75, 1, 1.25, 1.5] },
  { log: 'Lublin & Feitelson', file: 'lublin_256.swf.gz', jobs: 5000, factors: [0.3, 0.4, 0.5] },
] as const;
const ESTIMATED_LOG = 'HPC2N';
const WEEK_US = 7 * 86_400e6;
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
      return { ...entry, workload: firstJobs(workload, entry.jobs) };
    }),
  );
  const played = logs.flatMap(({ log, workload, factors }) =>
    factors.map((factor) => playLog(log, workload, factor)),
  );
  const asLogged = played.find(({ log, factor }) => log === ESTIMATED_LOG && factor === 1)!;
  return {
    loads: played.flatMap(({ log, load, tables }) =>
      POLICIES.map((policy) => ({ log, policy, load, ...meansOf(tables.get(policy)!) })),
    ),
    changes: played.flatMap(changeRows),
    classes: POLICIES.flatMap((policy) => classRows(asLogged, policy)),
    estimates: estimateRows(asLogged),
    quality: estimateQuality(asLogged.workload),
  };
}

interface PlayedLog {
  readonly log: string;
  /** At its own load. */
  readonly workload: Workload;
  readonly factor: number;
  readonly load: number;
  /** By policy. */
  readonly tables: ReadonlyMap<string, JobTable>;
}

function playLog(log: string, workload: Workload, factor: number): PlayedLog {
  const scaled = scaleArrivals(workload, factor);
  const tables = new Map(POLICIES.map((policy) => [policy, jobsOf(scaled, policy)]));
  return { log, workload, factor, load: loadOf(scaled), tables };
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

function changeRows({ log, load, workload: { jobs }, tables }: PlayedLog): ChangeRow[] {
  const weekOf = Int32Array.from(jobs.submitUs, (us) => Math.floor((us - jobs.submitUs[0]) / WEEK_US));
  return COMPARED.map(([base, policy]) => {
    const [before, after] = [tables.get(base)!, tables.get(policy)!];
    return {
      log,
      load,
      base,
      policy,
      weeks: new Set(weekOf).size,
      wait: blockBootstrap(before.waitSeconds, after.waitSeconds, weekOf),
      slowdown: blockBootstrap(before.boundedSlowdown, after.boundedSlowdown, weekOf),
    };
  });
}

/** By processors and by how long jobs run, as they are and not as they were estimated. */
function classRows({ workload, tables }: PlayedLog, policy: string): ClassRow[] {
  const table = tables.get(policy)!;
  return WIDTHS.flatMap((_, width) =>
    LENGTHS.map(([name], length) => {
      const jobs = jobNumbers(workload).filter((job) => {
        const [first, end] = jobTasks(workload, job);
        const seconds = workload.tasks.durationUs[first] / 1e6;
        return (
          WIDTHS.findIndex((most) => end - first <= most) === width &&
          LENGTHS.findIndex(([, most]) => seconds <= most) === length
        );
      });
      return {
        policy,
        width: widthName(width),
        length: name,
        jobs: jobs.length,
        meanWaitSeconds: mean(jobs.map((job) => table.waitSeconds[job])),
        meanSlowdown: mean(jobs.map((job) => table.boundedSlowdown[job])),
      };
    }),
  );
}

const jobNumbers = ({ jobs }: Workload): number[] => Array.from({ length: jobs.count }, (_, job) => job);

function widthName(place: number): string {
  const least = place === 0 ? 1 : WIDTHS[place - 1] + 1;
  if (WIDTHS[place] === Number.POSITIVE_INFINITY) return `${least} or more`;
  return least === WIDTHS[place] ? String(least) : `${least}–${WIDTHS[place]}`;
}

function estimateRows({ workload, tables }: PlayedLog): EstimateRow[] {
  const random = stream('backfilling', 'estimates');
  const run = runTimesUs(workload);
  const longest = workload.jobs.estimateUs.reduce((most, us) => Math.max(most, us), 0);
  const variants: readonly (readonly [string, Float64Array])[] = [
    ['exact', run],
    ['doubled', run.map((us) => 2 * us)],
    ['five times', run.map((us) => 5 * us)],
    ['drawn, 1 to 5 times', run.map((us) => us * (1 + 4 * random()))],
    ['all the longest', run.map(() => longest)],
  ];
  const policies = POLICIES.slice(1);
  return [
    ...policies.map((policy) => ({ policy, estimates: 'the users’ own', ...meansOf(tables.get(policy)!) })),
    ...variants.flatMap(([estimates, estimateUs]) =>
      policies.map((policy) => ({
        policy,
        estimates,
        ...meansOf(jobsOf({ ...workload, jobs: { ...workload.jobs, estimateUs } }, policy)),
      })),
    ),
  ];
}

function estimateQuality(workload: Workload): EstimateQuality {
  const { estimateUs, count } = workload.jobs;
  const ratios = runTimesUs(workload)
    .map((us, job) => estimateUs[job] / us)
    .sort();
  const uses = new Map<number, number>();
  for (const us of estimateUs) uses.set(us, (uses.get(us) ?? 0) + 1);
  const commonest = [...uses.values()].sort((a, b) => b - a).slice(0, 20);
  return {
    jobs: count,
    quartiles: [0.25, 0.5, 0.75].map((part) => ratios[Math.floor(part * count)]),
    commonest: commonest.reduce((sum, jobs) => sum + jobs, 0) / count,
  };
}

const runTimesUs = (workload: Workload): Float64Array =>
  Float64Array.from({ length: workload.jobs.count }, (_, job) => {
    const [first] = jobTasks(workload, job);
    return workload.tasks.durationUs[first];
  });

const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
};

const text = ({ change, low, high }: Change) =>
  [change, low, high].map((part) => (100 * part).toFixed(1)).join(' / ');

if (import.meta.main) {
  const folder = process.env.MESOLAB_TRACES ?? join(import.meta.dirname, '../../../shared/traces');
  const study = await backfillingStudy(folder);
  writeFileSync(new URL('backfilling.json', import.meta.url), `${JSON.stringify(study, null, 1)}\n`);
  const { quality, changes, ...tables } = study;
  for (const rows of Object.values(tables)) console.table(rows);
  console.table(
    changes.map(({ wait, slowdown, ...row }) => ({
      ...row,
      wait: text(wait),
      slowdown: text(slowdown),
    })),
  );
  console.log(quality);
}
