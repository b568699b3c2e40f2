/**
 * A workload: jobs of tasks in columns, sorted by submit time. It is immutable, and small enough that
 * 25 million tasks fit in memory: a task is a request number, a duration and a stage number.
 *
 * job ⊃ stages ⊃ tasks. A stage is a run of tasks that become ready together: when the job is submitted and all
 * stages it comes after have ended (map before reduce, a DAG's nodes). Most jobs have one stage.
 */
import type { Cluster } from '../cluster/cluster.ts';
import type { Constraint } from '../cluster/constraints.ts';

export interface Workload {
  readonly name: string;
  /** Resource names; the column order of `requests.demand`. */
  readonly resources: readonly string[];
  /** Role names, sorted by code unit; `a/b` is a child of `a`. */
  readonly roles: readonly string[];
  readonly jobs: JobColumns;
  readonly stages: StageColumns;
  readonly tasks: TaskColumns;
  readonly requests: RequestColumns;
  /** The agents that the trace itself describes, `null` where it describes none. */
  readonly cluster: Cluster | null;
  /** Weights that the trace itself states, by role. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Jobs in order of submission; ties keep the trace's order. */
export interface JobColumns {
  readonly count: number;
  /** Ids as the trace has them; `null` means the job's number is its id. */
  readonly ids: readonly string[] | null;
  /** Index into `roles`. */
  readonly role: Int32Array;
  readonly submitUs: Float64Array;
  /** Higher is more important. */
  readonly priority: Int32Array;
  /** 1: the tasks of a stage start together or not at all (rigid parallel job). */
  readonly isGang: Uint8Array;
  /** How long the user said a task runs, for backfilling and shortest job first; −1 where unknown. */
  readonly estimateUs: Float64Array;
  /** Most tasks of the job's spread group on one agent; 0: no limit. `null`: no job of the workload has one. */
  readonly maxPerAgent: Int32Array | null;
  /** Jobs with the same number share the limit of `maxPerAgent`. `null` as there. */
  readonly spreadGroup: Int32Array | null;
  /** Length count + 1: stages of job j are firstStage[j] … firstStage[j + 1] − 1. */
  readonly firstStage: Int32Array;
}

export interface StageColumns {
  readonly count: number;
  readonly job: Int32Array;
  /** Length count + 1: tasks of stage s are firstTask[s] … firstTask[s + 1] − 1. */
  readonly firstTask: Int32Array;
  /** Stages (of the same job) that a stage comes after: after[firstAfter[s]] … ; `null`: no precedence at all. */
  readonly precedence: { readonly firstAfter: Int32Array; readonly after: Int32Array } | null;
}

export interface TaskColumns {
  readonly count: number;
  readonly stage: Int32Array;
  /** Index into `requests`. */
  readonly request: Int32Array;
  readonly durationUs: Float64Array;
  /** How the task ended in the trace, an `OUTCOME_…`; `null`: all finished. */
  readonly outcome: Uint8Array | null;
}

/** Distinct requests of tasks. `demand[q * resources.length + r]`: thousandths of resource r. */
export interface RequestColumns {
  readonly count: number;
  readonly demand: Float64Array;
  /** All must hold; `null`: any agent. */
  readonly constraints: readonly (readonly Constraint[] | null)[];
}

export const OUTCOME_FINISHED = 0;
export const OUTCOME_FAILED = 1;
export const OUTCOME_KILLED = 2;

/** The id of a job as the trace has it. */
export function jobId(workload: Workload, job: number): string {
  return workload.jobs.ids?.[job] ?? String(job);
}

/** First and one past the last task of a job. */
export function jobTasks(workload: Workload, job: number): [first: number, end: number] {
  const { jobs, stages } = workload;
  return [stages.firstTask[jobs.firstStage[job]], stages.firstTask[jobs.firstStage[job + 1]]];
}
