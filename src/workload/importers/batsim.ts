/** Batsim workloads: JSON with jobs that name profiles; only `delay` profiles say how long a job runs. */
import { uniformCluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readText } from '../lines.ts';
import type { TraceImporter } from './importer.ts';

type Json = Readonly<Record<string, unknown>>;

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
    const at = (pointer: string) => `${path}#${pointer}`;
    const processors = numberAt(document, 'nb_res', at('/nb_res'), 1);
    const jobs = document.jobs;
    const profiles = document.profiles;
    if (!Array.isArray(jobs)) throw wrong(at('/jobs'), 'is not a list of jobs');
    if (typeof profiles !== 'object' || profiles === null)
      throw wrong(at('/profiles'), 'is not an object of profiles');
    const builder = new WorkloadBuilder(input.name);
    const request = builder.request({ cpus: 1 });
    const seen = new Set<string>();
    for (const [index, job] of (jobs as Json[]).entries()) {
      if (builder.jobCount >= settings.maxJobs) break;
      const pointer = at(`/jobs/${index}`);
      try {
        const id = String(job.id);
        if (seen.has(id)) throw wrong(`${pointer}/id`, `${id} appears twice`, 'ROW_DUPLICATE');
        const profile = String(job.profile);
        const delay = delayOf((profiles as Json)[profile], at(`/profiles/${profile}`));
        const size = numberAt(job, 'res', `${pointer}/res`, 1);
        const submit = numberAt(job, 'subtime', `${pointer}/subtime`, 0);
        const walltime =
          job.walltime === undefined ? undefined : numberAt(job, 'walltime', `${pointer}/walltime`, 0);
        seen.add(id);
        if (size > processors) {
          report.leaveOut('larger than the machine');
          continue;
        }
        builder.job({
          id,
          role: settings.roleField === 'profile' ? profile : 'all',
          submitUs: secondsToUs(submit),
          isGang: true,
          estimateUs: walltime === undefined ? undefined : secondsToUs(walltime),
        });
        builder.tasks(size, request, secondsToUs(delay));
      } catch (error) {
        report.badRow(error as Error);
      }
    }
    report.rows.set(file, jobs.length);
    report.notes.push(
      `A job is a gang of res tasks of one processor each, of ${processors} agents with one processor; it runs for its profile's delay, and walltime is the estimate.`,
    );
    return builder.finish(uniformCluster(processors, { cpus: 1 }));
  },
};

function parseDocument(text: string, path: string): Json {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null) return document as Json;
  } catch (error) {
    throw new InputError('ROW_VALUE', `not valid JSON: ${(error as Error).message}`, { file: path });
  }
  throw wrong(`${path}#`, 'is not an object');
}

function delayOf(profile: unknown, pointer: string): number {
  if (typeof profile !== 'object' || profile === null)
    throw wrong(pointer, 'is named by a job but not there');
  const { type } = profile as Json;
  if (type !== 'delay')
    throw wrong(`${pointer}/type`, `is "${type}"; only delay profiles say how long a job runs`);
  return numberAt(profile as Json, 'delay', `${pointer}/delay`, 0);
}

function numberAt(object: Json, key: string, pointer: string, least: number): number {
  const value = object[key];
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw wrong(pointer, `is ${JSON.stringify(value)}; expected a number from ${least}`);
}

function wrong(pointer: string, what: string, code: 'ROW_VALUE' | 'ROW_DUPLICATE' = 'ROW_VALUE'): InputError {
  return new InputError(code, what, { file: pointer });
}
