/** Executors and their containers (reference §5.4, 10.4): from launch to the end of the last of their tasks. */
import { isTerminal } from '../protocol/task-states.ts';
import { cancelTimer } from '../protocol/timers.ts';
import { uuidText } from '../protocol/uuid.ts';
import type { ExecutorInfo, TaskInfo, TaskState, TaskStatusReason } from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';
import { saveExecutor } from './checkpoint.ts';
import type { AgentContext } from './context.ts';
import { count } from './counts.ts';
import type { AgentFlags } from './flags.ts';
import { forgetFramework, remember } from './frameworks.ts';
import type { ContainerEnd } from './io.ts';
import type { ExecutorRecord, FrameworkRecord, TaskRecord } from './state.ts';
import { agentStatus, enterUpdate } from './updates.ts';

/** @param task of a command executor, which is made for it; its container is launched once all is on disk */
export function launchExecutor(
  agent: AgentContext,
  framework: FrameworkRecord,
  info: ExecutorInfo,
  task: TaskInfo | null,
): ExecutorRecord {
  const container = uuidText(agent.random);
  const id = info.executor_id.value;
  const sandbox = `slaves/${agent.state.id}/frameworks/${framework.id}/executors/${id}/runs/${container}`;
  const isCommand = task !== null;
  const executor = addExecutor(agent, framework, { info, container, sandbox, isCommand });
  const isCheckpointed = framework.info.checkpoint ?? false;
  if (isCheckpointed) agent.save([saveExecutor(framework.id, id, { info, container, sandbox, isCommand })]);
  return executor;
}

/** After its tasks, too, are on disk. */
export function startContainer(agent: AgentContext, executor: ExecutorRecord, task: TaskInfo | null): void {
  const { framework, info, container, sandbox } = executor;
  const isCheckpointed = framework.info.checkpoint ?? false;
  const start = () => {
    if (executor.phase !== 'registering') return;
    agent.emit({
      kind: 'launch-container',
      launch: {
        container,
        framework: framework.info,
        executor: info,
        task,
        command: task?.command ?? info.command ?? null,
        image: task?.container ?? info.container ?? null,
        resources: usedBy(executor).toWire(),
        sandbox,
        isCheckpointed,
      },
    });
  };
  if (isCheckpointed) agent.whenSaved(start);
  else start();
}

export function addExecutor(
  agent: AgentContext,
  framework: FrameworkRecord,
  saved: {
    readonly info: ExecutorInfo;
    readonly container: string;
    readonly sandbox: string;
    readonly isCommand: boolean;
  },
): ExecutorRecord {
  const executor: ExecutorRecord = {
    ...saved,
    id: saved.info.executor_id.value,
    framework,
    resources: saved.isCommand ? Resources.empty : Resources.of(saved.info.resources),
    phase: 'registering',
    connection: null,
    timer: null,
    endReason: null,
    completedTasks: [],
  };
  framework.executors.set(executor.id, executor);
  agent.state.executorOfContainer.set(executor.container, executor);
  return executor;
}

/** What the executor and its tasks hold. */
export function usedBy(executor: ExecutorRecord): Resources {
  let used = executor.resources;
  for (const task of tasksOf(executor)) if (!isTerminal(task.state)) used = used.plus(task.resources);
  return used;
}

export function tasksOf(executor: ExecutorRecord): TaskRecord[] {
  // A command executor's only task has its id.
  if (executor.isCommand) {
    const task = executor.framework.tasks.get(executor.id);
    return task?.executor === executor ? [task] : [];
  }
  return [...executor.framework.tasks.values()].filter((task) => task.executor === executor);
}

/** It has a while to subscribe. */
export function containerLaunched(agent: AgentContext, container: string): void {
  const executor = agent.state.executorOfContainer.get(container);
  if (executor?.phase !== 'registering' || executor.timer !== null) return;
  executor.timer = agent.timers.set(agent.nowUs + agent.flags.executorRegistrationTimeoutUs, () => {
    executor.timer = null;
    destroy(
      agent,
      executor,
      'TASK_FAILED',
      'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
      'Executor did not register in time',
    );
  });
}

export function destroy(
  agent: AgentContext,
  executor: ExecutorRecord,
  state: TaskState,
  reason: TaskStatusReason,
  message: string,
): void {
  executor.endReason ??= { state, reason, message };
  executor.phase = 'terminating';
  agent.emit({ kind: 'destroy-container', container: executor.container });
}

export function shutdownGraceUs(
  { shutdown_grace_period }: ExecutorInfo,
  { executorShutdownGracePeriodUs }: Pick<AgentFlags, 'executorShutdownGracePeriodUs'>,
): number {
  return shutdown_grace_period === undefined
    ? executorShutdownGracePeriodUs
    : shutdown_grace_period.nanoseconds / 1000;
}

/** Asked to end; destroyed if it takes too long. */
export function shutDownExecutor(agent: AgentContext, executor: ExecutorRecord): void {
  if (executor.phase === 'terminating' || executor.phase === 'terminated') return;
  const wasRunning = executor.phase === 'running' && executor.connection !== null;
  executor.phase = 'terminating';
  cancelTimer(executor.timer);
  executor.timer = null;
  if (!wasRunning) {
    agent.emit({ kind: 'destroy-container', container: executor.container });
    return;
  }
  agent.emit({ kind: 'executor-event', connection: executor.connection!, event: { type: 'SHUTDOWN' } });
  executor.timer = agent.timers.set(agent.nowUs + shutdownGraceUs(executor.info, agent.flags), () => {
    executor.timer = null;
    agent.emit({ kind: 'destroy-container', container: executor.container });
  });
}

export function executorDisconnected(agent: AgentContext, connection: string): void {
  const executor = agent.state.executorOfConnection.get(connection);
  agent.state.executorOfConnection.delete(connection);
  if (executor?.connection === connection) executor.connection = null;
}

/** All that it ran has ended with it. */
export function containerEnded(agent: AgentContext, container: string, end: ContainerEnd): void {
  const { state } = agent;
  const executor = state.executorOfContainer.get(container);
  if (executor === undefined) return;
  state.executorOfContainer.delete(container);
  if (executor.connection !== null) state.executorOfConnection.delete(executor.connection);
  const { framework } = executor;
  cancelTimer(executor.timer);
  executor.phase = 'terminated';
  executor.connection = null;
  for (const task of tasksOf(executor)) {
    if (isTerminal(task.state)) continue;
    const { state: last, reason, message } = lastWords(executor, task, end);
    const extra = end.limitation === null ? {} : { limitation: { resources: end.limitation } };
    enterUpdate(agent, task, agentStatus(agent, task, last, reason!, message!, extra));
  }
  framework.executors.delete(executor.id);
  if (framework.info.checkpoint) agent.save([saveExecutor(framework.id, executor.id, null)]);
  count(state, 'executors_terminated');
  remember(framework.completedExecutors, executor, agent.flags.maxCompletedExecutorsPerFramework);
  state.sandboxes.push({ sandbox: executor.sandbox, endedUs: agent.nowUs });
  if (!executor.isCommand && !framework.isShuttingDown)
    agent.tell({
      type: 'EXITED_EXECUTOR',
      agentId: { value: state.id! },
      frameworkId: { value: framework.id },
      executorId: executor.info.executor_id,
      status: end.status ?? -1,
    });
  forgetFramework(agent, framework);
}

function lastWords(
  executor: ExecutorRecord,
  task: TaskRecord,
  end: ContainerEnd,
): NonNullable<ExecutorRecord['endReason']> {
  if (executor.endReason !== null) return executor.endReason;
  if (task.kill !== null && task.phase === 'queued')
    return {
      state: 'TASK_KILLED',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
      message: 'Task killed before it was delivered to the executor',
    };
  return {
    state: task.kill === null ? 'TASK_FAILED' : 'TASK_KILLED',
    reason: end.reason ?? 'REASON_EXECUTOR_TERMINATED',
    message: end.message ?? endText(end.status),
  };
}

/** @param status as wait(2) gives it */
function endText(status: number | null): string {
  if (status === null) return 'Executor terminated';
  const signal = status & 0x7f;
  return signal === 0
    ? `Executor exited with status ${status >> 8}`
    : `Executor was terminated by signal ${signal}`;
}
