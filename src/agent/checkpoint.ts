/** Keys and values of what an agent has on disk (reference §5.4): what it needs to find its tasks again. */
import type { AgentOperation } from '../protocol/internal.ts';
import type {
  AgentInfo,
  DrainConfig,
  ExecutorInfo,
  FrameworkInfo,
  Resource,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../protocol/v1/mesos.ts';
import type { CheckpointChange } from './io.ts';

export interface SavedExecutor {
  readonly info: ExecutorInfo;
  readonly container: string;
  readonly sandbox: string;
  readonly isCommand: boolean;
}

export interface SavedTask {
  readonly info: TaskInfo;
  /** `null`: none. */
  readonly executorId: string | null;
  readonly isLaunched: boolean;
  readonly state: TaskState;
  /** Not acknowledged ones. */
  readonly updates: readonly TaskStatus[];
  /** The last of each state that it went through. */
  readonly statuses: readonly TaskStatus[];
  /** Uuids of all updates so far: executors may send them again. */
  readonly received: readonly string[];
}

const key = (...parts: readonly string[]) => parts.join('/');

export const AGENT_KEY = 'agent';
export const BOOT_KEY = 'boot';
export const RESOURCES_KEY = 'resources';
export const DRAIN_KEY = 'drain';
export const FRAMEWORK_PREFIX = 'framework/';
export const EXECUTOR_PREFIX = 'executor/';
export const TASK_PREFIX = 'task/';
export const OPERATION_PREFIX = 'operation/';

export const saveAgent = (info: AgentInfo): CheckpointChange => ({ key: AGENT_KEY, value: info });
export const saveBoot = (bootId: string): CheckpointChange => ({ key: BOOT_KEY, value: bootId });
export const saveDrain = (drain: DrainConfig | null): CheckpointChange => ({ key: DRAIN_KEY, value: drain });

/** Dynamic reservations and volumes. */
export const saveResources = (resources: readonly Resource[]): CheckpointChange => ({
  key: RESOURCES_KEY,
  value: resources,
});

export const saveFramework = (id: string, info: FrameworkInfo | null): CheckpointChange => ({
  key: FRAMEWORK_PREFIX + id,
  value: info,
});

export const saveExecutor = (
  framework: string,
  id: string,
  executor: SavedExecutor | null,
): CheckpointChange => ({ key: EXECUTOR_PREFIX + key(framework, id), value: executor });

export const saveTask = (framework: string, id: string, task: SavedTask | null): CheckpointChange => ({
  key: TASK_PREFIX + key(framework, id),
  value: task,
});

export const saveOperation = (uuid: string, operation: AgentOperation | null): CheckpointChange => ({
  key: OPERATION_PREFIX + uuid,
  value: operation,
});
