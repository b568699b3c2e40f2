/** What goes into a scheduler (a framework's side of the scheduler API) and what comes out of it. */
import type { SchedulerCall, SchedulerEvent } from '../protocol/v1/scheduler.ts';

export type SchedulerInput =
  /** First of all: what an earlier run of this scheduler saved, by key. Values are plain JSON. */
  | { readonly kind: 'start'; readonly entries: Readonly<Record<string, unknown>> }
  | { readonly kind: 'event'; readonly event: SchedulerEvent }
  /** The answer to the call of that number; status 0: none came, and the call may or may not have arrived. */
  | { readonly kind: 'answer'; readonly call: number; readonly status: number }
  /** The subscription broke or was closed, or could not be opened. */
  | { readonly kind: 'disconnected' };

export type SchedulerEffect =
  /** Opens a new connection to the leading master with a SUBSCRIBE call; its events follow. */
  | { readonly kind: 'subscribe'; readonly call: SchedulerCall }
  /** On the stream of the present subscription; calls may overtake each other. */
  | { readonly kind: 'call'; readonly number: number; readonly call: SchedulerCall }
  /** Durable before any later effect is carried out; `value` null: the key is deleted. */
  | { readonly kind: 'save'; readonly changes: readonly { readonly key: string; readonly value: unknown }[] }
  /** All work is done, or the framework was refused for good. */
  | { readonly kind: 'end'; readonly problem: string | null };
