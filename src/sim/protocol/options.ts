/** What a protocol simulation depends on besides what replays do. */
import { type Fairness, MESOS_FAIRNESS } from '../../allocator/hierarchical/terms.ts';
import type { Fault } from './fault.ts';
import { DEFAULT_NETWORK, type NetworkOptions } from './network.ts';

export interface ProtocolOptions {
  readonly masters: number;
  readonly network: NetworkOptions;
  /** Clocks are ahead by up to `skewUs` and too fast or slow by up to `drift`. */
  readonly clocks: { readonly skewUs: number; readonly drift: number };
  /** Of a write that is to be durable. */
  readonly diskLatencyUs: number;
  /** From an agent's wish to the first step of what runs in the container. */
  readonly containerLaunchUs: number;
  /** Times are those of the trace. */
  readonly faults: readonly Fault[];
  readonly agentsPerRack: number;
  /** Of the masters' allocators. */
  readonly fairness: Fairness;
}

export const DEFAULT_PROTOCOL: ProtocolOptions = {
  masters: 3,
  network: DEFAULT_NETWORK,
  clocks: { skewUs: 0, drift: 0 },
  diskLatencyUs: 2_000,
  containerLaunchUs: 50_000,
  faults: [],
  agentsPerRack: 40,
  fairness: MESOS_FAIRNESS,
};
