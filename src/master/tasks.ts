/** Tasks of the master (reference §4.1): they hold resources until they are terminal or unreachable, and are known until that is acknowledged. */
import { isTerminal } from '../protocol/task-states.ts';
import type { AgentID, TaskID, TaskState, TaskStatus } from '../protocol/v1/mesos.ts';
import type { Resources } from '../resources/resources.ts';
import type { MasterContext } from './context.ts';
import { tellTaskAdded, tellTaskUpdated } from './operator-events.ts';
import type { AgentRecord, FrameworkRecord, TaskDescription, TaskRecord } from './state.ts';
import { holdsResources } from './usage.ts';

export interface NewTask {
  readonly wireId: TaskID;
  readonly executorId: string | null;
  readonly description: TaskDescription;
  readonly user: string | undefined;
  /** Allocated to a role. */
  readonly resources: Resources;
  readonly state: TaskState;
  readonly forwardedState: TaskState | null;
  readonly forwardedUuid: string | null;
  readonly statuses: readonly TaskStatus[];
}

export function addTask(
  master: MasterContext,
  framework: FrameworkRecord,
  agent: AgentRecord,
  start: NewTask,
): TaskRecord {
  const task: TaskRecord = {
    id: start.wireId.value,
    wireId: start.wireId,
    framework,
    agentId: agent.wireId,
    executorId: start.executorId,
    description: start.description,
    user: start.user,
    resources: start.resources,
    state: start.state,
    forwardedState: start.forwardedState,
    forwardedUuid: start.forwardedUuid,
    statuses: start.statuses.slice(),
    kill: null,
  };
  framework.tasks.set(task.id, task);
  agent.tasks.add(task);
  tellTaskAdded(master, task);
  return task;
}

/**
 * Notes a status of a task. What is terminal stays as it is; with the first state that holds no resources, they go back.
 * @param latestState newer than the status where the agent holds further updates
 */
export function updateTask(
  master: MasterContext,
  task: TaskRecord,
  status: TaskStatus,
  latestState: TaskState,
): void {
  if (status.uuid !== undefined) {
    task.forwardedState = status.state;
    task.forwardedUuid = status.uuid;
  }
  keepStatus(task, status);
  const before = task.state;
  if (isTerminal(before) || before === latestState) return;
  task.state = latestState;
  tellTaskUpdated(master, task, status);
  if (isTerminal(latestState)) countTask(master, task.framework, status, latestState);
  if (holdsResources(before) && !holdsResources(latestState))
    master.allocator.recover(task.framework.id, task.agentId.value, task.resources, null, master.nowUs, true);
}

/**
 * Moves a task into its framework's history. Its resources, if it still holds some, go back.
 * @param isUnreachable it may come back with its agent
 */
export function removeTask(master: MasterContext, task: TaskRecord, isUnreachable = false): void {
  const { framework } = task;
  framework.tasks.delete(task.id);
  master.state.agents.get(task.agentId.value)?.tasks.delete(task);
  if (holdsResources(task.state))
    master.allocator.recover(framework.id, task.agentId.value, task.resources, null, master.nowUs, true);
  if (isUnreachable) framework.unreachableTasks.set(task.id, task);
  else framework.completedTasks.push(task);
}

function keepStatus(task: TaskRecord, status: TaskStatus): void {
  const { statuses } = task;
  const kept = status.data === undefined ? status : { ...status, data: undefined };
  const last = statuses.length - 1;
  if (last >= 0 && statuses[last].state === status.state) statuses[last] = kept;
  else statuses.push(kept);
}

/** Of a task that ended. */
export function countTask(
  master: MasterContext,
  framework: FrameworkRecord,
  status: TaskStatus,
  state: TaskState,
): void {
  framework.endedTasks.add(state);
  const name = state.toLowerCase();
  master.counters.add(`tasks_${name.slice('task_'.length)}`);
  master.counters.add(
    status.reason === undefined
      ? `${name}/${(status.source ?? 'source_master').toLowerCase()}`
      : `${name}/${(status.source ?? 'source_master').toLowerCase()}/${status.reason.toLowerCase()}`,
  );
}

/** A status of the master's own: without uuid, so nobody acknowledges it. */
export function masterStatus(
  master: MasterContext,
  task: {
    readonly wireId: TaskID;
    readonly agentId: AgentID | undefined;
    readonly executorId?: string | null;
  },
  state: TaskState,
  reason: NonNullable<TaskStatus['reason']>,
  message: string,
  extra?: Partial<TaskStatus>,
): TaskStatus {
  return {
    task_id: task.wireId,
    state,
    message,
    source: 'SOURCE_MASTER',
    reason,
    agent_id: task.agentId,
    executor_id: task.executorId == null ? undefined : { value: task.executorId },
    timestamp: master.nowUs / 1e6,
    ...extra,
  };
}
