/** A master's books as the endpoints from before v1 write them (reference §9), from what operators read by v1. */
import type {
  OperatorResponseGetAgentsAgent,
  OperatorResponseGetFrameworksFramework,
  OperatorResponseGetState,
} from '../../../protocol/v1/master.ts';
import type { MasterInfo, Offer, Task, TaskState } from '../../../protocol/v1/mesos.ts';
import { Resources } from '../../../resources/resources.ts';
import { later } from '../../http/json-slices.ts';
import {
  flatAttributes,
  flatReserved,
  flatResources,
  fullReserved,
  fullResources,
} from '../../legacy/flat-resources.ts';
import { flatExecutor, flatLabels, flatTask } from '../../legacy/flat-task.ts';
import type { MasterFacts } from '../master-facts.ts';

type Json = Readonly<Record<string, unknown>>;
type AgentEntry = OperatorResponseGetAgentsAgent;
type FrameworkEntry = OperatorResponseGetFrameworksFramework;

const STATES: readonly TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
];

/** `/state` */
export function legacyState(
  read: OperatorResponseGetState,
  info: MasterInfo,
  electedSeconds: number,
  unreachable: number,
  facts: MasterFacts,
): Json {
  const agents = read.get_agents?.agents ?? [];
  const active = agents.filter(({ active }) => active).length;
  return {
    ...facts.version,
    start_time: facts.startSeconds,
    elected_time: electedSeconds,
    id: info.id,
    pid: pidOf(info),
    hostname: info.hostname,
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    activated_slaves: active,
    deactivated_slaves: agents.length - active,
    unreachable_slaves: unreachable,
    leader: pidOf(info),
    leader_info: { id: info.id, pid: pidOf(info), port: info.port, hostname: info.hostname },
    ...(facts.flags.cluster && { cluster: facts.flags.cluster }),
    flags: facts.flags,
    ...legacySlaves(read, null),
    ...legacyFrameworks(read, null),
    orphan_tasks: [],
  };
}

export function pidOf({ address, hostname, port }: MasterInfo): string {
  return `master@${address?.ip ?? hostname}:${address?.port ?? port}`;
}

/** `/slaves` @param id of the one that is wanted; `null`: all */
export function legacySlaves({ get_agents }: OperatorResponseGetState, id: string | null): Json {
  const isWanted = ({ agent_info }: AgentEntry) => id === null || agent_info.id?.value === id;
  return {
    slaves: (get_agents?.agents ?? []).filter(isWanted).map((agent) => later(() => flatAgent(agent))),
    recovered_slaves: (get_agents?.recovered_agents ?? []).map(
      ({ id: own, hostname, port, resources, attributes }) => ({
        id: own?.value,
        hostname,
        port,
        resources: flatResources(Resources.of(resources)),
        attributes: flatAttributes(attributes),
      }),
    ),
  };
}

function flatAgent(agent: AgentEntry): Json {
  const { agent_info, capabilities = [], drain_info } = agent;
  const total = Resources.of(agent.total_resources);
  const used = Resources.of(agent.allocated_resources);
  const offered = Resources.of(agent.offered_resources);
  return {
    ...agentHead(agent),
    resources: flatResources(total),
    used_resources: flatResources(used),
    offered_resources: flatResources(offered),
    reserved_resources: flatReserved(total),
    unreserved_resources: flatResources(total.unreserved()),
    reserved_resources_full: fullReserved(total),
    unreserved_resources_full: fullResources(total.unreserved()),
    used_resources_full: fullResources(used),
    offered_resources_full: fullResources(offered),
    capabilities: capabilities.map(({ type }) => type),
    ...(agent_info.domain && { domain: agent_info.domain }),
    ...(drain_info && { drain_info }),
  };
}

function agentHead({
  agent_info,
  pid = '',
  active,
  deactivated = false,
  version,
  ...times
}: AgentEntry): Json {
  return {
    id: agent_info.id!.value,
    hostname: agent_info.hostname,
    port: agent_info.port,
    attributes: flatAttributes(agent_info.attributes),
    pid,
    registered_time: seconds(times.registered_time),
    ...(times.reregistered_time && { reregistered_time: seconds(times.reregistered_time) }),
    active,
    deactivated,
    version,
  };
}

/** `/frameworks` @param id of the one that is wanted; `null`: all */
export function legacyFrameworks(read: OperatorResponseGetState, id: string | null): Json {
  const tasks = {
    tasks: byFramework(read.get_tasks?.tasks),
    unreachable_tasks: byFramework(read.get_tasks?.unreachable_tasks),
    completed_tasks: byFramework(read.get_tasks?.completed_tasks),
  };
  const executors = Map.groupBy(
    read.get_executors?.executors ?? [],
    ({ executor_info }) => executor_info.framework_id?.value,
  );
  const flat = (framework: FrameworkEntry): Json => {
    const own = framework.framework_info.id!.value;
    const of = (map: ReadonlyMap<string, readonly Task[]>) => (map.get(own) ?? []).map(flatTask);
    return {
      ...flatFramework(framework),
      tasks: of(tasks.tasks),
      unreachable_tasks: of(tasks.unreachable_tasks),
      completed_tasks: of(tasks.completed_tasks),
      executors: (executors.get(own) ?? []).map(({ executor_info, agent_id }) => ({
        ...flatExecutor(executor_info),
        framework_id: own,
        slave_id: agent_id.value,
      })),
    };
  };
  const isWanted = ({ framework_info }: FrameworkEntry) => id === null || framework_info.id?.value === id;
  const { frameworks = [], completed_frameworks = [] } = read.get_frameworks ?? {};
  return {
    frameworks: frameworks.filter(isWanted).map((framework) => later(() => flat(framework))),
    completed_frameworks: completed_frameworks
      .filter(isWanted)
      .map((framework) => later(() => flat(framework))),
    unregistered_frameworks: [],
  };
}

function flatFramework(framework: FrameworkEntry): Json {
  const { framework_info: info, active, connected, recovered, offers = [], ...rest } = framework;
  const used = flatResources(Resources.of(rest.allocated_resources));
  return {
    id: info.id!.value,
    name: info.name,
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    hostname: info.hostname ?? '',
    ...(info.webui_url !== undefined && { webui_url: info.webui_url }),
    ...(info.principal !== undefined && { principal: info.principal }),
    ...(info.roles === undefined ? { role: info.role ?? '*' } : { roles: info.roles }),
    ...(info.labels?.labels && { labels: flatLabels(info.labels.labels) }),
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    active,
    connected,
    recovered,
    registered_time: seconds(rest.registered_time),
    unregistered_time: seconds(rest.unregistered_time),
    ...(rest.reregistered_time && { reregistered_time: seconds(rest.reregistered_time) }),
    used_resources: used,
    resources: used,
    offered_resources: flatResources(Resources.of(rest.offered_resources)),
    offers: offers.map(flatOffer),
    ...(rest.offer_constraints && { offer_constraints: rest.offer_constraints }),
  };
}

function flatOffer({ id, framework_id, agent_id, allocation_info, resources }: Offer): Json {
  return {
    id: id.value,
    framework_id: framework_id.value,
    slave_id: agent_id.value,
    ...(allocation_info && { allocation_info }),
    resources: flatResources(Resources.of(resources)),
  };
}

/** `/state-summary` */
export function legacySummary(
  read: OperatorResponseGetState,
  info: MasterInfo,
  cluster: string | undefined,
): Json {
  const tasks = allTasks(read);
  const counted = (some: readonly Task[]) =>
    Object.fromEntries(STATES.map((state) => [state, some.filter((task) => task.state === state).length]));
  const byAgent = Map.groupBy(tasks, ({ agent_id }) => agent_id.value);
  const byOwner = byFramework(tasks);
  const ids = (some: readonly Task[], key: 'agent_id' | 'framework_id') => [
    ...new Set(some.map((task) => task[key].value)),
  ];
  return {
    hostname: info.hostname,
    ...(cluster && { cluster }),
    slaves: (read.get_agents?.agents ?? []).map((agent) => {
      const own = byAgent.get(agent.agent_info.id!.value) ?? [];
      return { ...flatAgent(agent), ...counted(own), framework_ids: ids(own, 'framework_id') };
    }),
    frameworks: (read.get_frameworks?.frameworks ?? []).map((framework) => {
      const own = byOwner.get(framework.framework_info.id!.value) ?? [];
      return { ...flatFramework(framework), ...counted(own), slave_ids: ids(own, 'agent_id') };
    }),
  };
}

/** `/tasks`: by the time of their first status, newest first unless `order` is `asc`. */
export function legacyTasks(read: OperatorResponseGetState, query: URLSearchParams): Json {
  const [limit, offset] = [Number(query.get('limit') ?? 100), Number(query.get('offset') ?? 0)];
  const [framework, task] = [query.get('framework_id'), query.get('task_id')];
  const wanted = allTasks(read).filter(
    ({ framework_id, task_id }) =>
      (framework === null || framework_id.value === framework) && (task === null || task_id.value === task),
  );
  const startOf = ({ statuses = [] }: Task) => statuses[0]?.timestamp ?? 0;
  const sign = query.get('order') === 'asc' ? 1 : -1;
  wanted.sort((a, b) => sign * (startOf(a) - startOf(b)));
  return { tasks: wanted.slice(offset, offset + limit).map(flatTask) };
}

function allTasks({ get_tasks }: OperatorResponseGetState): Task[] {
  const { tasks = [], unreachable_tasks = [], completed_tasks = [] } = get_tasks ?? {};
  return [...tasks, ...unreachable_tasks, ...completed_tasks];
}

function byFramework(tasks: readonly Task[] = []): ReadonlyMap<string, readonly Task[]> {
  return Map.groupBy(tasks, ({ framework_id }) => framework_id.value);
}

function seconds(time: { readonly nanoseconds: number } | undefined): number {
  return (time?.nanoseconds ?? 0) / 1e9;
}
