/** Measures of a master, by the names of /metrics/snapshot (reference §16). Gauges are counted when asked for. */
import { MILLI } from '../cluster/resources.ts';
import type { TaskState } from '../protocol/v1/mesos.ts';
import { Quantities } from '../resources/quantities.ts';
import type { MasterContext } from './context.ts';
import type { FrameworkRecord } from './state.ts';
import { usedOn } from './usage.ts';

type Measures = Map<string, number>;

const RESOURCES = ['cpus', 'gpus', 'mem', 'disk'];

/** Of tasks in the books. */
const STATES: readonly (readonly [name: string, state: TaskState])[] = [
  ['staging', 'TASK_STAGING'],
  ['starting', 'TASK_STARTING'],
  ['running', 'TASK_RUNNING'],
  ['killing', 'TASK_KILLING'],
];

/** Told as 0 before anything is counted. */
const COUNTERS = [
  ...['finished', 'failed', 'killed', 'lost', 'error', 'dropped', 'gone', 'gone_by_operator'].map(
    (state) => `tasks_${state}`,
  ),
  ...[
    'register_framework',
    'reregister_framework',
    'unregister_framework',
    'launch_tasks',
    'decline_offers',
    'revive_offers',
    'suppress_offers',
    'kill_task',
    'resource_request',
    'reconcile_tasks',
    'reconcile_operations',
    'status_update',
    'status_update_acknowledgement',
    'operation_status_update',
    'operation_status_update_acknowledgement',
    'framework_to_executor',
    'executor_to_framework',
    'register_slave',
    'reregister_slave',
    'unregister_slave',
    'exited_executor',
  ].map((message) => `messages_${message}`),
  ...['valid', 'invalid'].flatMap((verdict) =>
    [
      'status_updates',
      'status_update_acknowledgements',
      'operation_status_updates',
      'operation_status_update_acknowledgements',
      'framework_to_executor_messages',
      'executor_to_framework_messages',
    ].map((what) => `${verdict}_${what}`),
  ),
  'slave_registrations',
  'slave_reregistrations',
  'slave_removals',
  'slave_removals/reason_unhealthy',
  'slave_removals/reason_unregistered',
  'slave_removals/reason_registered',
  'slave_unreachable_scheduled',
  'slave_unreachable_completed',
  'slave_unreachable_canceled',
  'recovery_slave_removals',
];

export function metrics(master: MasterContext): ReadonlyMap<string, number> {
  const measures: Measures = new Map();
  measures.set('master/elected', master.state.phase === 'standby' ? 0 : 1);
  measureResources(master, measures);
  measureAgents(master, measures);
  measureFrameworks(master, measures);
  for (const name of COUNTERS) measures.set(`master/${name}`, 0);
  for (const [name, value] of master.counters) measures.set(`master/${name}`, value);
  measureAllocator(master, measures);
  return measures;
}

function measureResources({ state }: MasterContext, measures: Measures): void {
  for (const [infix, isRevocable] of [
    ['', false],
    ['_revocable', true],
  ] as const) {
    let total = Quantities.empty;
    let used = Quantities.empty;
    for (const agent of state.agents.values()) {
      total = total.plus(agent.total.filter((kind) => kind.isRevocable === isRevocable).quantities());
      for (const resources of usedOn(agent).values())
        used = used.plus(resources.filter((kind) => kind.isRevocable === isRevocable).quantities());
    }
    for (const name of RESOURCES) {
      const [all, taken] = [total.get(name), used.get(name)];
      measures.set(`master/${name}${infix}_total`, all / MILLI);
      measures.set(`master/${name}${infix}_used`, taken / MILLI);
      measures.set(`master/${name}${infix}_percent`, all === 0 ? 0 : taken / all);
    }
  }
}

function measureAgents({ state }: MasterContext, measures: Measures): void {
  let connected = 0;
  let active = 0;
  for (const agent of state.agents.values()) {
    if (agent.link === null) continue;
    connected++;
    if (!agent.isDeactivated) active++;
  }
  measures.set('master/slaves_connected', connected);
  measures.set('master/slaves_disconnected', state.agents.size - connected);
  measures.set('master/slaves_active', active);
  measures.set('master/slaves_inactive', state.agents.size - active);
  measures.set('master/slaves_unreachable', state.unreachableAgents.size);
}

function measureFrameworks({ state }: MasterContext, measures: Measures): void {
  let active = 0;
  let unreachable = 0;
  const tasks = new Map<TaskState, number>();
  for (const framework of state.frameworks.values()) {
    if (framework.connection === 'active') active++;
    unreachable += framework.unreachableTasks.size;
    const own = new Map<TaskState, number>();
    for (const task of framework.tasks.values()) own.set(task.state, (own.get(task.state) ?? 0) + 1);
    for (const [of, count] of own) tasks.set(of, (tasks.get(of) ?? 0) + count);
    measureFramework(framework, own, measures);
  }
  measures.set('master/frameworks_active', active);
  measures.set('master/frameworks_inactive', state.frameworks.size - active);
  measures.set('master/frameworks_connected', active);
  measures.set('master/frameworks_disconnected', state.frameworks.size - active);
  for (const [name, of] of STATES) measures.set(`master/tasks_${name}`, tasks.get(of) ?? 0);
  measures.set('master/tasks_unreachable', unreachable);
  measures.set('master/outstanding_offers', state.offers.size);
  measures.set('master/operator_event_stream_subscribers', state.operatorStreams.size);
  measures.set('master/operations/total', state.operations.size);
}

function measureFramework(
  framework: FrameworkRecord,
  tasks: ReadonlyMap<TaskState, number>,
  measures: Measures,
): void {
  const prefix = `master/frameworks/${encodeURIComponent(framework.info.name)}/${framework.id}`;
  measures.set(`${prefix}/subscribed`, framework.connection === 'active' ? 1 : 0);
  for (const [name, counters] of [
    ['calls', framework.calls],
    ['events', framework.events],
    ['operations', framework.operationCounts],
  ] as const) {
    let sum = 0;
    for (const [type, count] of counters) {
      sum += count;
      measures.set(`${prefix}/${name}/${type.toLowerCase()}`, count);
    }
    measures.set(`${prefix}/${name}`, sum);
  }
  for (const name of ['sent', 'accepted', 'declined', 'rescinded'])
    measures.set(`${prefix}/offers/${name}`, framework.offerCounts.get(name));
  for (const [, state] of STATES)
    measures.set(`${prefix}/tasks/active/${state.toLowerCase()}`, tasks.get(state) ?? 0);
  for (const [state, count] of framework.endedTasks)
    measures.set(`${prefix}/tasks/terminal/${state.toLowerCase()}`, count);
  for (const role of framework.roles)
    measures.set(`${prefix}/roles/${role}/suppressed`, framework.suppressedRoles.has(role) ? 1 : 0);
}

function measureAllocator({ allocator }: MasterContext, measures: Measures): void {
  measures.set('allocator/mesos/allocation_runs', allocator.runCount);
  let total = Quantities.empty;
  let held = Quantities.empty;
  for (const agent of allocator.agents().values()) {
    total = total.plus(agent.total.quantities());
    for (const resources of agent.held.values()) held = held.plus(resources.quantities());
  }
  for (const [name, milli] of total) {
    measures.set(`allocator/mesos/resources/${name}/total`, milli / MILLI);
    measures.set(`allocator/mesos/resources/${name}/offered_or_allocated`, held.get(name) / MILLI);
  }
  for (const { path, quota, consumed, frameworks } of allocator.roles()) {
    measures.set(`allocator/mesos/offer_filters/roles/${path}/active`, allocator.filterCount(path));
    if (frameworks.size > 0)
      measures.set(`allocator/mesos/roles/${path}/shares/dominant`, allocator.dominantShare(path));
    if (quota === null) continue;
    const prefix = `allocator/mesos/quota/roles/${path}/resources`;
    for (const [name, milli] of quota.guarantees) measures.set(`${prefix}/${name}/guarantee`, milli / MILLI);
    for (const [name, milli] of quota.limits) measures.set(`${prefix}/${name}/limit`, milli / MILLI);
    for (const name of new Set([...quota.guarantees.names, ...quota.limits.keys()]))
      measures.set(`${prefix}/${name}/offered_or_allocated`, consumed.get(name) / MILLI);
  }
}
