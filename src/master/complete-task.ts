/** Fills in what frameworks may leave out of tasks and executors (reference §3.2, step 3). */
import type { ExecutorInfo, HealthCheck, TaskInfo } from '../protocol/v1/mesos.ts';
import { allocateToRole } from './allocate-to-role.ts';
import type { FrameworkRecord } from './state.ts';

/** The same object where nothing lacks. */
export function completeTask(task: TaskInfo, framework: FrameworkRecord, role: string): TaskInfo {
  const resources = allocateToRole(task.resources, role);
  const executor = task.executor === undefined ? undefined : completeExecutor(task.executor, framework, role);
  const health_check = task.health_check === undefined ? undefined : completeCheck(task.health_check);
  if (resources === task.resources && executor === task.executor && health_check === task.health_check)
    return task;
  return { ...task, resources, executor, health_check };
}

export function completeExecutor(
  executor: ExecutorInfo,
  framework: FrameworkRecord,
  role: string,
): ExecutorInfo {
  const resources = executor.resources === undefined ? undefined : allocateToRole(executor.resources, role);
  if (resources === executor.resources && executor.framework_id !== undefined) return executor;
  return { ...executor, resources, framework_id: executor.framework_id ?? framework.wireId };
}

function completeCheck(check: HealthCheck): HealthCheck {
  if (check.type !== undefined) return check;
  if (check.command !== undefined) return { ...check, type: 'COMMAND' };
  return check.http === undefined ? check : { ...check, type: 'HTTP' };
}
