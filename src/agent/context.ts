/** What the modules of an agent share. */
import type { RandomStream } from '../cluster/streams.ts';
import type { AgentMessage } from '../protocol/internal.ts';
import type { Timers } from '../protocol/timers.ts';
import type { AgentInfo, AgentInfoCapability } from '../protocol/v1/mesos.ts';
import type { AgentFlags } from './flags.ts';
import type { AgentEffect, CheckpointChange } from './io.ts';
import type { AgentState } from './state.ts';

export interface AgentContext {
  /** As configured, without id. */
  readonly info: AgentInfo;
  /** Where it can be reached; `null`: its hostname says so. */
  readonly ip: string | null;
  readonly version: string;
  readonly capabilities: readonly AgentInfoCapability[];
  readonly flags: AgentFlags;
  readonly state: AgentState;
  readonly timers: Timers;
  readonly random: RandomStream;
  /** Of the present step. */
  readonly nowUs: number;
  emit(effect: AgentEffect): void;
  /** Dropped where there is no link. */
  tell(message: AgentMessage): void;
  /** Makes changes durable, in the order of calls; `then` follows, if given. */
  save(changes: readonly CheckpointChange[], then?: () => void): void;
  /** After what was saved so far is durable. */
  whenSaved(then: () => void): void;
}
