/** What can go wrong in a simulated world, and when; a list of these is carried out by `faults.ts`. */
import type { NetworkOptions } from './network.ts';

interface OfNode {
  /** `leader`, the name of a node (`master-1`, `agent-17`, `framework-ads`, `store`), or a rack (`rack-3`): all in it. */
  readonly target: string;
  readonly atUs: number;
  /** After that it is over; nodes that were stopped may start again. */
  readonly durationUs: number;
}

/** A time below 0: from the start. */
export type Fault =
  /** The process ends at once; its supervisor starts it again. */
  | ({ readonly kind: 'kill' } & OfNode)
  /** The machine is gone without a word, with all that ran on it; what was durable stays. */
  | ({ readonly kind: 'power-off' } & OfNode)
  /** The machine stands still, and goes on as if nothing had been. */
  | ({ readonly kind: 'pause' } & OfNode)
  /** Cut off from all others. */
  | ({ readonly kind: 'partition' } & OfNode)
  /** All executors on the agent end. */
  | ({ readonly kind: 'kill-executors' } & OfNode)
  | ({ readonly kind: 'slow-disk'; readonly latencyUs: number } & OfNode)
  /** The clock is set forward by so much, or, below 0, back; and again when that is over. */
  | ({ readonly kind: 'clock-skew'; readonly skewUs: number } & OfNode)
  /** The store has no quorum. */
  | { readonly kind: 'store-down'; readonly atUs: number; readonly durationUs: number }
  /** The network is as this says, and then as before. */
  | {
      readonly kind: 'network';
      readonly change: Partial<NetworkOptions>;
      readonly atUs: number;
      readonly durationUs: number;
    };
