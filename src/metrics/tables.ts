/** The tables of a run, in columns: what charts and notebooks read. */

export interface RunTables {
  readonly jobs: JobTable;
  readonly tasks: TaskTable;
  readonly agents: AgentTable;
  readonly rolesOverTime: RolesOverTimeTable;
  readonly clusterOverTime: ClusterOverTimeTable;
}

/** One row a job. Times in seconds since the trace's start; NaN where it did not happen. */
export interface JobTable {
  readonly jobId: readonly string[];
  readonly role: readonly string[];
  readonly submitSeconds: Float64Array;
  /** First task's start; for gangs the last task's. */
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  readonly waitSeconds: Float64Array;
  readonly responseSeconds: Float64Array;
  readonly boundedSlowdown: Float64Array;
  readonly finishTimeFairness: Float64Array;
  readonly tasks: Int32Array;
  readonly unplacedTasks: Int32Array;
}

/** One row a task, its last attempt. */
export interface TaskTable {
  /** Row of the job table. */
  readonly job: Int32Array;
  /** Row of the agent table; −1: never started. */
  readonly agent: Int32Array;
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  /** Times it was started. */
  readonly attempts: Int32Array;
  /** `finished`, `failed`, `killed` (as the trace says), `unplaced`, or `running` / `waiting` in partial results. */
  readonly state: readonly string[];
}

export interface AgentTable {
  readonly agentId: readonly string[];
  /** By resource, natural units, at the start. */
  readonly resources: Readonly<Record<string, Float64Array>>;
}

/** Means over each sample interval; `timeSeconds` is the interval's start. One row a role and interval. */
export interface RolesOverTimeTable {
  readonly timeSeconds: Float64Array;
  readonly role: readonly string[];
  readonly dominantShare: Float64Array;
  /** Weight ÷ weights of active roles, at the interval's end; 0 while the role is inactive. */
  readonly entitlement: Float64Array;
  readonly waitingTasks: Float64Array;
  readonly runningTasks: Float64Array;
}

/** One row a resource and interval. */
export interface ClusterOverTimeTable {
  readonly timeSeconds: Float64Array;
  readonly resource: readonly string[];
  /** 0 … 1, mean over the interval. */
  readonly utilisation: Float64Array;
  /** 0 … 1, at the interval's end. */
  readonly fragmentation: Float64Array;
}
