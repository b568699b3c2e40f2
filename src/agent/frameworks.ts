/** Frameworks of which the agent runs, or ran, something. */
import type { FrameworkInfo } from '../protocol/v1/mesos.ts';
import { saveFramework } from './checkpoint.ts';
import type { AgentContext } from './context.ts';
import type { FrameworkRecord } from './state.ts';

/** The framework's record, made or brought up to date. @param info with id */
export function knowFramework(agent: AgentContext, info: FrameworkInfo): FrameworkRecord {
  const id = info.id!.value;
  let framework = agent.state.frameworks.get(id);
  if (framework === undefined) {
    framework = addFramework(agent, id, info);
    if (info.checkpoint) agent.save([saveFramework(id, info)]);
  } else updateFramework(agent, info);
  return framework;
}

/** One that comes back finds what it had completed. */
export function addFramework({ state }: AgentContext, id: string, info: FrameworkInfo): FrameworkRecord {
  const past = state.completedFrameworks.findIndex((completed) => completed.id === id);
  const completedExecutors = past < 0 ? [] : state.completedFrameworks.splice(past, 1)[0].completedExecutors;
  const framework: FrameworkRecord = {
    id,
    info,
    isShuttingDown: false,
    executors: new Map(),
    tasks: new Map(),
    completedExecutors,
  };
  state.frameworks.set(id, framework);
  return framework;
}

/** Whether it checkpoints never changes. */
export function updateFramework(agent: AgentContext, info: FrameworkInfo): void {
  const framework = agent.state.frameworks.get(info.id!.value);
  if (framework === undefined || framework.info === info) return;
  framework.info = { ...info, checkpoint: framework.info.checkpoint };
  if (framework.info.checkpoint) agent.save([saveFramework(framework.id, framework.info)]);
}

/** Forgotten with its last executor and its last task. */
export function forgetFramework(agent: AgentContext, framework: FrameworkRecord): void {
  if (framework.executors.size > 0 || framework.tasks.size > 0) return;
  agent.state.frameworks.delete(framework.id);
  remember(agent.state.completedFrameworks, framework, agent.flags.maxCompletedFrameworks);
  if (framework.info.checkpoint) agent.save([saveFramework(framework.id, null)]);
}

/** The last `limit` are kept. */
export function remember<T>(list: T[], item: T, limit: number): void {
  if (limit === 0) return;
  if (list.length >= limit) list.shift();
  list.push(item);
}

export function isPartitionAware({ info }: FrameworkRecord): boolean {
  return info.capabilities?.some(({ type }) => type === 'PARTITION_AWARE') ?? false;
}
