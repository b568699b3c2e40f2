/**
 * Status updates on their way to frameworks (reference §2.6): a stream per task, one at a time and in order, each sent
 * again until it is acknowledged.
 */
import { isTerminal, stateFor } from '../protocol/task-states.ts';
import { cancelTimer } from '../protocol/timers.ts';
import { uuidBytes } from '../protocol/uuid.ts';
import type {
  FrameworkID,
  TaskID,
  TaskInfo,
  TaskState,
  TaskStatus,
  TaskStatusReason,
} from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';
import { saveTask } from './checkpoint.ts';
import type { AgentContext } from './context.ts';
import { count } from './counts.ts';
import { FIRST_UPDATE_RETRY_US, MAX_UPDATE_RETRY_US } from './flags.ts';
import { forgetFramework, isPartitionAware, remember } from './frameworks.ts';
import type { FrameworkRecord, TaskRecord } from './state.ts';

/**
 * Takes a status into the task's stream: checkpointed first, then sent on.
 * @param then once it is safe, or at once where the framework does not checkpoint
 */
export function enterUpdate(
  agent: AgentContext,
  task: TaskRecord,
  status: TaskStatus,
  then: () => void = () => {},
): void {
  if (isTerminal(task.state)) {
    then();
    return;
  }
  const told = drained(agent, task, status);
  task.state = told.state;
  task.received.add(told.uuid!);
  addStatus(task, told);
  if (isTerminal(told.state)) {
    task.phase = 'terminated';
    count(agent.state, `tasks_${told.state.slice('TASK_'.length).toLowerCase()}`);
  }
  if (task.framework.isShuttingDown) {
    if (isTerminal(told.state)) forgetTask(agent, task);
    then();
    return;
  }
  task.updates.push(told);
  const goOn = () => {
    then();
    if (task.updates[0] === told) send(agent, task);
  };
  if (task.framework.info.checkpoint) saveProgress(agent, task, goOn);
  else goOn();
}

/** A status of the agent's own. */
export function agentStatus(
  agent: AgentContext,
  task: TaskRecord,
  state: TaskState,
  reason: TaskStatusReason,
  message: string,
  extra: Partial<TaskStatus> = {},
): TaskStatus {
  return {
    task_id: task.info.task_id,
    state: stateFor(isPartitionAware(task.framework), state),
    message,
    source: 'SOURCE_AGENT',
    reason,
    agent_id: { value: agent.state.id! },
    executor_id: task.executor === null ? undefined : { value: task.executor.id },
    timestamp: agent.nowUs / 1e6,
    uuid: uuidBytes(agent.random),
    ...extra,
  };
}

/** The framework has it; the next in line goes. */
export function acknowledged(
  agent: AgentContext,
  frameworkId: FrameworkID,
  taskId: TaskID,
  uuid: string,
): void {
  const task = agent.state.frameworks.get(frameworkId.value)?.tasks.get(taskId.value);
  if (task === undefined || task.updates[0]?.uuid !== uuid) return;
  const [done] = task.updates.splice(0, 1);
  task.retryTimer = cancelTimer(task.retryTimer);
  if (task.updates.length === 0 && isTerminal(done.state)) {
    forgetTask(agent, task);
    return;
  }
  if (task.framework.info.checkpoint) saveProgress(agent, task);
  send(agent, task);
}

/** After registering: what may have been lost on the way is sent again. */
export function resendUpdates(agent: AgentContext): void {
  for (const framework of agent.state.frameworks.values())
    for (const task of framework.tasks.values()) {
      task.retryTimer = cancelTimer(task.retryTimer);
      send(agent, task);
    }
}

/** A task that the master believes to be here, and is not. */
export function dropMissing(
  agent: AgentContext,
  framework: FrameworkRecord,
  taskId: TaskID,
  reason: TaskStatusReason,
  message: string,
): void {
  const info: TaskInfo = { name: '', task_id: taskId, agent_id: { value: agent.state.id! } };
  const task = newTask(framework, info, null);
  enterUpdate(agent, task, agentStatus(agent, task, 'TASK_DROPPED', reason, message));
}

export function newTask(
  framework: FrameworkRecord,
  info: TaskInfo,
  executor: TaskRecord['executor'],
  group: readonly TaskInfo[] | null = null,
): TaskRecord {
  const task: TaskRecord = {
    id: info.task_id.value,
    framework,
    info,
    executor,
    resources: Resources.of(info.resources),
    phase: 'queued',
    state: 'TASK_STAGING',
    updates: [],
    statuses: [],
    retryTimer: null,
    retryUs: FIRST_UPDATE_RETRY_US,
    kill: null,
    group,
    received: new Set(),
  };
  framework.tasks.set(task.id, task);
  return task;
}

export function forgetTask(agent: AgentContext, task: TaskRecord): void {
  const { framework } = task;
  cancelTimer(task.retryTimer);
  if (framework.tasks.get(task.id) === task) framework.tasks.delete(task.id);
  if (task.executor !== null)
    remember(task.executor.completedTasks, task, agent.flags.maxCompletedTasksPerExecutor);
  if (framework.info.checkpoint) agent.save([saveTask(framework.id, task.id, null)]);
  forgetFramework(agent, framework);
}

export function saveProgress(agent: AgentContext, task: TaskRecord, then?: () => void): void {
  const { framework, info, executor, phase, state, updates, statuses, received } = task;
  const saved = {
    info,
    executorId: executor?.id ?? null,
    isLaunched: phase !== 'queued',
    state,
    updates: [...updates],
    statuses: [...statuses],
    received: [...received],
  };
  agent.save([saveTask(framework.id, task.id, saved)], then);
}

function send(agent: AgentContext, task: TaskRecord): void {
  const status = task.updates[0];
  if (status === undefined || agent.state.phase !== 'running') return;
  cancelTimer(task.retryTimer);
  task.retryUs = FIRST_UPDATE_RETRY_US;
  transmit(agent, task, status);
}

function transmit(agent: AgentContext, task: TaskRecord, status: TaskStatus): void {
  agent.tell({
    type: 'STATUS_UPDATE',
    agentId: { value: agent.state.id! },
    frameworkId: { value: task.framework.id },
    executorId: task.executor === null ? null : { value: task.executor.id },
    status,
    latestState: task.state,
  });
  task.retryTimer = agent.timers.set(agent.nowUs + task.retryUs, () => {
    task.retryUs = Math.min(2 * task.retryUs, MAX_UPDATE_RETRY_US);
    if (agent.state.phase === 'running' && task.updates[0] === status) transmit(agent, task, status);
  });
}

/** Its data is for the framework only. */
function addStatus({ statuses }: TaskRecord, status: TaskStatus): void {
  if (statuses.at(-1)?.state === status.state) statuses.pop();
  statuses.push(status.data === undefined ? status : { ...status, data: undefined });
}

/** While the agent drains, what was killed says so (reference §14.6). */
function drained(agent: AgentContext, task: TaskRecord, status: TaskStatus): TaskStatus {
  const { drain } = agent.state;
  if (drain === null || (status.state !== 'TASK_KILLING' && status.state !== 'TASK_KILLED')) return status;
  const isGone =
    drain.mark_gone === true && status.state === 'TASK_KILLED' && isPartitionAware(task.framework);
  return {
    ...status,
    state: isGone ? 'TASK_GONE_BY_OPERATOR' : status.state,
    reason: 'REASON_AGENT_DRAINING',
  };
}
