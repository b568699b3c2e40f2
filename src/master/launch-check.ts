/** Whether tasks may be launched (reference §4.3): by themselves, beside what already runs, and in what is left of the offers. */

import { groupExecutorProblem, taskExecutorProblem } from '../protocol/executor-info.ts';
import { isSame } from '../protocol/same.ts';
import { groupTaskProblem, taskInfoProblem } from '../protocol/task-info.ts';
import type { ExecutorInfo, TaskInfo } from '../protocol/v1/mesos.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { Resources } from '../resources/resources.ts';
import type { Acceptance } from './acceptance.ts';
import { findExecutor } from './executors.ts';

/** What a launch takes, and leaves; the executor's resources are `null` where none is started. */
interface Needs<T> {
  readonly taskResources: T;
  readonly executorResources: Resources | null;
  readonly rest: Resources;
}

/** @returns why not, or what it needs */
export function checkTask(acceptance: Acceptance, task: TaskInfo): string | Needs<Resources> {
  return orResourceError(() => {
    const taskResources = Resources.of(task.resources).asIn(acceptance.remaining);
    const problem =
      identityProblem(acceptance, task) ??
      taskInfoProblem(task, taskResources, acceptance.agent.capabilities);
    if (problem !== null) return problem;
    const executorResources =
      task.executor === undefined ? null : executorNeeds(acceptance, task.executor, taskExecutorProblem);
    if (typeof executorResources === 'string') return executorResources;
    const rest = restAfter(acceptance, executorResources, [taskResources]);
    return typeof rest === 'string' ? rest : { taskResources, executorResources, rest };
  });
}

export function checkGroup(
  acceptance: Acceptance,
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
): string | Needs<readonly Resources[]> {
  return orResourceError(() => {
    if (tasks.length === 0) return 'Task group cannot be empty';
    const executorResources = executorNeeds(acceptance, executor, groupExecutorProblem);
    if (typeof executorResources === 'string') return executorResources;
    const taskResources = tasks.map((task) => Resources.of(task.resources).asIn(acceptance.remaining));
    const ids = new Set<string>();
    for (const [i, task] of tasks.entries()) {
      const problem =
        identityProblem(acceptance, task) ??
        groupTaskProblem(task, taskResources[i], executor, acceptance.agent.capabilities);
      if (problem !== null) return problem;
      if (ids.has(task.task_id.value)) return `Task group has two tasks '${task.task_id.value}'`;
      ids.add(task.task_id.value);
    }
    const rest =
      cgroupsProblem(acceptance, executor, tasks) ?? restAfter(acceptance, executorResources, taskResources);
    return typeof rest === 'string' ? rest : { taskResources, executorResources, rest };
  });
}

/** All tasks of an executor share its cgroups, or none does. */
function cgroupsProblem(
  { framework, agent }: Acceptance,
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
): string | null {
  const shares = (task: Pick<TaskInfo, 'container'>) => task.container?.linux_info?.share_cgroups ?? true;
  const expected = shares(tasks[0]);
  let isAgreed = tasks.every((task) => shares(task) === expected);
  for (const { framework: owner, executorId, description } of agent.tasks)
    if (owner === framework && executorId === executor.executor_id.value && shares(description) !== expected)
      isAgreed = false;
  return isAgreed ? null : "All tasks of an executor must have the same value of 'share_cgroups'";
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
function executorNeeds(
  { framework, agent }: Acceptance,
  executor: ExecutorInfo,
  problemOf: (executor: ExecutorInfo, resources: Resources) => string | null,
): Resources | null | string {
  if (executor.framework_id?.value !== framework.id)
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${executor.framework_id?.value} vs Expected: ${framework.id})`;
  const running = findExecutor(agent, framework, executor.executor_id.value);
  if (running !== undefined)
    return isSame(running.info, executor)
      ? null
      : `ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID '${running.id}'`;
  const resources = Resources.of(executor.resources);
  return problemOf(executor, resources) ?? resources;
}

/** One after the other is taken, since ports of two must not be the same. */
function restAfter(
  { remaining }: Acceptance,
  executorResources: Resources | null,
  taskResources: readonly Resources[],
): string | Resources {
  let rest = remaining;
  for (const needed of executorResources === null ? taskResources : [executorResources, ...taskResources]) {
    if (!rest.contains(needed)) return `Resources ${needed} required are more than available ${rest}`;
    rest = rest.minus(needed);
  }
  return rest;
}
