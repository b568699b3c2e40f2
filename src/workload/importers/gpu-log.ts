/** GPU job logs with calendar times (Helios, Acme): one job a row, on a number of nodes. */
import { secondsToUs } from '../../cluster/time.ts';
import type { WorkloadBuilder } from '../builder.ts';
import type { Row } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import type { ImportReport } from './importer.ts';
import { wallTimeOf } from './wall-time.ts';

export interface LoggedGpuJob {
  readonly id: string;
  readonly role: string;
  readonly submitSeconds: number;
  readonly durationSeconds: number;
  readonly nodes: number;
  readonly cpus: number;
  readonly gpus: number;
  readonly memMib?: number;
  readonly outcome: number;
}

/** The job of a row; `null` if it has no times, which is counted. @throws InputError ROW_VALUE */
export function readGpuJob(row: Row, role: string, report: ImportReport): LoggedGpuJob | null {
  const submit = wallTimeOf(row, 'submit_time');
  const start = wallTimeOf(row, 'start_time');
  const end = wallTimeOf(row, 'end_time');
  if (submit === undefined || start === undefined || end === undefined) {
    report.leaveOut('job that never ran or ended');
    return null;
  }
  if (end < start) throw row.error('end_time', 'the job ends before it starts');
  const nodes = Math.max(1, row.optionalAmount('node_num', 'nodes') ?? 1);
  return {
    id: row.text('job_id'),
    role: role || 'unknown',
    submitSeconds: submit,
    durationSeconds: row.optionalAmount('duration', 'seconds') ?? end - start,
    nodes,
    cpus: (row.optionalAmount('cpu_num', 'cores') ?? 0) / nodes,
    gpus: (row.optionalAmount('gpu_num', 'GPUs') ?? 0) / nodes,
    outcome: outcomeOf(row.text('state')),
  };
}

/** Times become seconds since the first submit; a job on several nodes is a gang of a task a node. */
export function addGpuJobs(builder: WorkloadBuilder, jobs: readonly LoggedGpuJob[], maxJobs: number): void {
  const origin = jobs.reduce((least, job) => Math.min(least, job.submitSeconds), Number.POSITIVE_INFINITY);
  for (const job of jobs.slice(0, maxJobs)) {
    const whole = job.gpus > 1 ? Math.ceil(job.gpus) : job.gpus;
    builder.job({
      id: job.id,
      role: job.role,
      submitUs: secondsToUs(job.submitSeconds - origin),
      isGang: job.nodes > 1,
    });
    const request = builder.request({
      cpus: job.cpus,
      ...(job.memMib === undefined ? {} : { mem: job.memMib }),
      gpus: whole,
    });
    builder.tasks(job.nodes, request, secondsToUs(job.durationSeconds), job.outcome);
  }
}

function outcomeOf(state: string): number {
  if (/^cancel/i.test(state)) return OUTCOME_KILLED;
  return /^complete/i.test(state) ? OUTCOME_FINISHED : OUTCOME_FAILED;
}
