/** What tasks and executors hold of agents' resources. */
import { isTerminal } from '../protocol/task-states.ts';
import type { TaskState } from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';
import type { AgentRecord, FrameworkRecord } from './state.ts';

/** Whether a task in this state holds resources. */
export function holdsResources(state: TaskState): boolean {
  return state !== 'TASK_UNREACHABLE' && !isTerminal(state);
}

/** What each framework uses on an agent: its tasks' resources and its executors'. */
export function usedOn(agent: AgentRecord): Map<string, Resources> {
  const used = new Map<string, Resources>();
  const add = (framework: FrameworkRecord, resources: Resources) =>
    void used.set(framework.id, (used.get(framework.id) ?? Resources.empty).plus(resources));
  for (const task of agent.tasks) if (holdsResources(task.state)) add(task.framework, task.resources);
  for (const [framework, executors] of agent.executors)
    for (const executor of executors.values()) add(framework, executor.resources);
  return used;
}
