/** What the native module gives: the part of `native/src/surface.rs` that this folder calls. */

export interface NativeModule {
  readonly NativeReplay: new (workload: WorkloadColumns, setup: NativeSetup) => NativeEngine;
}

/** One replay; every call takes the same columns again, so that none is held in between. */
export interface NativeEngine {
  /** Plays up to `instants` instants before `nextChangeUs`. @returns `PAUSED`, `OVER` or `CHANGES_DUE` */
  advance(
    workload: WorkloadColumns,
    results: ResultColumns,
    instants: number,
    nextChangeUs: number,
    mayHelp: boolean,
  ): number;
  /** Plays the instant at which agents change. */
  playChanges(workload: WorkloadColumns, results: ResultColumns, nowUs: number, changes: AgentChanges): void;
  progress(): NativeProgress;
  /** Closes the books at the present instant. */
  figures(workload: WorkloadColumns, results: ResultColumns): NativeFigures;
}

export const OVER = 1;
export const CHANGES_DUE = 2;

export interface WorkloadColumns {
  readonly jobRole: Int32Array;
  readonly jobSubmitUs: Float64Array;
  readonly jobIsGang: Uint8Array;
  readonly jobEstimateUs: Float64Array;
  readonly jobMaxPerAgent?: Int32Array;
  readonly jobSpreadGroup?: Int32Array;
  readonly jobFirstStage: Int32Array;
  /** Absent: jobs queue in submit order. */
  readonly jobKey?: Float64Array;
  readonly stageJob: Int32Array;
  readonly stageFirstTask: Int32Array;
  readonly stageFirstAfter?: Int32Array;
  readonly stageAfter?: Int32Array;
  readonly taskStage: Int32Array;
  readonly taskRequest: Int32Array;
  readonly taskDurationUs: Float64Array;
}

export interface ResultColumns {
  readonly taskState: Uint8Array;
  readonly startUs: Float64Array;
  readonly agentOf: Int32Array;
  readonly idealUs: Float64Array;
}

export interface AgentChanges {
  readonly agents: Int32Array;
  /** Index into `CHANGE_KINDS`. */
  readonly kinds: Uint8Array;
  readonly totals: readonly (Float64Array | null)[];
}

export const CHANGE_KINDS = ['join', 'leave', 'change'] as const;

export interface NativeSetup {
  readonly resourceCount: number;
  readonly gpuColumn: number;
  readonly demand: Float64Array;
  readonly need: Float64Array;
  readonly needWidth: number;
  readonly wholeDevices: Int32Array;
  readonly deviceShare: Int32Array;
  readonly maskOf: Int32Array;
  readonly masks: readonly Uint8Array[];
  readonly total: Float64Array;
  readonly largestTotal: Float64Array;
  readonly isPresent: Uint8Array;
  readonly roleCount: number;
  readonly nodeParent: Int32Array;
  readonly nodeChildren: readonly (readonly number[])[];
  readonly nodeWeight: Float64Array;
  readonly nodeSiblingWeight: Float64Array;
  readonly nodeLimits: readonly (Float64Array | null)[];
  readonly nodeGuarantees: readonly (Float64Array | null)[];
  readonly roleWeights: Float64Array;
  readonly gangs: 'trace' | 'all' | 'none';
  readonly order: 'jobs' | 'roles' | 'tree' | 'hdrf';
  readonly key: string;
  readonly keyColumn: number;
  readonly fit: string;
  readonly isEasy: boolean;
  readonly tracksAgents: boolean;
  readonly offers?: {
    readonly intervalUs: number;
    readonly decisionUs: number;
    readonly holdUs: number;
    readonly refuseUs: number;
    readonly s0: number;
    readonly s1: number;
    readonly s2: number;
    readonly c: number;
  };
  readonly typicalDemand: Float64Array;
  readonly typicalPopularity: Float64Array;
  readonly startUs: number;
  readonly intervalUs: number;
  readonly untilUs: number;
  readonly meanDurationUs: number;
}

export interface NativeProgress {
  readonly nowUs: number;
  readonly endedTasks: number;
  readonly unplacedTasks: number;
  readonly wasCut: boolean;
}

export interface NativeFigures {
  readonly digest: string;
  readonly lastEndUs: number;
  readonly lostAttempts: number;
  readonly lostWork: Float64Array;
  readonly extraAttemptTasks: Uint32Array;
  readonly extraAttemptCounts: Int32Array;
  readonly offersMade: number;
  readonly offersAccepted: number;
  readonly offersDeclined: number;
  readonly offersRescinded: number;
  readonly spanUs: number;
  readonly waitingUs: number;
  readonly waitingMax: number;
  readonly jainUs: number;
  readonly jainSpanUs: number;
  readonly envyUs: number;
  readonly envySpanUs: number;
  readonly shareUs: Float64Array;
  readonly entitlementUs: Float64Array;
  readonly activeUs: Float64Array;
  readonly backloggedUs: Float64Array;
  readonly belowEntitlementUs: Float64Array;
  readonly usedUs: Float64Array;
  readonly capacityUs: Float64Array;
  readonly fragmentedUs: Float64Array;
  readonly seriesStartsUs: Float64Array;
  readonly seriesShare: Float64Array;
  readonly seriesEntitlement: Float64Array;
  readonly seriesWaiting: Float64Array;
  readonly seriesRunning: Float64Array;
  readonly seriesUtilisation: Float64Array;
  readonly seriesFragmentation: Float64Array;
}
