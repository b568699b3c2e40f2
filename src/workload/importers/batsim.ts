/** Batsim workloads: JSON with jobs that name profiles; only delay profiles say how long a job runs. */
import { uniformCluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readText } from '../lines.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import type { TraceImporter } from './importer.ts';

type Json = Readonly<Record<string, unknown>>;

/** The second name is that of newer versions. */
const DELAY_TYPES: readonly unknown[] = ['delay', 'DelayProfile'];
const ROW_HINT = ' (use --skip-bad-rows to leave such jobs out)';

export const batsim: TraceImporter = {
  format: 'batsim',
  title: 'Batsim workload (JSON, delay profiles)',
  roleFields: ['all', 'profile'],
  options: {},

  recognise(probe) {
    if (probe.files.length !== 1) return 0;
    const head = probe.head(probe.files[0]);
    if (!head.trimStart().startsWith('{')) return 0;
    if (!probe.files[0].endsWith('.json')) return 0;
    return /"(nb_res|subtime|profiles)"/.test(head) ? 1 : 0;
  },

  async read(input, settings, report) {
    const file = input.files[0];
    const path = input.displayPath(file);
    const document = parseDocument(await readText(input, file), path);
    const { nb_res: processors, jobs, profiles } = document;
    if (!isCount(processors)) {
      throw wrong(
        `${path}#/nb_res`,
        `${JSON.stringify(processors)} is not a whole number of processors from 1`,
      );
    }
    if (!Array.isArray(jobs)) throw wrong(`${path}#/jobs`, 'not a list of jobs');
    if (!isObject(profiles)) throw wrong(`${path}#/profiles`, 'not an object with profiles');
    const builder = new WorkloadBuilder(input.name);
    const request = builder.request({ cpus: 1 });
    const seen = new Set<string>();
    let rows = 0;
    for (const [index, value] of jobs.entries()) {
      if (builder.jobCount >= settings.maxJobs) break;
      rows++;
      try {
        const job = readJob(value, profiles, path, `${path}#/jobs/${index}`);
        if (seen.has(job.id))
          throw wrong(`${path}#/jobs/${index}/id`, `job ${job.id} appears twice${ROW_HINT}`, 'ROW_DUPLICATE');
        seen.add(job.id);
        if (job.size > processors) {
          report.leaveOut('larger than the machine');
          continue;
        }
        const { walltime, delay } = job;
        const isKilled = walltime !== undefined && delay > walltime;
        builder.job({
          id: job.id,
          role: settings.roleField === 'profile' ? job.profile : 'all',
          submitUs: secondsToUs(job.submit),
          isGang: true,
          estimateUs: walltime === undefined ? undefined : secondsToUs(walltime),
        });
        builder.tasks(
          job.size,
          request,
          secondsToUs(isKilled ? walltime : delay),
          isKilled ? OUTCOME_KILLED : job.isFailure ? OUTCOME_FAILED : OUTCOME_FINISHED,
        );
      } catch (error) {
        report.badRow(error as Error);
      }
    }
    report.rows.set(file, rows);
    report.notes.push(
      `A job is a gang of res tasks of one processor each, of ${processors} agents with one processor.`,
      'It runs for its profile’s delay, but no longer than its walltime, at which Batsim kills it; walltime is the estimate.',
      'Left out: extra fields of jobs and profiles. The format has no users: there is one role, or one a profile.',
    );
    return builder.finish(uniformCluster(processors, { cpus: 1 }));
  },
};

interface BatsimJob {
  readonly id: string;
  readonly size: number;
  /** Seconds, as all times here. */
  readonly submit: number;
  readonly walltime: number | undefined;
  readonly profile: string;
  readonly delay: number;
  /** Its profile returns an error. */
  readonly isFailure: boolean;
}

/** @param place the path of the file with a JSON pointer to the job */
function readJob(job: unknown, profiles: Json, path: string, place: string): BatsimJob {
  if (!isObject(job)) throw wrong(place, `not an object with a job${ROW_HINT}`);
  const name = String(job.profile);
  const profile = profiles[name];
  if (!isObject(profile)) throw wrong(`${place}/profile`, `there is no profile "${name}"${ROW_HINT}`);
  const profilePlace = `${path}#/profiles/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (!DELAY_TYPES.includes(profile.type)) {
    const what = `the profile is of type "${profile.type}"; only those of type "delay" say how long a job runs`;
    throw wrong(`${profilePlace}/type`, `${what}${ROW_HINT}`);
  }
  // Older files write −1 for no walltime, newer ones leave it out.
  const hasWalltime = job.walltime !== undefined && job.walltime !== -1;
  return {
    id: String(job.id),
    size: countAt(job, 'res', place),
    submit: amountAt(job, 'subtime', place),
    walltime: hasWalltime ? amountAt(job, 'walltime', place) : undefined,
    profile: name,
    delay: amountAt(profile, 'delay', profilePlace),
    isFailure: profile.ret !== undefined && profile.ret !== 0,
  };
}

function parseDocument(text: string, path: string): Json {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new InputError('ROW_VALUE', `not valid JSON: ${(error as Error).message}`, { file: path });
  }
  if (isObject(document)) return document;
  throw wrong(`${path}#`, 'not an object with nb_res, jobs and profiles');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Seconds from 0. */
function amountAt(object: Json, key: string, place: string): number {
  const value = object[key];
  if (typeof value === 'number' && value >= 0) return value;
  throw wrong(`${place}/${key}`, `${JSON.stringify(value)} is not a number of seconds from 0${ROW_HINT}`);
}

/** A whole number from 1. */
function countAt(object: Json, key: string, place: string): number {
  const value = object[key];
  if (isCount(value)) return value;
  throw wrong(`${place}/${key}`, `${JSON.stringify(value)} is not a whole number from 1${ROW_HINT}`);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}

function wrong(place: string, what: string, code: 'ROW_VALUE' | 'ROW_DUPLICATE' = 'ROW_VALUE'): InputError {
  return new InputError(code, what, { file: place });
}
