/** Tasks and executors as the endpoints from before v1 write them (reference §9). */
import type { CommandInfo, ExecutorInfo, Label, Task, TaskStatus } from '../../protocol/v1/mesos.ts';
import { Resources } from '../../resources/resources.ts';
import { flatLimits, flatResources } from './flat-resources.ts';

type Json = Readonly<Record<string, unknown>>;

export function flatTask(task: Task): Json {
  const { statuses = [], labels, resources, limits, user, discovery, container, health_check } = task;
  return {
    id: task.task_id.value,
    name: task.name,
    framework_id: task.framework_id.value,
    executor_id: task.executor_id?.value ?? '',
    slave_id: task.agent_id.value,
    state: task.state,
    resources: flatResources(Resources.of(resources)),
    limits: flatLimits(limits),
    role: resources?.find(({ allocation_info }) => allocation_info?.role)?.allocation_info?.role ?? '*',
    statuses: statuses.map(flatStatus),
    ...(user !== undefined && { user }),
    ...(labels?.labels && { labels: flatLabels(labels.labels) }),
    ...(discovery && { discovery }),
    ...(container && { container }),
    ...(health_check && { health_check }),
  };
}

export function flatLabels(labels: readonly Label[] = []): readonly Json[] {
  return labels.map(({ key, value }) => ({ key, ...(value !== undefined && { value }) }));
}

export function flatCommand({
  shell = true,
  value,
  arguments: argv,
  environment,
  uris = [],
}: CommandInfo): Json {
  return {
    shell,
    ...(value !== undefined && { value }),
    argv: argv ?? [],
    ...(environment && { environment }),
    uris: uris.map(({ value: uri, executable = false, ...rest }) => ({ value: uri, executable, ...rest })),
  };
}

export function flatExecutor({
  executor_id,
  name = '',
  command,
  resources,
  labels,
  type = 'CUSTOM',
}: ExecutorInfo): Json {
  return {
    executor_id: executor_id.value,
    name,
    ...(command && { command: flatCommand(command) }),
    resources: flatResources(Resources.of(resources)),
    ...(labels?.labels && { labels: flatLabels(labels.labels) }),
    type,
  };
}

function flatStatus({ state, timestamp, labels, container_status, healthy }: TaskStatus): Json {
  return {
    state,
    timestamp: timestamp ?? 0,
    ...(labels?.labels && { labels: flatLabels(labels.labels) }),
    ...(container_status && { container_status }),
    ...(healthy !== undefined && { healthy }),
  };
}
