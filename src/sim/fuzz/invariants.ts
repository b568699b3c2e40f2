/** What must hold after every event of a simulated cluster, whatever goes wrong in it. */
import type { Agent } from '../../agent/agent.ts';
import { usedBy } from '../../agent/executors.ts';
import type { AgentEffect } from '../../agent/io.ts';
import type { ElectedMasterEffect } from '../../master/elected-master.ts';
import type { Master } from '../../master/master.ts';
import { usedOn } from '../../master/usage.ts';
import { topLevelRole } from '../../protocol/role-names.ts';
import type { TaskInfo } from '../../protocol/v1/mesos.ts';
import type { SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import { Quantities } from '../../resources/quantities.ts';
import { Resources } from '../../resources/resources.ts';
import { parseResourcesText } from '../../resources/text.ts';
import { AgentNode } from '../protocol/agent-node.ts';
import type { SimulatedExecutor } from '../protocol/executor.ts';
import { MasterNode } from '../protocol/master-node.ts';
import type { Host } from '../protocol/network.ts';
import type { SchedulerNode } from '../protocol/scheduler-node.ts';
import { AGENT_RESOURCES, type ClusterUnderTest } from './cluster-under-test.ts';

/** A rule that the cluster broke. */
export class Violation extends Error {
  /** Names the rule; shrinking keeps to the same one. */
  readonly rule: string;

  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`);
    this.name = 'Violation';
    this.rule = rule;
  }
}

const CONFIGURED = parseResourcesText(AGENT_RESOURCES).quantities();

export class Invariants {
  private readonly cluster: ClusterUnderTest;
  private readonly touched = new Set<Host>();
  /** Containers launched for each task, and updates by task: those sent by its agent, and how many were heard of them. */
  private readonly launched = new Set<string>();
  private readonly sent = new Map<string, string[]>();
  private readonly heard = new Map<string, number>();
  /** Updates that executors may have forgotten, since their agent said that it has them. */
  private readonly acknowledged = new Set<string>();

  constructor(cluster: ClusterUnderTest) {
    this.cluster = cluster;
    const { world } = cluster;
    world.observer = {
      ...world.observer,
      stepped: (host, effects) => this.stepped(host, effects),
      schedulerHeard: (node, event) => this.schedulerHeard(node, event),
    };
    world.onEvent = () => this.check();
  }

  /** Updates that agents took over from executors and that a framework never heard. */
  unheard(node: SchedulerNode): string[] {
    return [...this.acknowledged].filter((update) => {
      const [role, task, uuid] = update.split(' ');
      const key = `${role} ${task}`;
      const order = (this.sent.get(key) ?? []).indexOf(uuid);
      return role === node.name && order >= (this.heard.get(key) ?? 0);
    });
  }

  private check(): void {
    const { world } = this.cluster;
    const leaders = world.masters.filter(({ isLeading }) => isLeading);
    if (leaders.length > 1)
      throw new Violation('one leader acts at a time', leaders.map(({ name }) => name).join(' and '));
    for (const host of this.touched) {
      if (host instanceof MasterNode && host.isLeading) this.checkMaster(host);
      else if (host instanceof AgentNode) checkAgent(host);
    }
    this.touched.clear();
  }

  private stepped(host: Host, effects: readonly { readonly kind: string }[]): void {
    this.touched.add(host);
    if (effects.length === 0) return;
    if (host instanceof AgentNode) this.agentActed(host, effects as readonly AgentEffect[]);
    else if (host instanceof MasterNode) this.masterActed(host, effects as readonly ElectedMasterEffect[]);
  }

  private agentActed(node: AgentNode, effects: readonly AgentEffect[]): void {
    const state = (node.process?.machine as Agent | undefined)?.state;
    for (const effect of effects) {
      if (effect.kind === 'launch-container') {
        const { framework, task, executor } = effect.launch;
        const key = `${framework.name} ${task?.task_id.value ?? executor.executor_id.value}`;
        if (this.launched.has(key)) throw new Violation('a task is launched once', key);
        this.launched.add(key);
      } else if (effect.kind === 'master-message' && effect.message.type === 'STATUS_UPDATE') {
        const { frameworkId, status } = effect.message;
        const role = state?.frameworks.get(frameworkId.value)?.info.name ?? '';
        const key = `${role} ${status.task_id.value}`;
        const sent = this.sent.get(key) ?? [];
        if (sent.length === 0) this.sent.set(key, sent);
        if (!sent.includes(status.uuid!)) sent.push(status.uuid!);
      } else if (effect.kind === 'executor-event' && effect.event.type === 'ACKNOWLEDGED') {
        const role = state?.executorOfConnection.get(effect.connection)?.framework.info.name;
        const { task_id, uuid } = effect.event.acknowledged!;
        if (role !== undefined) this.acknowledged.add(`${role} ${task_id.value} ${uuid}`);
      }
    }
  }

  private masterActed(node: MasterNode, effects: readonly ElectedMasterEffect[]): void {
    const master = node.process?.machine.master as Master | undefined;
    for (const effect of effects) {
      if (effect.kind !== 'event' || effect.event.type !== 'UPDATE') continue;
      const { status } = effect.event.update!;
      const isDenied = status.state === 'TASK_GONE' || status.state === 'TASK_UNKNOWN';
      if (!isDenied || status.reason !== 'REASON_RECONCILIATION') continue;
      const framework = master?.state.frameworkOfStream.get(effect.stream);
      const id = status.task_id.value;
      for (const { name, containers } of this.cluster.world.agents)
        for (const { launch, machine } of containers.values())
          if (launch.framework.id?.value === framework?.id && runs(machine, id))
            throw new Violation(
              'reconciliation tells the truth',
              `${id} is told ${status.state} and runs on ${name}`,
            );
    }
  }

  /** Of each task's updates a framework hears the first, then the next: none is left out, none overtakes another. */
  private schedulerHeard(node: SchedulerNode, event: SchedulerEvent): void {
    const status = event.type === 'UPDATE' ? event.update!.status : null;
    if (status?.uuid === undefined) return;
    const key = `${node.name} ${status.task_id.value}`;
    const order = (this.sent.get(key) ?? []).indexOf(status.uuid);
    const heard = this.heard.get(key) ?? 0;
    if (order > heard)
      throw new Violation('updates come in order', `${key} ${status.state} came before another`);
    if (order === heard) this.heard.set(key, heard + 1);
  }

  private checkMaster(node: MasterNode): void {
    const master = node.process!.machine.master as Master;
    const { state } = master;
    if (state.phase !== 'leading') return;
    const views = this.cluster.allocatorOf.get(master)!.agents();
    for (const agent of state.agents.values()) {
      const held = new Map<string, Resources>(usedOn(agent));
      for (const offer of agent.offers) {
        const id = offer.framework.id;
        held.set(id, (held.get(id) ?? Resources.empty).plus(offer.resources));
        if (!offer.resources.allocatableTo(offer.role).equals(offer.resources))
          throw new Violation('reservations are respected', `${offer.resources} offered to ${offer.role}`);
        if (agent.link === null || agent.isDeactivated)
          throw new Violation('only active agents are offered', agent.info.hostname);
      }
      let all = Resources.empty;
      for (const resources of held.values()) all = all.plus(resources.unallocated());
      if (!agent.total.contains(all))
        throw new Violation('no resource is in two places', `${all} held of ${agent.total}`);
      const view = views.get(agent.id);
      if (view === undefined)
        throw new Violation('allocator and master agree', `${agent.id} is not allocated`);
      if (!view.available.plus(all).equals(agent.total))
        throw new Violation(
          'allocator and master agree',
          `${agent.info.hostname}: ${view.available} available and ${all} held of ${agent.total}`,
        );
    }
    for (const [role, { limits = {} }] of state.quotas) {
      if (![...state.offers.values()].some((offer) => topLevelRole(offer.role) === role)) continue;
      const offered = offeredTo(master, role);
      const other = allocatedTo(master, role);
      for (const [name, { value }] of Object.entries(limits)) {
        const limit = Math.round(value * 1000);
        const room = Math.max(0, limit - other.get(name));
        if (offered.get(name) > room)
          throw new Violation('quota limits are kept', `${role} is offered ${offered} besides ${other}`);
      }
    }
  }
}

function checkAgent(node: AgentNode): void {
  const agent = node.process?.machine as Agent | undefined;
  if (agent === undefined || agent.state.phase === 'new') return;
  let used = Resources.empty;
  for (const { executors } of agent.state.frameworks.values())
    for (const executor of executors.values()) used = used.plus(usedBy(executor).unallocated());
  if (!agent.state.total.contains(used))
    throw new Violation('no agent is over-committed', `${node.name} uses ${used} of ${agent.state.total}`);
  let running = Quantities.empty;
  for (const { machine } of node.containers.values())
    for (const { resources } of runningTasks(machine))
      running = running.plus(Resources.of(resources).quantities());
  if (!CONFIGURED.contains(running))
    throw new Violation('no agent is over-committed', `tasks that run on ${node.name} hold ${running}`);
}

function runs(machine: unknown, taskId: string): boolean {
  for (const { task_id } of runningTasks(machine)) if (task_id.value === taskId) return true;
  return false;
}

/** Of a simulated executor. */
function runningTasks(machine: unknown): Iterable<TaskInfo> {
  return (machine as SimulatedExecutor).runningTasks;
}

function offeredTo({ state }: Master, role: string): Quantities {
  let offered = Quantities.empty;
  for (const offer of state.offers.values())
    if (topLevelRole(offer.role) === role)
      offered = offered.plus(offer.resources.unreserved().nonRevocable().quantities());
  return offered;
}

/** Unreserved resources that the role's tasks hold, and all that is reserved for it. */
function allocatedTo({ state }: Master, role: string): Quantities {
  let allocated = Quantities.empty;
  for (const agent of state.agents.values()) {
    allocated = allocated.plus(
      agent.total.filter((kind) => kind.role !== null && topLevelRole(kind.role) === role).quantities(),
    );
    for (const resources of usedOn(agent).values())
      allocated = allocated.plus(
        resources
          .filter(
            ({ allocationRole, role: reserved }) =>
              reserved === null && topLevelRole(allocationRole!) === role,
          )
          .quantities(),
      );
  }
  return allocated;
}
