/** States of tasks (reference §4.1): which are final, and what frameworks without PARTITION_AWARE are told instead. */
import type { TaskState } from './v1/mesos.ts';

const TERMINAL: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

const PARTITION_STATES: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_DROPPED',
  'TASK_UNREACHABLE',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_UNKNOWN',
]);

/** Whether a task in this state never changes again. */
export function isTerminal(state: TaskState): boolean {
  return TERMINAL.has(state);
}

/** The state as a framework is told it: TASK_LOST in place of what only PARTITION_AWARE frameworks know. */
export function stateFor(isPartitionAware: boolean, state: TaskState): TaskState {
  return !isPartitionAware && PARTITION_STATES.has(state) ? 'TASK_LOST' : state;
}
