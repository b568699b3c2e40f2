/** What summaries and tables are made from when a replay is over. */
import type { Board } from '../allocator/board.ts';
import type { Recorder } from '../metrics/recorder.ts';
import type { OfferCounts } from '../metrics/summary.ts';
import type { Workload } from '../workload/workload.ts';
import type { DecisionDigest } from './decision-digest.ts';
import type { ReplayOptions } from './options.ts';

export interface ReplayOutcome {
  readonly workload: Workload;
  readonly options: ReplayOptions;
  readonly board: Board;
  readonly recorder: Recorder;
  readonly counts: ReplayCounts;
  readonly offerCounts: OfferCounts;
  readonly digest: DecisionDigest;
  /** Time each job would take alone in its fair part of the cluster, µs; NaN before it was submitted. */
  readonly idealUs: Float64Array;
  /** The replay came to its own end: what waits now will never start. */
  readonly isComplete: boolean;
}

/** What a replay counts beside the books of the board. */
export interface ReplayCounts {
  preemptions: number;
  lostAttempts: number;
  /** By resource, thousandths × µs of attempts that were preempted or lost. */
  readonly lostWork: Float64Array;
  /** Last end of a task so far, µs; −1 before the first. */
  lastEndUs: number;
}
