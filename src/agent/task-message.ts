/** A task as the agent reports it to a master. */
import type { Task, TaskStatus } from '../protocol/v1/mesos.ts';
import type { AgentState, TaskRecord } from './state.ts';

export function taskMessage(agent: { readonly state: AgentState }, task: TaskRecord): Task {
  const { info, executor, framework } = task;
  const outstanding = task.updates[0];
  return {
    name: info.name,
    task_id: info.task_id,
    framework_id: { value: framework.id },
    executor_id: executor === null || executor.isCommand ? undefined : { value: executor.id },
    agent_id: { value: agent.state.id! },
    state: task.state,
    resources: info.resources,
    statuses: sentStatuses(task),
    status_update_state: outstanding?.state,
    status_update_uuid: outstanding?.uuid,
    labels: info.labels,
    discovery: info.discovery,
    container: info.container,
    health_check: info.health_check,
    kill_policy: info.kill_policy,
    user: info.command?.user ?? framework.info.user,
    limits: info.limits,
  };
}

/** What the master has forwarded, or is to forward next: what waits behind that is no news of before. */
function sentStatuses({ statuses, updates }: TaskRecord): readonly TaskStatus[] {
  if (updates.length < 2) return statuses.slice();
  const waiting = new Set(updates.slice(1).map(({ uuid }) => uuid));
  return statuses.filter(({ uuid }) => !waiting.has(uuid));
}
