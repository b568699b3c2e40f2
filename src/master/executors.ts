/** Executors that frameworks named: each holds its own resources on its agent until it exits. */
import type { ExecutorInfo } from '../protocol/v1/mesos.ts';
import type { Resources } from '../resources/resources.ts';
import type { MasterContext } from './context.ts';
import type { AgentRecord, ExecutorRecord, FrameworkRecord } from './state.ts';

export function findExecutor(
  agent: AgentRecord,
  framework: FrameworkRecord,
  id: string,
): ExecutorRecord | undefined {
  return agent.executors.get(framework)?.get(id);
}

/** @param resources allocated to a role */
export function addExecutor(
  agent: AgentRecord,
  framework: FrameworkRecord,
  info: ExecutorInfo,
  resources: Resources,
): ExecutorRecord {
  const executor = { id: info.executor_id.value, framework, agent, info, resources };
  inner(agent.executors, framework).set(executor.id, executor);
  inner(framework.executors, agent).set(executor.id, executor);
  return executor;
}

export function removeExecutor(master: MasterContext, executor: ExecutorRecord): void {
  const { agent, framework, id, resources } = executor;
  drop(agent.executors, framework, id);
  drop(framework.executors, agent, id);
  if (!resources.isEmpty)
    master.allocator.recover(framework.id, agent.id, resources, null, master.nowUs, true);
}

function inner<K>(outer: Map<K, Map<string, ExecutorRecord>>, key: K): Map<string, ExecutorRecord> {
  let executors = outer.get(key);
  if (executors === undefined) {
    executors = new Map();
    outer.set(key, executors);
  }
  return executors;
}

function drop<K>(outer: Map<K, Map<string, ExecutorRecord>>, key: K, id: string): void {
  const executors = outer.get(key);
  executors?.delete(id);
  if (executors?.size === 0) outer.delete(key);
}
