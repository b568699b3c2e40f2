/** What the console knows of the cluster: a state that a subscription starts with, and what its events make of it. */

import { isTerminal } from '../protocol/task-states.ts';
import type {
  OperatorResponseGetAgentsAgent as Agent,
  OperatorResponseGetFrameworksFramework as Framework,
  OperatorEvent,
  OperatorResponseGetState,
} from '../protocol/v1/master.ts';
import type { Task } from '../protocol/v1/mesos.ts';

export type { Agent, Framework, Task };

/** Changed in place, as a copy of 100,000 tasks for each event is too slow. */
export interface ClusterModel {
  readonly agents: Map<string, Agent>;
  readonly frameworks: Map<string, Framework>;
  /** By `taskKey`, in the order of their start. */
  readonly tasks: Map<string, Task>;
  /** Keys of those that have ended, in the order in which they did. */
  readonly ended: Set<string>;
}

/** Of ended tasks; the oldest are forgotten, as the master does. */
export const MOST_ENDED = 100_000;

export const emptyModel = (): ClusterModel => ({
  agents: new Map(),
  frameworks: new Map(),
  tasks: new Map(),
  ended: new Set(),
});

/** Frameworks name their tasks, so only both together are unique. */
export const taskKey = (framework: string, task: string): string => `${framework} ${task}`;

export function modelOf({ get_tasks, get_frameworks, get_agents }: OperatorResponseGetState): ClusterModel {
  const model = emptyModel();
  for (const agent of get_agents?.agents ?? []) model.agents.set(agent.agent_info.id!.value, agent);
  for (const framework of get_frameworks?.frameworks ?? [])
    model.frameworks.set(framework.framework_info.id!.value, framework);
  for (const task of [
    ...(get_tasks?.completed_tasks ?? []),
    ...(get_tasks?.unreachable_tasks ?? []),
    ...(get_tasks?.tasks ?? []),
  ])
    setTask(model, taskKey(task.framework_id.value, task.task_id.value), task);
  return model;
}

export function applyEvent(model: ClusterModel, event: OperatorEvent): void {
  const { agent_added, agent_removed, framework_added, framework_updated, framework_removed } = event;
  if (agent_added) model.agents.set(agent_added.agent.agent_info.id!.value, agent_added.agent);
  if (agent_removed) model.agents.delete(agent_removed.agent_id.value);
  const framework = (framework_added ?? framework_updated)?.framework;
  if (framework) model.frameworks.set(framework.framework_info.id!.value, framework);
  if (framework_removed) model.frameworks.delete(framework_removed.framework_info.id!.value);
  if (event.task_added) {
    const { task } = event.task_added;
    setTask(model, taskKey(task.framework_id.value, task.task_id.value), task);
  }
  if (event.task_updated) {
    const { framework_id, status, state } = event.task_updated;
    const key = taskKey(framework_id.value, status.task_id.value);
    const task = model.tasks.get(key);
    if (task) setTask(model, key, { ...task, state, statuses: [...(task.statuses ?? []), status] });
  }
}

function setTask({ tasks, ended }: ClusterModel, key: string, task: Task): void {
  tasks.set(key, task);
  if (!isTerminal(task.state)) return;
  ended.add(key);
  if (ended.size <= MOST_ENDED) return;
  const [oldest] = ended;
  ended.delete(oldest);
  tasks.delete(oldest);
}
