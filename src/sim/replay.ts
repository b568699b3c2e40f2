/** The replay engine: plays a workload on a cluster under a policy, in virtual time. */
import type { RunSummary } from '../metrics/summary.ts';
import type { RunTables } from '../metrics/tables.ts';
import type { Workload } from '../workload/workload.ts';
import type { ReplayOptions } from './options.ts';

export declare class Replay {
  /** @throws InputError OPTION_VALUE, CLUSTER_INVALID where options and workload do not fit together. */
  constructor(workload: Workload, options: ReplayOptions);
  /** Plays up to `instants` further instants of virtual time; true when the replay is over. */
  advance(instants: number): boolean;
  readonly progress: { readonly endedTasks: number; readonly taskCount: number; readonly nowUs: number };
  /** Figures so far (call when over, or when stopped early for partial results). */
  summary(): RunSummary;
  tables(): RunTables;
}
