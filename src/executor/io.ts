/** What goes into a built-in executor and what comes out of it. */
import { US_PER_SECOND } from '../cluster/time.ts';
import type { ExecutorCall, ExecutorEvent } from '../protocol/v1/executor.ts';
import type {
  CheckInfo,
  CheckStatusInfo,
  ContainerStatus,
  ExecutorID,
  FrameworkID,
  HealthCheck,
  TaskInfo,
  TaskStatusReason,
} from '../protocol/v1/mesos.ts';

export interface ExecutorOptions {
  readonly frameworkId: FrameworkID;
  readonly executorId: ExecutorID;
  /** Whether it goes on while the agent is away. */
  readonly isCheckpointed: boolean;
  /** How long an agent may be away. */
  readonly recoveryTimeoutUs: number;
  /** Longest wait before it subscribes again. */
  readonly subscriptionBackoffMaxUs: number;
  /** Whether it exits when all its tasks have ended, or waits to be shut down. */
  readonly exitsWhenDone: boolean;
}

/** Of agents with Mesos's defaults (reference §5.3). */
export const EXECUTOR_DEFAULTS = {
  recoveryTimeoutUs: 15 * 60 * US_PER_SECOND,
  subscriptionBackoffMaxUs: 2 * US_PER_SECOND,
};

/** What one probe of a task found. */
export interface ProbeResult {
  /** Of a health check. */
  readonly isHealthy: boolean;
  /** Of a check: what it saw; `null`: nothing, as it could not be carried out in time. */
  readonly seen: Omit<CheckStatusInfo, 'type'> | null;
  /** Why it is not healthy. */
  readonly message: string | null;
}

export type ProbeKind = 'check' | 'health';

export type ExecutorInput =
  /** First of all. */
  | { readonly kind: 'start' }
  | { readonly kind: 'event'; readonly event: ExecutorEvent }
  /** The connection broke, or the agent refused it. */
  | { readonly kind: 'disconnected' }
  | {
      readonly kind: 'task-started';
      readonly taskId: string;
      readonly containerStatus: ContainerStatus | null;
    }
  | {
      readonly kind: 'task-ended';
      readonly taskId: string;
      /** As wait(2) gives it; `null`: it could not be started, or is not known. */
      readonly status: number | null;
      readonly reason: TaskStatusReason | null;
      readonly message: string | null;
    }
  | {
      readonly kind: 'probed';
      readonly taskId: string;
      readonly probe: ProbeKind;
      readonly result: ProbeResult;
    };

export type ExecutorEffect =
  /** On a new connection. */
  | { readonly kind: 'subscribe'; readonly call: ExecutorCall }
  | { readonly kind: 'call'; readonly call: ExecutorCall }
  /** `task-started` or `task-ended` follows. */
  | { readonly kind: 'start-task'; readonly task: TaskInfo }
  /** Ask its processes to end (SIGTERM), or make them (SIGKILL); `task-ended` follows sooner or later. */
  | { readonly kind: 'signal-task'; readonly taskId: string; readonly isForced: boolean }
  /** Look at the task once; `probed` follows within the definition's timeout. */
  | {
      readonly kind: 'probe-task';
      readonly task: TaskInfo;
      readonly probe: ProbeKind;
      readonly definition: CheckInfo | HealthCheck;
    }
  | { readonly kind: 'exit'; readonly status: number };
