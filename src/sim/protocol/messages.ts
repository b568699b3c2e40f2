/** What connections of the simulated world carry. */
import type { AgentMessage } from '../../protocol/internal.ts';
import type { ExecutorCall, ExecutorEvent } from '../../protocol/v1/executor.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/v1/scheduler.ts';

export type ToMaster =
  | { readonly kind: 'agent'; readonly message: AgentMessage }
  | { readonly kind: 'subscribe'; readonly call: SchedulerCall };

export type ToScheduler =
  | { readonly kind: 'opened'; readonly stream: string }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'event'; readonly event: SchedulerEvent };

export interface ExecutorToAgent {
  readonly kind: 'executor-call';
  readonly call: ExecutorCall;
}

export type AgentToExecutor =
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'event'; readonly event: ExecutorEvent };
