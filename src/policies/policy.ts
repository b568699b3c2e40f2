/**
 * What a policy is: data plus a few pure functions. The same object drives the replay engine, the protocol
 * simulation and the real master. `docs/writing-a-policy.md` walks through one.
 */
import type { RandomStream } from '../cluster/streams.ts';

export interface Policy {
  /** As in `--policy NAME`. */
  readonly name: string;
  /** One line for tables and `mesolab policies`. */
  readonly title: string;
  /** Where the algorithm is published. */
  readonly source: string;
  /** Who is next. */
  readonly order: Order;
  /** Which agent. Default `first`. */
  readonly fit?: FitName | Fit;
  /** Who may pass a job that does not fit. Default `none`. */
  readonly backfill?: Backfill;
  /** Who may be evicted for a job that does not fit. Default `none`. */
  readonly preemption?: Preemption;
  /** `all`: every job's stages start as gangs; `trace`: those the trace marks. Default `trace`. */
  readonly gang?: 'trace' | 'all' | 'none';
}

export type FitName = 'first' | 'best' | 'worst' | 'random' | 'dot' | 'fgd';

/** Scores the agents where a task fits; the highest wins (ties: first agent). */
export interface Fit {
  readonly name: string;
  score(demand: Float64Array, agent: AgentView): number;
}

/** `easy`: the first blocked job holds a reservation; `conservative`: every queued job does. */
export type Backfill = 'none' | 'easy' | 'conservative';
/** `priority`: a job may evict tasks of jobs with a lower priority. */
export type Preemption = 'none' | 'priority';

export type Order = JobOrder | RoleOrder | TaskOrder;

/** One queue of all jobs, lowest key first (ties: submit time, then place in the trace). A head that fits nowhere blocks. */
export interface JobOrder {
  readonly kind: 'jobs';
  /** Called once, when the job is submitted. Absent: submit order. */
  key?(job: JobView, random: RandomStream): number;
}

/**
 * A queue per role, first come first served inside it; the role with the lowest key is served next (ties: role name).
 * A role whose head fits nowhere is passed over until resources come free.
 */
export interface RoleOrder {
  readonly kind: 'roles';
  /** Called anew whenever the role's usage changed. Must depend on nothing but its arguments. */
  key(role: RoleView, random: RandomStream): number;
  /** Called before keys are computed whenever the set of backlogged roles changed; may set `role.target`. */
  prepare?(backlogged: readonly RoleView[]): void;
  /**
   * Serve roles as a tree (`a/b` under `a`), choosing at each node the child with the lowest key. How a node's usage
   * comes from its children's: `sum`, or `hdrf` (Bhattacharya et al., SoCC 2013, dynamic hierarchical DRF).
   */
  readonly tree?: 'sum' | 'hdrf';
}

/**
 * Any waiting task on any agent: whenever an agent has room, the candidate with the highest score starts there
 * (ties: queue order). Candidates are the waiting tasks of the first `window` stages in submit order.
 */
export interface TaskOrder {
  readonly kind: 'tasks';
  readonly window: number;
  score(task: TaskView, agent: AgentView): number;
}

export interface JobView {
  readonly submitUs: number;
  readonly priority: number;
  /** Estimated run time of a task: the user's estimate, else the longest duration in the job. */
  readonly estimateUs: number;
  readonly taskCount: number;
  readonly weight: number;
}

/** Vectors are thousandths by resource column; the engine reuses the objects: keep no reference to them. */
export interface RoleView {
  readonly name: string;
  /** Names of the columns. */
  readonly resources: readonly string[];
  readonly weight: number;
  /** Allocated to the role now. */
  readonly usage: Float64Array;
  /** Capacity of all agents present. */
  readonly total: Float64Array;
  /** What the role is guaranteed, `null` where nothing was stated. */
  readonly guarantee: Float64Array | null;
  /** Sum of the weights of all roles at this place in the tree. */
  readonly siblingWeight: number;
  /** Demand of the task at the head of the role's queue. */
  readonly headDemand: Float64Array;
  /** A number for `prepare` to leave to `key`. */
  target: number;
}

export interface TaskView {
  readonly demand: Float64Array;
  readonly estimateUs: number;
  /** Waiting and running tasks of its job. */
  readonly jobTaskCount: number;
}

export interface AgentView {
  readonly free: Float64Array;
  readonly total: Float64Array;
  /** Free thousandths of each GPU device; empty where the cluster has none. */
  readonly deviceFree: Float64Array;
}
