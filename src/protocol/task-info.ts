/** Whether a task's description can be taken, before what already runs and the offers are looked at (reference §4.3). */
import { toMilli } from '../cluster/resources.ts';
import type { Resources } from '../resources/resources.ts';
import { checkInfoProblem, healthCheckProblem } from './check-info.ts';
import { commandProblem } from './command-info.ts';
import { containerProblem } from './container-info.ts';
import { idProblem } from './ids.ts';
import { isSame } from './same.ts';
import { usedResourcesProblem } from './used-resources.ts';
import type { AgentInfoCapabilityType, ExecutorInfo, TaskInfo } from './v1/mesos.ts';

type AgentCapabilities = ReadonlySet<AgentInfoCapabilityType>;

/** Of a LAUNCH. @param resources its own, allocated; @returns `null`: nothing is wrong */
export function taskInfoProblem(
  task: TaskInfo,
  resources: Resources,
  agent: AgentCapabilities,
): string | null {
  if ((task.executor === undefined) === (task.command === undefined))
    return "Task should have at least one (but not both) of 'command' or 'executor' present";
  if (task.container?.linux_info?.share_cgroups === false)
    return "Only tasks of a task group may have 'share_cgroups' set to false";
  return commonProblem(task, resources, agent);
}

/** Of a LAUNCH_GROUP. @param executor the group's */
export function groupTaskProblem(
  task: TaskInfo,
  resources: Resources,
  executor: ExecutorInfo,
  agent: AgentCapabilities,
): string | null {
  const id = task.task_id.value;
  if (task.executor !== undefined && !isSame(task.executor, executor))
    return `The executor of task '${id}' is not the group's; leave it out`;
  if (task.container?.type === 'DOCKER') return `Docker ContainerInfo is not supported on task '${id}'`;
  const networks = task.container?.network_infos ?? [];
  const types = [task.health_check?.type, task.check?.type];
  if (networks.length > 0 && types.some((type) => type === 'HTTP' || type === 'TCP'))
    return `HTTP and TCP checks are not supported on task '${id}', which has a network of its own`;
  if (task.limits !== undefined && task.container?.linux_info?.share_cgroups !== false)
    return `Task '${id}' has limits, for which it must have 'share_cgroups' set to false`;
  return commonProblem(task, resources, agent);
}

function commonProblem(task: TaskInfo, resources: Resources, agent: AgentCapabilities): string | null {
  const { kill_policy, max_completion_time, check, health_check, command, container } = task;
  const id = idProblem(task.task_id.value);
  if (id !== null) return `Task has an invalid id: ${id}`;
  if (resources.isEmpty) return 'Task uses no resources';
  if ((kill_policy?.grace_period?.nanoseconds ?? 0) < 0)
    return "Task's 'kill_policy.grace_period' must be non-negative";
  if ((max_completion_time?.nanoseconds ?? 0) < 0) return "Task's 'max_completion_time' must be non-negative";
  return (
    usedResourcesProblem(resources) ??
    limitsProblem(task, resources, agent) ??
    (check === undefined ? null : prefixed('check', checkInfoProblem(check))) ??
    (health_check === undefined ? null : prefixed('health check', healthCheckProblem(health_check))) ??
    (command === undefined ? null : commandProblem(command)) ??
    (container === undefined ? null : containerProblem(container))
  );
}

function limitsProblem({ limits }: TaskInfo, resources: Resources, agent: AgentCapabilities): string | null {
  if (limits === undefined) return null;
  const entries = Object.entries(limits);
  if (entries.length > 0 && !agent.has('TASK_RESOURCE_LIMITS'))
    return 'Resource limits are not supported by the agent';
  for (const [name, { value }] of entries) {
    if (name !== 'cpus' && name !== 'mem')
      return `Resource limits may be of 'cpus' and 'mem', not of '${name}'`;
    const request = resources.quantities().get(name);
    if (request === 0) return `Task has a limit of '${name}' and no request`;
    if (!(value === Number.POSITIVE_INFINITY || toMilli(value) >= request))
      return `The limit of '${name}', ${value}, is below its request`;
  }
  return null;
}

function prefixed(what: string, problem: string | null): string | null {
  return problem === null ? null : `Task uses invalid ${what}: ${problem}`;
}
