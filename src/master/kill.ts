/** What a framework asks of its tasks and executors by way of their agents (reference §2.2). */
import type {
  SchedulerCallKill,
  SchedulerCallMessage,
  SchedulerCallShutdown,
} from '../protocol/v1/scheduler.ts';
import type { MasterContext } from './context.ts';
import { reconcileTasks } from './reconcile.ts';
import { sendAgent } from './send.ts';
import type { FrameworkRecord } from './state.ts';

/** Kept until the task is over, for agents that are not connected. An unknown task is answered as RECONCILE does. */
export function kill(
  master: MasterContext,
  framework: FrameworkRecord,
  { task_id, agent_id, kill_policy }: SchedulerCallKill,
): void {
  const task = framework.tasks.get(task_id.value);
  if (task === undefined) {
    reconcileTasks(master, framework, [{ task_id, agent_id }]);
    return;
  }
  if (agent_id !== undefined && agent_id.value !== task.agentId.value) return;
  task.kill = { policy: kill_policy ?? null };
  const agent = master.state.agents.get(task.agentId.value);
  if (agent === undefined) return;
  sendAgent(master, agent, {
    type: 'KILL_TASK',
    frameworkId: framework.wireId,
    taskId: task.wireId,
    killPolicy: kill_policy ?? null,
  });
}

export function shutdownExecutor(
  master: MasterContext,
  framework: FrameworkRecord,
  { executor_id, agent_id }: SchedulerCallShutdown,
): void {
  const agent = master.state.agents.get(agent_id.value);
  if (agent === undefined) return;
  sendAgent(master, agent, {
    type: 'SHUTDOWN_EXECUTOR',
    frameworkId: framework.wireId,
    executorId: executor_id,
  });
}

export function messageExecutor(
  master: MasterContext,
  framework: FrameworkRecord,
  { agent_id, executor_id, data }: SchedulerCallMessage,
): void {
  const agent = master.state.agents.get(agent_id.value);
  if (agent === undefined || agent.link === null) {
    master.counters.add('invalid_framework_to_executor_messages');
    return;
  }
  master.counters.add('valid_framework_to_executor_messages');
  sendAgent(master, agent, {
    type: 'FRAMEWORK_TO_EXECUTOR',
    frameworkId: framework.wireId,
    executorId: executor_id,
    data,
  });
}
