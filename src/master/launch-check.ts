/** Whether tasks may be launched (reference §4.3): by themselves, beside what already runs, and in what is left of the offers. */
import type { ExecutorInfo, TaskInfo } from '../protocol/v1/mesos.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { Resources } from '../resources/resources.ts';
import type { Acceptance } from './acceptance.ts';
import { findExecutor } from './executors.ts';
import { isSame } from './same.ts';

/** Resources that the launch takes; the executor's are `null` where none is started. */
interface Needs {
  readonly taskResources: Resources;
  readonly executorResources: Resources | null;
}

/** @returns why not, or what it needs */
export function checkTask(acceptance: Acceptance, task: TaskInfo): string | Needs {
  return orResourceError(() => {
    const problem = identityProblem(acceptance, task);
    if (problem !== null) return problem;
    const executorResources = task.executor === undefined ? null : executorNeeds(acceptance, task.executor);
    if (typeof executorResources === 'string') return executorResources;
    const taskResources = Resources.of(task.resources);
    return (
      roomProblem(acceptance, executorResources, [taskResources]) ?? { taskResources, executorResources }
    );
  });
}

export function checkGroup(
  acceptance: Acceptance,
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
): string | { readonly taskResources: readonly Resources[]; readonly executorResources: Resources | null } {
  return orResourceError(() => {
    const ids = new Set<string>();
    for (const task of tasks) {
      const problem = identityProblem(acceptance, task);
      if (problem !== null) return problem;
      if (ids.has(task.task_id.value)) return `Task group has two tasks '${task.task_id.value}'`;
      ids.add(task.task_id.value);
    }
    const executorResources = executorNeeds(acceptance, executor);
    if (typeof executorResources === 'string') return executorResources;
    const taskResources = tasks.map((task) => Resources.of(task.resources));
    return roomProblem(acceptance, executorResources, taskResources) ?? { taskResources, executorResources };
  });
}

function orResourceError<T>(check: () => T): T | string {
  try {
    return check();
  } catch (error) {
    if (error instanceof ResourceError) return error.message;
    throw error;
  }
}

function identityProblem({ framework, agent }: Acceptance, task: TaskInfo): string | null {
  const id = task.task_id.value;
  if (framework.tasks.has(id)) return `Task has duplicate ID: ${id}`;
  if (framework.unreachableTasks.has(id)) return `Task '${id}' is known and unreachable`;
  if (task.agent_id.value !== agent.id)
    return `Task uses invalid agent ${task.agent_id.value} while agent ${agent.id} is expected`;
  return null;
}

/** The executor's resources, `null` where it runs already, or why it cannot be used. */
function executorNeeds({ framework, agent }: Acceptance, executor: ExecutorInfo): Resources | null | string {
  if (executor.framework_id?.value !== framework.id)
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${executor.framework_id?.value} vs Expected: ${framework.id})`;
  const running = findExecutor(agent, framework, executor.executor_id.value);
  if (running === undefined) return Resources.of(executor.resources);
  return isSame(running.info, executor)
    ? null
    : `ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID '${running.id}'`;
}

/** One after the other is taken, since ports of two must not be the same. */
function roomProblem(
  { remaining }: Acceptance,
  executorResources: Resources | null,
  taskResources: readonly Resources[],
): string | null {
  let rest = remaining;
  for (const needed of executorResources === null ? taskResources : [executorResources, ...taskResources]) {
    if (!rest.contains(needed)) return `Resources ${needed} required are more than available ${rest}`;
    rest = rest.minus(needed);
  }
  return null;
}
