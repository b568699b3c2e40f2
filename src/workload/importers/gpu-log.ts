/** GPU job logs with calendar times (Helios, Acme): one job a row, on a number of nodes. */
import { secondsToUs } from '../../cluster/time.ts';
import type { WorkloadBuilder } from '../builder.ts';
import type { Row } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import type { ImportReport } from './importer.ts';
import { wallTimeOf } from './wall-time.ts';

/** Columns that every such log has; Acme's have `type` besides. */
export const GPU_LOG_COLUMNS = [
  'job_id',
  'user',
  'gpu_num',
  'cpu_num',
  'node_num',
  'state',
  'submit_time',
  'start_time',
  'end_time',
];

interface LoggedGpuJob {
  readonly id: string;
  readonly role: string;
  readonly submitSeconds: number;
  readonly durationSeconds: number;
  readonly nodes: number;
  /** Of the whole job. */
  readonly cpus: number;
  readonly gpus: number;
  /** Of one node's part; undefined where the log has no memory. */
  readonly memMib: number | undefined;
  readonly outcome: number;
}

export class GpuLog {
  private readonly jobs: LoggedGpuJob[] = [];
  private readonly ids = new Set<string>();

  get jobCount(): number {
    return this.jobs.length;
  }

  /**
   * Takes the job of a row; one that never ran or ended is counted.
   * @param idPrefix tells apart jobs of several logs; @param memMib of one node's part
   * @throws InputError ROW_VALUE, ROW_DUPLICATE
   */
  add(row: Row, idPrefix: string, role: string, memMib: number | undefined, report: ImportReport): void {
    const id = `${idPrefix}${row.text('job_id')}`;
    if (this.ids.has(id)) throw row.error('job_id', `job ${id} appears twice`, 'ROW_DUPLICATE');
    const submit = wallTimeOf(row, 'submit_time');
    const start = wallTimeOf(row, 'start_time');
    const end = wallTimeOf(row, 'end_time');
    const nodes = Math.max(1, row.count('node_num', 'nodes'));
    const cpus = row.amount('cpu_num', 'cores');
    const gpus = row.count('gpu_num', 'GPUs');
    const outcome = outcomeOf(row.text('state'));
    if (submit === undefined || start === undefined || end === undefined) {
      report.leaveOut('job that never ran or ended');
      return;
    }
    if (end < start) throw row.error('end_time', `end ${row.text('end_time')} is before the start`);
    this.ids.add(id);
    // `duration` is no use: Kalos's counts the time in the queue too.
    const durationSeconds = end - start;
    this.jobs.push({
      id,
      role: role || 'unknown',
      submitSeconds: submit,
      durationSeconds,
      nodes,
      cpus,
      gpus,
      memMib,
      outcome,
    });
  }

  /** Times become seconds since the first submit; a job on several nodes is a gang of a task a node. */
  addTo(builder: WorkloadBuilder): void {
    let origin = Number.POSITIVE_INFINITY;
    for (const { submitSeconds } of this.jobs) origin = Math.min(origin, submitSeconds);
    for (const job of this.jobs) {
      builder.job({
        id: job.id,
        role: job.role,
        submitUs: secondsToUs(job.submitSeconds - origin),
        isGang: job.nodes > 1,
      });
      const fewer = Math.floor(job.gpus / job.nodes);
      const nodesWithMore = job.gpus - fewer * job.nodes;
      const addParts = (count: number, gpus: number) => {
        const memory = job.memMib === undefined ? {} : { mem: job.memMib };
        const request = builder.request({ cpus: job.cpus / job.nodes, ...memory, gpus });
        builder.tasks(count, request, secondsToUs(job.durationSeconds), job.outcome);
      };
      if (nodesWithMore > 0) addParts(nodesWithMore, fewer + 1);
      addParts(job.nodes - nodesWithMore, fewer);
    }
  }
}

/** Sentence for the report. */
export const gpuLogNote =
  'A job on several nodes is a gang of a task a node, with its part of the cores and whole GPUs; it runs from start_time to end_time, and times count from the first submit.';

/** COMPLETED; CANCELLED by its user; FAILED, TIMEOUT and NODE_FAIL are failures, as the publishers count them. */
function outcomeOf(state: string): number {
  if (/^complete/i.test(state)) return OUTCOME_FINISHED;
  return /^cancel/i.test(state) ? OUTCOME_KILLED : OUTCOME_FAILED;
}
