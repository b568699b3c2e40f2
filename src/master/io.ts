/** What goes into a master and what comes out of it. */
import type { AgentMessage, MasterMessage } from '../protocol/internal.ts';
import type { OperatorCall, OperatorEvent, OperatorResponse } from '../protocol/v1/master.ts';
import type { MasterInfo } from '../protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent } from '../protocol/v1/scheduler.ts';

/** The registry's entries by key; `registry.ts` says which there are. Values are plain JSON. */
export type RegistryEntries = Readonly<Record<string, unknown>>;

/** `value` null: the key is deleted. */
export interface RegistryChange {
  readonly key: string;
  readonly value: unknown;
}

/** `exchange` names one HTTP request until its answer; `stream` a subscription; `link` an agent's connection (its pid). */
export type MasterInput =
  /** This master leads from now on; all writes acknowledged to former leaders are in `entries`. */
  | { readonly kind: 'elected'; readonly entries: RegistryEntries }
  /** Who leads instead; `null`: nobody is known to. Only while this master stands by. */
  | { readonly kind: 'leader'; readonly master: MasterInfo | null }
  /** The changes of this revision, and of all before it, are durable. */
  | { readonly kind: 'stored'; readonly revision: number }
  | {
      readonly kind: 'call';
      readonly exchange: string;
      readonly call: SchedulerCall;
      /** The Mesos-Stream-Id header, `null` where it is absent. */
      readonly stream: string | null;
      /** `null`: not authenticated. */
      readonly principal: string | null;
    }
  | {
      readonly kind: 'operator-call';
      readonly exchange: string;
      readonly call: OperatorCall;
      readonly principal: string | null;
    }
  /** Not Mesos's: its operators kill no tasks. */
  | {
      readonly kind: 'kill-task';
      readonly exchange: string;
      readonly frameworkId: string;
      readonly taskId: string;
      readonly principal: string | null;
    }
  /** A scheduler's or an operator's stream was closed by the other end, or broke. */
  | { readonly kind: 'stream-closed'; readonly stream: string }
  | { readonly kind: 'agent-message'; readonly link: string; readonly message: AgentMessage }
  | { readonly kind: 'link-broken'; readonly link: string };

export type MasterEffect =
  /** `problem`: why the status is not 2xx. `leader`: where to, with 307. */
  | {
      readonly kind: 'answer';
      readonly exchange: string;
      readonly status: number;
      readonly problem?: string;
      readonly leader?: MasterInfo;
      readonly response?: OperatorResponse;
    }
  /** Answers the exchange with 200 and an open stream; events on it follow. */
  | { readonly kind: 'open-stream'; readonly exchange: string; readonly stream: string }
  | { readonly kind: 'event'; readonly stream: string; readonly event: SchedulerEvent }
  | { readonly kind: 'operator-event'; readonly stream: string; readonly event: OperatorEvent }
  | { readonly kind: 'close-stream'; readonly stream: string }
  | { readonly kind: 'agent-message'; readonly link: string; readonly message: MasterMessage }
  /** To be made durable, in the order of revisions, then stepped back in as `stored`. */
  | { readonly kind: 'store'; readonly revision: number; readonly changes: readonly RegistryChange[] }
  /** The process must end: it cannot go on as leader. */
  | { readonly kind: 'abort'; readonly reason: string };
