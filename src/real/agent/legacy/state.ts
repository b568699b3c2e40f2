/** `/state` of an agent (reference §9). */
import { tasksOf, usedBy } from '../../../agent/executors.ts';
import type { ExecutorRecord, FrameworkRecord, TaskRecord } from '../../../agent/state.ts';
import type { AgentInfo, VersionInfo } from '../../../protocol/v1/mesos.ts';
import {
  flatAttributes,
  flatReserved,
  flatResources,
  fullReserved,
  fullResources,
} from '../../legacy/flat-resources.ts';
import { flatExecutor, flatLabels, flatTask } from '../../legacy/flat-task.ts';
import { type AgentView, usedResources, wholeTask } from '../views.ts';

type Json = Readonly<Record<string, unknown>>;

export interface AgentFacts {
  readonly info: AgentInfo;
  /** `slave(1)@ip:port`. */
  readonly pid: string;
  readonly startedUs: number;
  /** As in /version. */
  readonly version: VersionInfo;
  readonly flags: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly workDir: string;
  /** Of the leading master; `null`: none is known. */
  masterHostname(): string | null;
}

export function legacyState(agent: AgentView, facts: AgentFacts): Json {
  const { state } = agent;
  const { info } = facts;
  const total = state.total;
  const used = usedResources(agent).unallocated();
  const masterHostname = facts.masterHostname();
  return {
    ...facts.version,
    start_time: facts.startedUs / 1e6,
    id: state.id ?? '',
    pid: facts.pid,
    hostname: info.hostname,
    ...(info.domain && { domain: info.domain }),
    resources: flatResources(total),
    reserved_resources: flatReserved(total),
    unreserved_resources: flatResources(total.unreserved()),
    reserved_resources_full: fullReserved(total),
    unreserved_resources_full: fullResources(total.unreserved()),
    reserved_resources_allocated: flatReserved(used),
    unreserved_resources_allocated: flatResources(used.unreserved()),
    attributes: flatAttributes(info.attributes),
    ...(masterHostname !== null && { master_hostname: masterHostname }),
    ...(state.drain && { drain_config: state.drain }),
    flags: facts.flags,
    frameworks: Array.from(state.frameworks.values(), (framework) => flatFramework(agent, framework, facts)),
    completed_frameworks: state.completedFrameworks.map((framework) =>
      flatFramework(agent, framework, facts),
    ),
  };
}

function flatFramework(agent: AgentView, framework: FrameworkRecord, facts: AgentFacts): Json {
  const { info, executors, completedExecutors } = framework;
  return {
    id: framework.id,
    name: info.name,
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    hostname: info.hostname ?? '',
    ...(info.principal !== undefined && { principal: info.principal }),
    ...(info.roles === undefined ? { role: info.role ?? '*' } : { roles: info.roles }),
    ...(info.labels?.labels && { labels: flatLabels(info.labels.labels) }),
    executors: Array.from(executors.values(), (executor) => flatRun(agent, executor, facts)),
    completed_executors: completedExecutors.map((executor) => flatRun(agent, executor, facts)),
  };
}

function flatRun(agent: AgentView, executor: ExecutorRecord, { workDir }: AgentFacts): Json {
  const { id, info, container, sandbox, completedTasks } = executor;
  const tasks = tasksOf(executor);
  const flat = (some: readonly TaskRecord[]) => some.map((task) => flatTask(wholeTask(agent, task)));
  return {
    ...flatExecutor(info),
    id,
    source: info.source ?? '',
    container,
    directory: `${workDir}/${sandbox}`,
    resources: flatResources(usedBy(executor)),
    tasks: flat(tasks.filter(({ phase }) => phase === 'launched')),
    queued_tasks: flat(tasks.filter(({ phase }) => phase === 'queued')),
    completed_tasks: flat([...completedTasks, ...tasks.filter(({ phase }) => phase === 'terminated')]),
  };
}
