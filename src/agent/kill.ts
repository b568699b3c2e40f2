/** Tasks, executors and frameworks are ended as the master says (reference §4.5, 14.6). */

import { isTerminal } from '../protocol/task-states.ts';
import type { DrainConfig, ExecutorID, FrameworkID, KillPolicy, TaskID } from '../protocol/v1/mesos.ts';
import { saveDrain } from './checkpoint.ts';
import type { AgentContext } from './context.ts';
import { shutDownExecutor } from './executors.ts';
import type { TaskRecord } from './state.ts';
import { agentStatus, dropMissing, enterUpdate, forgetTask } from './updates.ts';

export function killTask(
  agent: AgentContext,
  frameworkId: FrameworkID,
  taskId: TaskID,
  policy: KillPolicy | null,
): void {
  const framework = agent.state.frameworks.get(frameworkId.value);
  // Of a framework that is not known here nothing runs; the master reconciles.
  if (framework === undefined) return;
  const task = framework.tasks.get(taskId.value);
  if (task === undefined)
    dropMissing(agent, framework, taskId, 'REASON_EXECUTOR_TERMINATED', 'Task is unknown to the agent');
  else end(agent, task, policy);
}

function end(agent: AgentContext, task: TaskRecord, policy: KillPolicy | null): void {
  const { executor } = task;
  if (isTerminal(task.state) || executor === null) return;
  task.kill = { policy };
  if (task.phase === 'launched') {
    sendKill(agent, task);
    return;
  }
  const undelivered = agentStatus(
    agent,
    task,
    'TASK_KILLED',
    'REASON_TASK_KILLED_DURING_LAUNCH',
    'Task killed before it was delivered to the executor',
  );
  enterUpdate(agent, task, undelivered);
  if (executor.isCommand) shutDownExecutor(agent, executor);
}

/** To the executor, if it is connected; else when it is again. */
export function sendKill(agent: AgentContext, { executor, info, kill }: TaskRecord): void {
  const connection = executor?.connection ?? null;
  if (connection === null) return;
  const policy = kill?.policy == null ? {} : { kill_policy: kill.policy };
  agent.emit({
    kind: 'executor-event',
    connection,
    event: { type: 'KILL', kill: { task_id: info.task_id, ...policy } },
  });
}

export function shutDownFramework(agent: AgentContext, frameworkId: FrameworkID): void {
  const framework = agent.state.frameworks.get(frameworkId.value);
  if (framework === undefined) return;
  framework.isShuttingDown = true;
  for (const executor of framework.executors.values()) shutDownExecutor(agent, executor);
  for (const task of framework.tasks.values())
    if (task.executor === null || isTerminal(task.state)) forgetTask(agent, task);
}

export function shutDownNamed(agent: AgentContext, frameworkId: FrameworkID, executorId: ExecutorID): void {
  const executor = agent.state.frameworks.get(frameworkId.value)?.executors.get(executorId.value);
  if (executor !== undefined) shutDownExecutor(agent, executor);
}

/** Takes no more tasks, and ends all that it has: each within its own grace, or the operator's if that is shorter. */
export function drain(agent: AgentContext, config: DrainConfig): void {
  const { state } = agent;
  if (state.drain === null) agent.save([saveDrain(config)]);
  state.drain = config;
  const most = config.max_grace_period?.nanoseconds;
  for (const framework of state.frameworks.values())
    for (const task of framework.tasks.values()) {
      const own = task.info.kill_policy?.grace_period?.nanoseconds;
      const grace = Math.min(own ?? Number.POSITIVE_INFINITY, most ?? Number.POSITIVE_INFINITY);
      end(agent, task, Number.isFinite(grace) ? { grace_period: { nanoseconds: grace } } : null);
    }
}

/** Drained, once nothing is left that anybody has to hear of; the master keeps it from being offered. */
export function finishDrain(agent: AgentContext): void {
  const { state } = agent;
  if (state.drain === null || state.frameworks.size > 0 || state.operations.size > 0) return;
  state.drain = null;
  agent.save([saveDrain(null)]);
}
