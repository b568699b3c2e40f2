/** Philly (Microsoft, Jeon et al., USENIX ATC 2019): deep-learning jobs of virtual clusters, as one JSON list. */
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readText } from '../lines.ts';
import { readRows } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';
import { parseWallTime } from './wall-time.ts';

type Json = Readonly<Record<string, unknown>>;

interface Job {
  readonly id: string;
  readonly role: string;
  readonly outcome: number;
  readonly submitSeconds: number | undefined;
  readonly attempts: readonly Attempt[];
}

interface Attempt {
  readonly startSeconds: number | undefined;
  readonly endSeconds: number | undefined;
  /** GPUs on each node. */
  readonly gpus: readonly number[];
}

const OUTCOMES: Readonly<Record<string, number>> = {
  Pass: OUTCOME_FINISHED,
  Killed: OUTCOME_KILLED,
  Failed: OUTCOME_FAILED,
};
const MACHINE_COLUMNS = ['machineId', 'number of GPUs'];
const isMachineList = (file: string) => /machine_list[^/]*$/.test(file);

export const philly: TraceImporter = {
  format: 'philly',
  title: 'Philly (cluster_job_log): deep-learning jobs, 2017',
  roleFields: ['vc', 'user'],
  options: {},

  recognise(probe) {
    const isJobLog = (head: string) => /^\s*\[/.test(head) && /"(jobid|attempts|submitted_time)"/.test(head);
    return probe.files.some((file) => isJobLog(probe.head(file))) ? 1 : 0;
  },

  async read(input, settings, report) {
    const file = input.files.find((name) => /job_log[^/]*$/.test(name)) ?? input.files[0];
    const path = input.displayPath(file);
    // The log is about 100 MB: small enough to parse as a whole.
    const entries = parseList(await readText(input, file), path);
    const jobs: Job[] = [];
    const seen = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      try {
        const job = readJob(new Place(path, `/${index}`, entry), settings.roleField);
        if (seen.has(job.id))
          throw wrong(path, `/${index}/jobid`, `${job.id} appears twice`, 'ROW_DUPLICATE');
        seen.add(job.id);
        jobs.push(job);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        report.badRow(error);
      }
    }
    report.rows.set(file, entries.length);
    const builder = new WorkloadBuilder(input.name);
    addJobs(builder, jobs, settings.maxJobs, report);
    report.notes.push(
      'A job has the run time of all its attempts together, once, on the GPUs of its last attempt: a gang of a task a node. A job whose last attempt has no end still ran when the log was taken, and runs to the last time in it.',
      'Times are the cluster’s local ones and count from the first submit. The log states neither cores nor memory.',
    );
    return builder.finish(await readMachines(input, report));
  },
};

function addJobs(
  builder: WorkloadBuilder,
  jobs: readonly Job[],
  maxJobs: number,
  report: ImportReport,
): void {
  let origin = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { submitSeconds, attempts } of jobs) {
    origin = Math.min(origin, submitSeconds ?? origin);
    for (const { startSeconds, endSeconds } of attempts)
      last = Math.max(last, startSeconds ?? last, endSeconds ?? last);
  }
  for (const { id, role, outcome, submitSeconds, attempts } of jobs) {
    if (builder.jobCount >= maxJobs) return;
    let seconds = 0;
    let gpus: readonly number[] = [];
    for (const [number, attempt] of attempts.entries()) {
      const end = attempt.endSeconds ?? (number === attempts.length - 1 ? last : undefined);
      if (attempt.startSeconds === undefined || end === undefined || attempt.gpus.length === 0) {
        report.leaveOut('attempt without a start, an end or GPUs');
        continue;
      }
      seconds += end - attempt.startSeconds;
      gpus = attempt.gpus;
    }
    if (submitSeconds === undefined || gpus.length === 0) {
      report.leaveOut(submitSeconds === undefined ? 'job without a submit time' : 'job that never ran');
      continue;
    }
    builder.job({ id, role, submitUs: secondsToUs(submitSeconds - origin), isGang: gpus.length > 1 });
    for (const count of gpus)
      builder.tasks(1, builder.request({ gpus: count }), secondsToUs(seconds), outcome);
  }
}

function readJob(place: Place, roleField: string): Job {
  const status = place.text('status');
  if (!Object.hasOwn(OUTCOMES, status))
    throw place.at('status').wrong(`"${status}" is none of Pass, Killed, Failed`);
  const id = place.text('jobid');
  if (id === '') throw place.at('jobid').wrong('is missing');
  const attempts = place.list('attempts').map((attempt): Attempt => {
    const startSeconds = attempt.time('start_time');
    const endSeconds = attempt.time('end_time');
    if (startSeconds !== undefined && endSeconds !== undefined && endSeconds < startSeconds)
      throw attempt.at('end_time').wrong(`"${attempt.text('end_time')}" is before the start`);
    const gpus = attempt.list('detail').map((node) => node.list('gpus').length);
    return { startSeconds, endSeconds, gpus };
  });
  return {
    id,
    role: place.text(roleField) || 'unknown',
    outcome: OUTCOMES[status],
    submitSeconds: place.time('submitted_time'),
    attempts,
  };
}

/** A value within the log and the JSON pointer to it. */
class Place {
  private readonly path: string;
  private readonly pointer: string;
  private readonly value: unknown;

  constructor(path: string, pointer: string, value: unknown) {
    this.path = path;
    this.pointer = pointer;
    this.value = value;
  }

  at(key: string | number): Place {
    const value = (this.value as Json | null | undefined)?.[key];
    return new Place(this.path, `${this.pointer}/${key}`, value);
  }

  /** Empty for null and for what is not there. */
  text(key: string): string {
    const { value } = this.at(key);
    return value === undefined || value === null ? '' : String(value);
  }

  /** Seconds; `undefined` for null and "None". */
  time(key: string): number | undefined {
    const seconds = parseWallTime(this.text(key));
    if (!Number.isNaN(seconds ?? 0)) return seconds;
    throw this.at(key).wrong(`"${this.text(key)}" is not a time such as 2017-10-03 12:30:00`);
  }

  list(key: string): Place[] {
    const place = this.at(key);
    if (!Array.isArray(place.value)) throw place.wrong('is not a list');
    return place.value.map((_, index) => place.at(index));
  }

  wrong(what: string): InputError {
    return wrong(this.path, this.pointer, what);
  }
}

function wrong(
  path: string,
  pointer: string,
  what: string,
  code: 'ROW_VALUE' | 'ROW_DUPLICATE' = 'ROW_VALUE',
): InputError {
  return new InputError(code, `${what} (use --skip-bad-rows to leave such jobs out)`, {
    file: `${path}#${pointer}`,
  });
}

function parseList(text: string, path: string): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new InputError('ROW_VALUE', `not valid JSON: ${(error as Error).message}`, { file: path });
  }
  if (Array.isArray(parsed)) return parsed;
  throw new InputError('ROW_VALUE', 'the log is not a list of jobs', { file: path });
}

/** The list has spaces after its commas, and `24GB` for memory. */
async function readMachines(input: TraceInput, report: ImportReport): Promise<Cluster | null> {
  const file = [...input.files, ...input.companions].find(isMachineList);
  if (file === undefined) return null;
  const agents = new Map<string, AgentDescription>();
  const dialect = { delimiter: ',', columns: 'header', required: MACHINE_COLUMNS } as const;
  await readRows(input, file, dialect, report, (row) => {
    const id = row.text('machineId');
    if (agents.has(id)) throw row.error('machineId', `machine ${id} appears twice`, 'ROW_DUPLICATE');
    const gpuMem = row.text('single GPU mem');
    agents.set(id, {
      id,
      resources: { gpus: row.count('number of GPUs', 'GPUs') },
      ...(gpuMem === '' ? {} : { attributes: { gpuMem } }),
    });
  });
  return buildCluster([...agents.values()]);
}
