/** A task as messages show it. */
import type { Task } from '../protocol/v1/mesos.ts';
import type { TaskRecord } from './state.ts';

export function taskMessage(task: TaskRecord): Task {
  const { description } = task;
  return {
    name: description.name,
    task_id: task.wireId,
    framework_id: task.framework.wireId,
    executor_id: task.executorId === null ? undefined : { value: task.executorId },
    agent_id: task.agentId,
    state: task.state,
    resources: task.resources.toWire({ isRefined: true, hasAllocation: true }),
    statuses: task.statuses,
    status_update_state: task.forwardedState ?? undefined,
    status_update_uuid: task.forwardedUuid ?? undefined,
    labels: description.labels,
    discovery: description.discovery,
    container: description.container,
    health_check: description.health_check,
    kill_policy: description.kill_policy,
    user: task.user,
    limits: description.limits,
  };
}
