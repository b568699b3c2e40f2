/** Plays one schedule: every event is checked, and after the trouble is over the cluster has to come to rest. */
import type { Agent } from '../../agent/agent.ts';
import { MILLI } from '../../cluster/resources.ts';
import { US_PER_SECOND } from '../../cluster/time.ts';
import type { Scheduler } from '../../frameworks/scheduler.ts';
import { Service } from '../../frameworks/service.ts';
import type { Master } from '../../master/master.ts';
import type { OperatorCall } from '../../protocol/v1/master.ts';
import type { MasterNode } from '../protocol/master-node.ts';
import { buildCluster, type ClusterUnderTest, type Makers, REAL_MAKERS } from './cluster-under-test.ts';
import { Invariants, Violation } from './invariants.ts';
import { endOfTrouble, type OperatorCommand, type Schedule, serviceRole } from './schedule.ts';

export interface ScheduleResult {
  /** `null`: nothing was broken. */
  readonly violation: Violation | null;
  readonly virtualUs: number;
  readonly events: number;
  /** Of all that happened. */
  readonly digest: string;
}

/** After the last fault: time for pings to time out, for back-offs to end and for work to be done. */
const SETTLE_US = 600 * US_PER_SECOND;
const LOOK_US = 5 * US_PER_SECOND;
/** More than this in one instant of virtual time is a machine that never stops. */
const EVENTS_MAX = 3_000_000;

/** @param makers real machines, unless the checks themselves are tested */
export function runSchedule(schedule: Schedule, makers: Makers = REAL_MAKERS): ScheduleResult {
  const cluster = buildCluster(schedule, makers);
  const { world } = cluster;
  const invariants = new Invariants(cluster);
  let violation: Violation | null = null;
  try {
    for (const command of [...schedule.commands].sort((a, b) => a.atUs - b.atUs)) {
      playUntil(cluster, command.atUs);
      operate(cluster, command);
    }
    const troubleUs = endOfTrouble(schedule);
    playUntil(cluster, troubleUs);
    let unrest: string | null = 'nothing was looked at';
    for (let atUs = troubleUs; unrest !== null && atUs < troubleUs + SETTLE_US; atUs += LOOK_US) {
      playUntil(cluster, atUs + LOOK_US);
      unrest = restlessness(cluster, invariants, schedule);
    }
    if (unrest !== null) throw new Violation('the cluster comes to rest after faults', unrest);
  } catch (error) {
    // A machine that finds its own books wrong breaks a rule, too.
    violation =
      error instanceof Violation
        ? error
        : new Violation('machines do not fail', String((error as Error).stack));
  }
  return {
    violation,
    virtualUs: world.timeline.nowUs,
    events: world.timeline.eventCount,
    digest: world.digest.toString(),
  };
}

function playUntil({ world }: ClusterUnderTest, untilUs: number): void {
  world.advance(EVENTS_MAX, untilUs);
  if (world.timeline.nextUs <= untilUs)
    throw new Violation('time goes on', `${EVENTS_MAX} events up to ${world.timeline.nowUs} µs`);
}

/** Why the cluster is not at rest; `null`: it is. */
function restlessness(
  { world, applicationOf }: ClusterUnderTest,
  invariants: Invariants,
  schedule: Schedule,
): string | null {
  const leader = world.leader;
  if (leader === null) return 'nobody leads';
  const { state } = leader.process!.machine.master as Master;
  if (state.phase !== 'leading') return 'the leader has not finished recovery';
  const hasEnded = new Set(world.schedulers.flatMap(({ name, problem }) => (problem === null ? name : [])));
  for (const node of world.agents) {
    const agent = (node.process?.machine as Agent | undefined)?.state;
    const id = agent?.id ?? null;
    if (id !== null && state.goneAgents.has(id)) continue;
    if (agent?.phase !== 'running') return `${node.name} is ${agent?.phase ?? 'not up'}`;
    const record = state.agents.get(id!);
    if (record === undefined || record.link === null) return `${node.name} is not connected to the leader`;
    if (!record.total.equals(agent.total))
      return `the leader believes that ${node.name} has ${record.total}, and it has ${agent.total}`;
    for (const framework of agent.frameworks.values()) {
      // A new master does not know what an old one tore down: agents keep what they did not hear of (reference §2.3).
      if (hasEnded.has(framework.info.name)) continue;
      for (const task of framework.tasks.values()) {
        if (task.updates.length > 0)
          return `${node.name} has an unacknowledged update, ${task.updates[0].state} of ${task.id}`;
        const known = state.frameworks.get(framework.id)?.tasks.get(task.id);
        if (known === undefined || !record.tasks.has(known))
          return `the leader does not know ${task.id} on ${node.name}`;
      }
    }
    for (const task of record.tasks)
      if (!agent.frameworks.get(task.framework.id)?.tasks.has(task.id))
        return `the leader knows ${task.id} on ${node.name}, which does not`;
  }
  if (state.operations.size > 0) return 'an operation is pending';
  for (const node of world.schedulers) {
    const application = applicationOf.get(node.name)!;
    if (node.problem === null) continue;
    if (node.problem !== undefined) return `${node.name} ended: ${node.problem}`;
    const isPossible = hasRoom(state, schedule, node.name);
    if (!(application instanceof Service)) {
      if (isPossible) return `${node.name} has work left`;
      continue;
    }
    const wanted = application.wanted.instances;
    if (application.running !== wanted && isPossible)
      return `${node.name} has ${application.running} of ${wanted} instances`;
    const scheduler = node.process?.machine as Scheduler | undefined;
    const framework = [...state.frameworks.values()].find(({ info }) => info.name === node.name);
    for (const task of framework?.tasks.values() ?? [])
      if (!scheduler?.knows(task.id)) return `${node.name} does not know its task ${task.id}`;
    const unheard = invariants.unheard(node);
    if (unheard.length > 0) return `${node.name} never heard ${unheard[0]}`;
  }
  return null;
}

/** Whether agents and quota leave room for all services and one task more: operators may have taken it. */
function hasRoom(state: Master['state'], schedule: Schedule, role: string): boolean {
  const agents = [...state.agents.values()].filter((agent) => !agent.isDeactivated);
  const free = agents.reduce((sum, { total }) => sum + total.unreserved().quantities().get('cpus'), 0);
  const services = schedule.services.reduce((sum, { instances }) => sum + instances, 0);
  const index = schedule.services.findIndex((_, s) => serviceRole(s) === role);
  const own = index < 0 ? 1 : schedule.services[index].instances;
  const limit = state.quotas.get(role)?.limits?.cpus?.value ?? Number.POSITIVE_INFINITY;
  return free / MILLI >= services + 1 && limit >= own;
}

function operate({ world }: ClusterUnderTest, command: OperatorCommand): void {
  const node = world.leader;
  const call = node && callOf(node, command);
  if (node === null || call === null) return;
  node.process!.step({
    kind: 'operator-call',
    exchange: `operator ${command.atUs}`,
    call,
    principal: null,
  });
}

/** `null`: it cannot be said to this leader. */
function callOf(node: MasterNode, command: OperatorCommand): OperatorCall | null {
  const { state } = node.process!.machine.master as Master;
  switch (command.kind) {
    case 'weight':
      return {
        type: 'UPDATE_WEIGHTS',
        update_weights: { weight_infos: [{ role: command.role, weight: command.weight }] },
      };
    case 'quota': {
      const limits = { cpus: { value: command.cpus } };
      return { type: 'UPDATE_QUOTA', update_quota: { quota_configs: [{ role: command.role, limits }] } };
    }
  }
  const agent = [...state.agents.values()].find(({ info }) => info.hostname === `agent-${command.agent}`);
  if (agent === undefined) return null;
  const agent_id = agent.wireId;
  switch (command.kind) {
    case 'drain':
      return { type: 'DRAIN_AGENT', drain_agent: { agent_id } };
    case 'deactivate':
      return { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } };
    case 'reactivate':
      return { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } };
    case 'gone':
      // One that is left can still run all the work.
      return state.agents.size < 2 ? null : { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id } };
  }
  const resources = [
    {
      name: 'cpus',
      type: 'SCALAR' as const,
      scalar: { value: 1 },
      reservations: [{ type: 'DYNAMIC' as const, role: command.role }],
    },
  ];
  return command.kind === 'reserve'
    ? { type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources } }
    : { type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id, resources } };
}
