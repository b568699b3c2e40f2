/** A framework's scheduler in the simulated world: its subscription to the leading master, its calls, and its disk. */

import type { RandomStream } from '../../cluster/streams.ts';
import type { SchedulerEffect, SchedulerInput } from '../../frameworks/io.ts';
import type { StoreEntry } from '../../master/election-io.ts';
import type { Machine } from '../../protocol/machine.ts';
import type { SchedulerCall } from '../../protocol/v1/scheduler.ts';
import { Call } from './call.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { Disk } from './disk.ts';
import type { ToScheduler } from './messages.ts';
import { Node } from './node.ts';
import { OWN_EVENTS, Process } from './process.ts';
import type { MasterHost, MasterServer, Surroundings } from './surroundings.ts';

const ANSWERED = OWN_EVENTS;
const REFUSED = OWN_EVENTS + 1;
const SAVED = OWN_EVENTS + 2;
const DETECTED = OWN_EVENTS + 3;

export interface SchedulerPlan {
  readonly name: string;
  /** Makes the machine for a start of the process. @param clock of its host */
  create(random: RandomStream, clock: Clock): Machine<SchedulerInput, SchedulerEffect>;
}

export class SchedulerNode extends Node<SchedulerProcess> {
  readonly world: Surroundings;
  readonly index: number;
  readonly plan: SchedulerPlan;
  override readonly disk: Disk;
  /** Why it ended for good; `undefined`: it has not. `null`: all its work is done. */
  problem: string | null | undefined = undefined;

  constructor(world: Surroundings, index: number, plan: SchedulerPlan, rack: string, clock: Clock) {
    super(world.network, plan.name, rack, clock, world.options.restartDelayUs.scheduler);
    this.world = world;
    this.index = index;
    this.plan = plan;
    this.disk = new Disk(world.timeline, world.random('disks'), world.options.diskLatencyUs);
  }

  override occur(): void {
    if (this.problem === undefined) super.occur();
  }

  protected create(): SchedulerProcess {
    return new SchedulerProcess(this);
  }

  protected begin(process: SchedulerProcess): void {
    this.world.store.watch(process, this.world.leaderKey);
    process.step({ kind: 'start', entries: this.disk.entries() });
  }
}

interface Delayed {
  readonly effect: SchedulerEffect;
  /** Number of the save that it comes after. */
  readonly save: number;
}

export class SchedulerProcess extends Process<SchedulerInput, SchedulerEffect> {
  declare readonly host: SchedulerNode;
  private readonly world: Surroundings;
  private leader: MasterHost | null = null;
  /** The SUBSCRIBE that waits until a leader is known. */
  private awaited: SchedulerCall | null = null;
  private subscription: Connection | null = null;
  private server: MasterServer | null = null;
  /** Mesos-Stream-Id of the subscription. */
  private stream: string | null = null;
  private readonly delayed: Delayed[] = [];
  private saves = 0;
  private durableSaves = 0;

  constructor(node: SchedulerNode) {
    const { world, plan, clock } = node;
    super(node, node.timeline, plan.create(world.random(`${node.name}/${node.starts}`), clock), world.onStep);
    this.world = node.world;
  }

  watched(entry: StoreEntry | null): void {
    this.occur(DETECTED, this.world.masterOf(entry));
  }

  answered(call: Call, status: number): void {
    this.occur(ANSWERED, { kind: 'answer', call: call.number, status });
  }

  end(isSilent: boolean, downUs: number): void {
    this.stop();
    this.world.store.unwatch(this);
    if (isSilent) this.subscription?.vanish(0);
    else this.subscription?.close(0);
    this.host.disk.crash();
    this.host.ended(downUs);
  }

  protected take(connection: Connection, message: ToScheduler): void {
    if (connection !== this.subscription) return;
    if (message.kind === 'opened') this.stream = message.stream;
    else if (message.kind === 'refused') this.disconnect();
    else {
      this.world.measures.heard(this.host.name, message.event, this.server!);
      this.world.observer.schedulerHeard(this.host, message.event);
      this.step({ kind: 'event', event: message.event });
    }
  }

  protected lost(connection: Connection): void {
    if (connection === this.subscription) this.disconnect();
  }

  protected happen(what: number, payload: unknown): void {
    if (what === SAVED) {
      this.durableSaves = payload as number;
      this.catchUp();
    } else if (what === DETECTED) {
      this.leader = payload as MasterHost | null;
      if (this.awaited !== null && this.leader !== null) this.subscribe(this.awaited);
    } else if (what === REFUSED) {
      // Not so where a later SUBSCRIBE has taken its place.
      if (this.subscription !== null || (this.awaited !== null && this.awaited !== payload)) return;
      this.awaited = null;
      this.step({ kind: 'disconnected' });
    } else this.step(payload as SchedulerInput);
  }

  protected carryOut(effect: SchedulerEffect): void {
    if (effect.kind === 'save') {
      this.host.disk.write(effect.changes, ++this.saves, (save) => this.occur(SAVED, save));
    } else if (this.durableSaves < this.saves) this.delayed.push({ effect, save: this.saves });
    else this.act(effect);
  }

  private catchUp(): void {
    while (this.isRunning && this.delayed.length > 0 && this.delayed[0].save <= this.durableSaves)
      this.act(this.delayed.shift()!.effect);
  }

  private act(effect: SchedulerEffect): void {
    switch (effect.kind) {
      case 'subscribe':
        this.subscribe(effect.call);
        return;
      case 'call':
        this.call(effect);
        return;
      case 'end':
        this.host.problem = effect.problem;
        this.end(false, 0);
        this.world.schedulerEnded(this.host, effect.problem);
    }
  }

  private subscribe(call: SchedulerCall): void {
    const { timeline } = this;
    this.subscription?.close(0);
    this.stream = null;
    this.awaited = null;
    this.server = this.leader?.process ?? null;
    this.subscription = this.server && this.world.connect(this, this.server);
    if (this.subscription !== null) {
      this.announce(call);
      this.subscription.send(0, { kind: 'subscribe', call });
      return;
    }
    // Where nobody leads, or the leader is no more, detection will tell of the next.
    if (this.server === null) this.awaited = call;
    const { options } = this.host.network;
    timeline.at(timeline.nowUs + options.callTimeoutUs, this, REFUSED, call);
  }

  private call({ number, call }: Extract<SchedulerEffect, { kind: 'call' }>): void {
    this.announce(call);
    const { stream, server } = this;
    if (stream === null || server === null) {
      const atUs = this.timeline.nowUs + this.host.network.delayUs();
      this.timeline.at(atUs, this, ANSWERED, { kind: 'answer', call: number, status: 0 });
      return;
    }
    new Call(this.host.network, this, server, number, call, stream).send();
  }

  private announce(call: SchedulerCall): void {
    this.world.traffic.count(`call/${call.type}`, call);
    this.world.measures.called(this.host.name, call);
    this.world.observer.schedulerCalled(this.host, call);
  }

  private disconnect(): void {
    this.subscription?.close(0);
    this.subscription = null;
    this.stream = null;
    this.step({ kind: 'disconnected' });
  }
}
