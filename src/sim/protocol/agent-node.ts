/** An agent in the simulated world: its process, its link to the leading master, its disk and its containers. */
import type { AgentEffect, AgentInput, ContainerLaunch } from '../../agent/io.ts';
import type { RandomStream } from '../../cluster/streams.ts';
import type { StoreEntry } from '../../master/election-io.ts';
import type { MasterMessage } from '../../protocol/internal.ts';
import type { Machine } from '../../protocol/machine.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { Disk } from './disk.ts';
import { ExecutorProcess } from './executor-process.ts';
import type { ExecutorToAgent } from './messages.ts';
import { Node } from './node.ts';
import { OWN_EVENTS, Process } from './process.ts';
import type { MasterHost, Surroundings } from './surroundings.ts';

const CONNECT = OWN_EVENTS;
const LAUNCHED = OWN_EVENTS + 1;
const ENDED = OWN_EVENTS + 2;
const CHECKPOINTED = OWN_EVENTS + 3;
const DETECTED = OWN_EVENTS + 4;

/** From the end of what is in a container to its agent's knowing. */
const REAP_US = 5_000;
/** A link that broke, or could not be opened, is tried again after this. */
const RECONNECT_US = 1_000_000;
/** As wait(2) tells of a process that was killed. */
const KILLED_STATUS = 9;

export interface AgentPlan {
  /** Of the machine; the agent's hostname. */
  readonly name: string;
  readonly rack: string;
  /** Until it is switched on. */
  readonly isOff?: boolean;
  /** Makes the machine for a start of the process. */
  create(random: RandomStream): Machine<AgentInput, AgentEffect>;
}

export class AgentNode extends Node<AgentProcess> {
  readonly world: Surroundings;
  readonly index: number;
  plan: AgentPlan;
  override readonly disk: Disk;
  /** What runs, by container; it may outlive the agent's process. */
  readonly containers = new Map<string, ExecutorProcess>();
  private boots = 1;

  constructor(world: Surroundings, index: number, plan: AgentPlan, clock: Clock) {
    super(world.network, plan.name, plan.rack, clock, world.options.restartDelayUs.agent);
    this.world = world;
    this.index = index;
    this.plan = plan;
    if (plan.isOff) this.switchOff();
    this.disk = new Disk(world.timeline, world.random('disks'), world.options.diskLatencyUs);
  }

  get bootId(): string {
    return `${this.name}-boot-${this.boots}`;
  }

  override powerOff(downUs: number): void {
    for (const executor of this.containers.values()) executor.stop();
    this.containers.clear();
    this.boots++;
    if (this.process === null) this.ended(downUs);
    else this.process.end(true, downUs);
  }

  override killExecutors(status: number): void {
    for (const executor of [...this.containers.values()]) executor.kill(status);
  }

  /** The process starts again with other settings, and finds its tasks again. */
  reconfigure(plan: AgentPlan): void {
    this.plan = plan;
    this.process?.end(false, 0);
  }

  /** Its operator takes it away and sets it up anew with other settings: to masters it is another agent. */
  replace(plan: AgentPlan): void {
    this.process?.step({ kind: 'unregister' });
    this.powerOff(0);
    this.disk.wipe();
    this.plan = plan;
  }

  /** What ran in the container has ended. */
  containerEnded(container: string, status: number): void {
    this.containers.delete(container);
    this.process?.reap(container, status);
  }

  protected create(): AgentProcess {
    return new AgentProcess(this);
  }

  protected begin(process: AgentProcess): void {
    process.step({
      kind: 'start',
      entries: this.disk.entries(),
      liveContainers: [...this.containers.keys()],
      sandboxes: [],
      bootId: this.bootId,
    });
    this.world.store.watch(process, this.world.leaderKey);
  }
}

export class AgentProcess extends Process<AgentInput, AgentEffect> {
  declare readonly host: AgentNode;
  private readonly world: Surroundings;
  private leader: MasterHost | null = null;
  private link: Connection | null = null;
  /** Of executors, by name. */
  private readonly connections = new Map<string, Connection>();
  /** What was not answered yet, by exchange. */
  private readonly exchanges = new Map<string, Connection>();
  /** Containers that are being prepared. */
  private readonly launching = new Set<string>();

  constructor(node: AgentNode) {
    const { world, plan } = node;
    super(node, node.timeline, plan.create(world.random(`${node.name}/${node.starts}`)), world.onStep);
    this.world = world;
  }

  watched(entry: StoreEntry | null): void {
    this.occur(DETECTED, this.world.masterOf(entry));
  }

  /** What ran in the container has ended; the agent finds out a little later. */
  reap(container: string, status: number): void {
    this.timeline.at(this.timeline.nowUs + REAP_US, this, ENDED, { container, status });
  }

  end(isSilent: boolean, downUs: number): void {
    this.stop();
    this.world.store.unwatch(this);
    if (isSilent) this.link?.vanish(0);
    else this.link?.close(0);
    for (const connection of this.connections.values()) connection.close(1);
    this.host.disk.crash();
    this.host.ended(downUs);
  }

  protected take(connection: Connection, message: unknown): void {
    if (connection === this.link) {
      this.step({ kind: 'master-message', link: connection.name, message: message as MasterMessage });
      return;
    }
    // A link that was given up for another may still carry something.
    const { kind, call } = message as ExecutorToAgent;
    if (kind !== 'executor-call') return;
    this.connections.set(connection.name, connection);
    const exchange = this.world.nextName();
    this.exchanges.set(exchange, connection);
    this.step({ kind: 'executor-call', exchange, connection: connection.name, call });
  }

  protected lost(connection: Connection): void {
    if (connection === this.link) {
      this.link = null;
      this.connectIn(RECONNECT_US);
      this.step({ kind: 'link-broken', link: connection.name });
    } else if (this.connections.delete(connection.name))
      this.step({ kind: 'executor-disconnected', connection: connection.name });
  }

  protected happen(what: number, payload: unknown): void {
    if (what === CONNECT) this.connect();
    else if (what === DETECTED) this.follow(payload as MasterHost | null);
    else if (what === LAUNCHED) this.launched(payload as ContainerLaunch);
    else if (what === CHECKPOINTED) this.step({ kind: 'checkpointed', revision: payload as number });
    else {
      const { container, status } = payload as { readonly container: string; readonly status: number };
      const end = { status, reason: null, message: null, limitation: null };
      this.step({ kind: 'container-ended', container, end });
    }
  }

  protected carryOut(effect: AgentEffect): void {
    switch (effect.kind) {
      case 'master-message':
        if (effect.link !== this.link?.name) return;
        this.world.traffic.count(`agent/${effect.message.type}`, effect.message);
        this.link.send(0, { kind: 'agent', message: effect.message });
        return;
      case 'answer':
        this.answer(effect.exchange, effect.status);
        return;
      case 'open-connection':
        this.exchanges.delete(effect.exchange);
        return;
      case 'executor-event':
        this.connections.get(effect.connection)?.send(1, { kind: 'event', event: effect.event });
        return;
      case 'close-connection': {
        const connection = this.connections.get(effect.connection);
        this.connections.delete(effect.connection);
        connection?.close(1);
        return;
      }
      case 'launch-container': {
        const atUs = this.timeline.nowUs + this.world.options.containerLaunchUs;
        this.launching.add(effect.launch.container);
        this.timeline.at(atUs, this, LAUNCHED, effect.launch);
        return;
      }
      case 'destroy-container':
        if (this.launching.delete(effect.container)) this.reap(effect.container, KILLED_STATUS);
        else this.host.containers.get(effect.container)?.kill(KILLED_STATUS);
        return;
      case 'checkpoint':
        this.host.disk.write(effect.changes, effect.revision, (revision) =>
          this.occur(CHECKPOINTED, revision),
        );
        return;
      case 'exit':
        this.world.note('agent-exited', this.host, effect.reason);
        this.end(false, 0);
        return;
      case 'update-container':
      case 'remove-sandbox':
    }
  }

  private follow(leader: MasterHost | null): void {
    if (leader === this.leader && this.link !== null) return;
    this.leader = leader;
    this.link?.close(0);
    this.link = null;
    if (leader === null) this.step({ kind: 'master', link: null });
    else this.connectIn(2 * this.host.network.delayUs());
  }

  private launched(launch: ContainerLaunch): void {
    if (!this.launching.delete(launch.container)) return;
    const executor = new ExecutorProcess(this.world, this.host, launch);
    this.host.containers.set(launch.container, executor);
    this.step({ kind: 'container-launched', container: launch.container });
    executor.step({ kind: 'start' });
  }

  private answer(exchange: string, status: number): void {
    const connection = this.exchanges.get(exchange);
    this.exchanges.delete(exchange);
    // Executors look at refusals only.
    if (status >= 300) connection?.send(1, { kind: 'refused', status });
  }

  private connectIn(afterUs: number): void {
    this.timeline.at(this.timeline.nowUs + afterUs, this, CONNECT, null);
  }

  private connect(): void {
    if (this.link !== null || this.leader === null) return;
    const server = this.leader.process;
    this.link = server && this.world.connect(this, server);
    if (this.link === null) this.connectIn(RECONNECT_US);
    else this.step({ kind: 'master', link: this.link.name });
  }
}
