/** Executors' containers with what they use, for GET_CONTAINERS, /containers and /monitor/statistics (reference §8.1, 9). */
import type { ExecutorRecord } from '../../agent/state.ts';
import type { AgentResponseGetContainersContainer } from '../../protocol/v1/agent.ts';
import type { ContainerStatus, ResourceStatistics } from '../../protocol/v1/mesos.ts';
import { type AgentView, runningExecutors } from './views.ts';

/** Where the figures come from. */
export interface ContainerUsage {
  statistics(container: string): Promise<ResourceStatistics | null>;
  status(container: string): ContainerStatus | null;
}

interface ContainerView {
  readonly executor: ExecutorRecord;
  readonly status: ContainerStatus | null;
  readonly statistics: ResourceStatistics | null;
}

type Json = Readonly<Record<string, unknown>>;

export async function containersView(
  agent: AgentView,
  usage: ContainerUsage,
): Promise<AgentResponseGetContainersContainer[]> {
  const views = await containers(agent, usage);
  return views.map(({ executor, status, statistics }) => ({
    framework_id: { value: executor.framework.id },
    executor_id: executor.info.executor_id,
    executor_name: executor.info.name ?? '',
    container_id: { value: executor.container },
    ...(status !== null && { container_status: status }),
    ...(statistics !== null && { resource_statistics: statistics }),
  }));
}

/** @param only one container; `null`: all */
export async function legacyContainers(
  agent: AgentView,
  usage: ContainerUsage,
  only: string | null,
): Promise<readonly Json[]> {
  const views = await containers(agent, usage);
  return views
    .filter(({ executor }) => only === null || executor.container === only)
    .map((view) => ({
      container_id: view.executor.container,
      ...legacyUsage(view),
      status: { container_id: { value: view.executor.container }, ...view.status },
    }));
}

export async function legacyStatistics(agent: AgentView, usage: ContainerUsage): Promise<readonly Json[]> {
  const views = await containers(agent, usage);
  return views.map(legacyUsage);
}

function legacyUsage({ executor: { id, info, framework }, statistics }: ContainerView): Json {
  return {
    executor_id: id,
    executor_name: info.name ?? '',
    framework_id: framework.id,
    source: info.source ?? '',
    statistics: statistics ?? {},
  };
}

function containers(agent: AgentView, usage: ContainerUsage): Promise<ContainerView[]> {
  return Promise.all(
    runningExecutors(agent).map(async (executor) => ({
      executor,
      status: usage.status(executor.container),
      statistics: await usage.statistics(executor.container),
    })),
  );
}
