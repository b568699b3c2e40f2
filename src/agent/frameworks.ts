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
    framework = { id, info, isShuttingDown: false, executors: new Map(), tasks: new Map() };
    agent.state.frameworks.set(id, framework);
    if (info.checkpoint) agent.save([saveFramework(id, info)]);
  } else updateFramework(agent, info);
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
  if (framework.info.checkpoint) agent.save([saveFramework(framework.id, null)]);
}

export function isPartitionAware({ info }: FrameworkRecord): boolean {
  return info.capabilities?.some(({ type }) => type === 'PARTITION_AWARE') ?? false;
}
