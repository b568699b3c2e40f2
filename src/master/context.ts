/** What the modules of a master share. */
import type { HierarchicalAllocator } from '../allocator/hierarchical/hierarchical-allocator.ts';
import type { RandomStream } from '../cluster/streams.ts';
import type { Timers } from '../protocol/timers.ts';
import type { MasterInfo } from '../protocol/v1/mesos.ts';
import type { Counters } from './counters.ts';
import type { MasterFlags } from './flags.ts';
import type { MasterEffect, RegistryChange } from './io.ts';
import type { MasterState } from './state.ts';

export interface MasterContext {
  readonly info: MasterInfo;
  readonly flags: MasterFlags;
  readonly state: MasterState;
  readonly allocator: HierarchicalAllocator;
  readonly registrar: Registrar;
  readonly timers: Timers;
  readonly random: RandomStream;
  readonly counters: Counters;
  /** Of the present step. */
  readonly nowUs: number;
  emit(effect: MasterEffect): void;
}

export interface Registrar {
  /** Makes the changes durable, all or none, then goes on with `then`: in the order of commits. */
  commit(changes: readonly RegistryChange[], then: () => void): void;
}
