/** The figures of one run, under the names that `docs/metrics.md` defines; what `--json` prints and `summary.json` keeps. */

export interface Distribution {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export interface OfferCounts {
  readonly made: number;
  readonly accepted: number;
  readonly declined: number;
  /** Taken back by the allocator because the framework held them too long. */
  readonly rescinded: number;
}

/** Figures over a set of jobs: all of them, or one role's. `null`: no job of the set has such a figure. */
export interface JobFigures {
  readonly jobs: number;
  readonly tasks: number;
  /** Tasks that never started. */
  readonly unplaced: number;
  readonly waitSeconds: Distribution | null;
  readonly responseSeconds: Distribution | null;
  readonly boundedSlowdown: Distribution | null;
  readonly finishTimeFairness: Distribution | null;
}

export interface RunMetrics extends JobFigures {
  readonly makespanSeconds: number;
  /** Tasks that ended, per second of makespan. */
  readonly throughputTasksPerSecond: number;
  /** By resource: allocated resource-time ÷ capacity-time between the first submit and the last end. */
  readonly utilisation: Readonly<Record<string, number>>;
  /** By resource: mean share of capacity that is free but of no use to the workload's typical tasks. */
  readonly fragmentation: Readonly<Record<string, number>>;
  /** Waiting tasks, averaged over time, and the most at once. */
  readonly queueLength: { readonly mean: number; readonly max: number };
  /** Jain's index over weighted dominant shares of backlogged roles, averaged over the time that two or more are; `null`: never. */
  readonly jainIndex: number | null;
  /** Sum over roles of ∫ max(0, entitlement − dominant share) dt while backlogged. */
  readonly belowEntitlementShareSeconds: number;
  /** Mean over samples of the share of ordered pairs of backlogged roles of which the first envies the second; `null`: never two. */
  readonly envy: number | null;
  readonly offers: OfferCounts;
  readonly preemptions: number;
  /** Attempts ended by an agent that left or failed. */
  readonly lostAttempts: number;
  /** Run time of attempts that were preempted or lost, by resource, in natural units × seconds. */
  readonly lostWork: Readonly<Record<string, number>>;
}

export interface RoleMetrics extends JobFigures {
  readonly role: string;
  readonly weight: number;
  /** Time-averaged over the makespan. */
  readonly meanDominantShare: number;
  /** Weight ÷ sum of the weights of active roles, averaged over the time the role is active. */
  readonly meanEntitlement: number;
  /** Dominant share averaged over the time the role is active (running or waiting tasks). */
  readonly meanActiveDominantShare: number;
  readonly belowEntitlementShareSeconds: number;
  readonly backloggedSeconds: number;
}

/** What only a protocol simulation measures; all times are virtual. */
export interface ProtocolFigures {
  /** From a scheduler's ACCEPT to its hearing TASK_RUNNING. */
  readonly launchSeconds: Distribution | null;
  /** From a scheduler's asking for offers (SUBSCRIBE, REVIVE) to the next it hears of. */
  readonly offerSeconds: Distribution | null;
  /** From the loss of a leader to the first offers of the next. */
  readonly failoverSeconds: Distribution | null;
  readonly messages: number;
  /** Of message bodies in JSON, estimated from samples of each type. */
  readonly bytes: number;
  readonly messagesByType: Readonly<Record<string, { readonly messages: number; readonly bytes: number }>>;
  readonly events: number;
  readonly virtualSeconds: number;
  /** What befell masters, and other rare things; seconds since the trace's start. */
  readonly notes: readonly {
    readonly seconds: number;
    readonly kind: string;
    readonly node: string;
    readonly detail: string;
  }[];
}

/** What only schedulers on a shared state do. */
export interface SharedStateFigures {
  /** Decisions that claimed anything. */
  readonly transactions: number;
  /** Those of which a claim failed. */
  readonly conflicted: number;
  /** Tasks that were claimed room for, each time. */
  readonly claims: number;
  /** Claims that failed, as others had taken the room (or the quota) meanwhile. */
  readonly conflicts: number;
  /** By role: how long its scheduler thought about its jobs. */
  readonly decidingSeconds: Readonly<Record<string, number>>;
}

export interface RunSummary {
  readonly policy: string;
  readonly decisionDigest: string;
  readonly metrics: RunMetrics;
  readonly roles: readonly RoleMetrics[];
  /** `undefined`: another model than `shared-state`. */
  readonly sharedState?: SharedStateFigures;
  /** `undefined`: a replay without messages. */
  readonly protocol?: ProtocolFigures;
}
