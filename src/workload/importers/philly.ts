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

interface PhillyJob {
  readonly status: string;
  readonly vc: string;
  readonly jobid: string;
  readonly user: string;
  readonly submitted_time: string | null;
  readonly attempts: readonly {
    readonly start_time: string | null;
    readonly end_time: string | null;
    readonly detail: readonly { readonly ip: string; readonly gpus: readonly string[] }[];
  }[];
}

const isMachineList = (file: string) => /machine_list[^/]*\.csv$/.test(file);

export const philly: TraceImporter = {
  format: 'philly',
  title: 'Philly (cluster_job_log): deep-learning jobs, 2017',
  roleFields: ['vc', 'user'],
  options: {},

  recognise(probe) {
    return probe.files.some((file) => isJobLog(probe.head(file))) ? 1 : 0;
  },

  async read(input, settings, report) {
    const file = input.files.find((name) => !name.endsWith('.csv')) ?? input.files[0];
    const path = input.displayPath(file);
    const builder = new WorkloadBuilder(input.name);
    const jobs = parseLog(await readText(input, file), path);
    const submits = jobs.map((job, index) => timeAt(job.submitted_time, path, `/${index}/submitted_time`));
    const origin = submits.reduce<number>(
      (least, time) => Math.min(least, time ?? least),
      Number.POSITIVE_INFINITY,
    );
    const seen = new Set<string>();
    for (const [index, job] of jobs.entries()) {
      if (builder.jobCount >= settings.maxJobs) break;
      try {
        if (seen.has(job.jobid))
          throw wrong(path, `/${index}/jobid`, `${job.jobid} appears twice`, 'ROW_DUPLICATE');
        seen.add(job.jobid);
        addJob(builder, job, submits[index], origin, settings.roleField, path, index, report);
      } catch (error) {
        report.badRow(error as Error);
      }
    }
    report.rows.set(file, jobs.length);
    report.notes.push(
      'A job has the run time of all its attempts together, once, on the GPUs of its last attempt: a gang of a task a node. Times count from the first submit.',
      'The log states neither cores nor memory.',
    );
    return builder.finish(await readMachines(input, report));
  },
};

function addJob(
  builder: WorkloadBuilder,
  job: PhillyJob,
  submit: number | undefined,
  origin: number,
  roleField: string,
  path: string,
  index: number,
  report: ImportReport,
): void {
  const ran = job.attempts
    .map(({ start_time, end_time, detail }, number) => ({
      start: timeAt(start_time, path, `/${index}/attempts/${number}/start_time`),
      end: timeAt(end_time, path, `/${index}/attempts/${number}/end_time`),
      detail,
    }))
    .filter(({ start, end, detail }) => start !== undefined && end !== undefined && detail.length > 0);
  if (submit === undefined || ran.length === 0) {
    report.leaveOut('job that never ran or ended');
    return;
  }
  let seconds = 0;
  for (const { start, end } of ran) {
    if (end! < start!) throw wrong(path, `/${index}/attempts`, 'has an attempt that ends before it starts');
    seconds += end! - start!;
  }
  const { detail } = ran[ran.length - 1];
  builder.job({
    id: job.jobid,
    role: (roleField === 'user' ? job.user : job.vc) || 'unknown',
    submitUs: secondsToUs(submit - origin),
    isGang: detail.length > 1,
  });
  const outcome =
    job.status === 'Pass' ? OUTCOME_FINISHED : job.status === 'Killed' ? OUTCOME_KILLED : OUTCOME_FAILED;
  for (const { gpus } of detail)
    builder.tasks(1, builder.request({ gpus: gpus.length }), secondsToUs(seconds), outcome);
}

async function readMachines(input: TraceInput, report: ImportReport): Promise<Cluster | null> {
  const agents: AgentDescription[] = [];
  const file = [...input.files, ...input.companions].find(isMachineList);
  if (file === undefined) return null;
  await readRows(input, file, { delimiter: ',', columns: 'header' }, report, (row) => {
    const gpuMem = row.text('single GPU mem');
    agents.push({
      id: row.text('machineId'),
      resources: { gpus: row.count('number of GPUs', 'GPUs') },
      ...(gpuMem === '' ? {} : { attributes: { gpuMem } }),
    });
  });
  return buildCluster(agents);
}

function isJobLog(head: string): boolean {
  return head.trimStart().startsWith('[') && /"(jobid|attempts|submitted_time)"/.test(head);
}

function parseLog(text: string, path: string): PhillyJob[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new InputError('ROW_VALUE', `not valid JSON: ${(error as Error).message}`, { file: path });
  }
  if (!Array.isArray(parsed)) throw wrong(path, '', 'is not a list of jobs');
  for (const [index, job] of parsed.entries()) {
    if (typeof job?.jobid !== 'string') throw wrong(path, `/${index}/jobid`, 'is missing');
    if (!Array.isArray(job.attempts)) throw wrong(path, `/${index}/attempts`, 'is not a list');
    for (const [number, attempt] of job.attempts.entries()) {
      if (!Array.isArray(attempt?.detail))
        throw wrong(path, `/${index}/attempts/${number}/detail`, 'is not a list');
    }
  }
  return parsed;
}

function timeAt(text: string | null, path: string, pointer: string): number | undefined {
  const seconds = parseWallTime(text);
  if (Number.isNaN(seconds ?? 0))
    throw wrong(path, pointer, `"${text}" is not a time such as 2017-10-03 12:30:00`);
  return seconds;
}

function wrong(
  path: string,
  pointer: string,
  what: string,
  code: 'ROW_VALUE' | 'ROW_DUPLICATE' = 'ROW_VALUE',
): InputError {
  return new InputError(code, what, { file: `${path}#${pointer}` });
}
