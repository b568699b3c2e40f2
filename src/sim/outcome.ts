/** What summaries and tables are made from when a replay is over. */
import type { Board } from '../allocator/board.ts';
import type { TransactionCounts } from '../allocator/shared-state.ts';
import type { Recorder } from '../metrics/recorder.ts';
import type { OfferCounts } from '../metrics/summary.ts';
import type { TimeSeries } from '../metrics/time-series.ts';
import type { Workload } from '../workload/workload.ts';
import type { ReplayOptions } from './options.ts';

export interface ReplayOutcome {
  readonly workload: Workload;
  readonly options: ReplayOptions;
  readonly board: BoardOutcome;
  readonly recorder: RecorderOutcome;
  readonly counts: Readonly<ReplayCounts>;
  readonly offerCounts: OfferCounts;
  /** `undefined`: another model than `shared-state`. */
  readonly transactions?: TransactionCounts | undefined;
  readonly digest: { toString(): string };
  /** Time each job would take alone in its fair part of the cluster, µs; NaN before it was submitted. */
  readonly idealUs: Float64Array;
  /** The replay came to its own end: what waits now will never start. */
  readonly isComplete: boolean;
}

/** How tasks went. */
export type BoardOutcome = Pick<
  Board,
  'taskState' | 'startUs' | 'agentOf' | 'endedCount' | 'isGang' | 'outcome'
> & {
  readonly extraAttempts: ReadonlyMap<number, number>;
  readonly cluster: { readonly resources: readonly string[] };
};

/** What was measured. */
export type RecorderOutcome = Pick<
  Recorder,
  | 'shareUs'
  | 'entitlementUs'
  | 'activeUs'
  | 'backloggedUs'
  | 'belowEntitlementUs'
  | 'usedUs'
  | 'capacityUs'
  | 'fragmentedUs'
  | 'waitingUs'
  | 'waitingMax'
  | 'jainUs'
  | 'jainSpanUs'
  | 'envyUs'
  | 'envySpanUs'
  | 'spanUs'
  | 'weightOf'
> & { readonly series: Pick<TimeSeries, 'startsUs' | 'roles' | 'cluster'> };

/** What a replay counts beside the books of the board. */
export interface ReplayCounts {
  preemptions: number;
  lostAttempts: number;
  /** By resource, thousandths × µs of attempts that were preempted or lost. */
  readonly lostWork: Float64Array;
  /** Last end of a task so far, µs; −1 before the first. */
  lastEndUs: number;
}
