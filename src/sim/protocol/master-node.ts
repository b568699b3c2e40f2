/** A master in the simulated world: its process, the links of agents, the streams and calls of schedulers, and the store. */
import type { ElectedMaster, ElectedMasterEffect, ElectedMasterInput } from '../../master/elected-master.ts';
import type { StoreAnswer, StoreEntry } from '../../master/election-io.ts';
import type { Call } from './call.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { ToMaster } from './messages.ts';
import { Node } from './node.ts';
import { OWN_EVENTS, Process } from './process.ts';
import type { Surroundings } from './surroundings.ts';

const FROM_STORE = OWN_EVENTS;
const CALL = OWN_EVENTS + 1;

export class MasterNode extends Node<MasterProcess> {
  readonly world: Surroundings;

  constructor(world: Surroundings, name: string, rack: string, clock: Clock) {
    super(world.network, name, rack, clock, world.options.restartDelayUs.master);
    this.world = world;
  }

  /** Whether its process acts as leader at this moment. */
  get isLeading(): boolean {
    const nowUs = this.clock.shownAt(this.timeline.nowUs);
    return this.process?.machine.elector.isLeadingAt(nowUs) ?? false;
  }

  protected create(): MasterProcess {
    return new MasterProcess(this);
  }

  protected begin(process: MasterProcess): void {
    process.step({ kind: 'start' });
  }
}

export class MasterProcess extends Process<ElectedMasterInput, ElectedMasterEffect> {
  declare readonly host: MasterNode;
  declare readonly machine: ElectedMaster;
  private readonly world: Surroundings;
  private readonly connections = new Set<Connection>();
  /** Of agents, by name. */
  private readonly links = new Map<string, Connection>();
  /** Of schedulers, by stream id. */
  private readonly streams = new Map<string, Connection>();
  private readonly streamOf = new Map<Connection, string>();
  /** What was not answered yet, by exchange. */
  private readonly calls = new Map<string, Call>();
  private readonly subscriptions = new Map<string, Connection>();

  constructor(node: MasterNode) {
    super(node, node.timeline, node.world.createMaster(node, node.starts), node.world.onStep);
    this.world = node.world;
  }

  accept(connection: Connection): void {
    this.connections.add(connection);
  }

  called(call: Call): void {
    this.occur(CALL, call);
  }

  storeAnswered(request: number, answer: StoreAnswer): void {
    this.occur(FROM_STORE, { kind: 'store-answer', request, answer });
  }

  watched(entry: StoreEntry | null, revision: number): void {
    this.occur(FROM_STORE, { kind: 'watched', entry, revision });
  }

  /** The process ends: what it had open breaks, without a word if its host is gone too. */
  end(isSilent: boolean, downUs: number): void {
    this.world.measures.faultAt(this);
    this.stop();
    this.world.store.unwatch(this);
    for (const connection of this.connections)
      if (isSilent) connection.vanish(1);
      else connection.close(1);
    for (const call of this.calls.values()) call.fail(isSilent);
    this.host.ended(downUs);
  }

  protected take(connection: Connection, message: ToMaster): void {
    if (message.kind === 'agent') {
      this.links.set(connection.name, connection);
      this.step({ kind: 'agent-message', link: connection.name, message: message.message });
      return;
    }
    const exchange = this.world.nextName();
    this.subscriptions.set(exchange, connection);
    this.step({ kind: 'call', exchange, call: message.call, stream: null, principal: null });
  }

  protected lost(connection: Connection): void {
    this.connections.delete(connection);
    const stream = this.streamOf.get(connection);
    if (stream !== undefined) {
      this.forgetStream(stream, connection);
      this.step({ kind: 'stream-closed', stream });
    } else if (this.links.delete(connection.name)) this.step({ kind: 'link-broken', link: connection.name });
  }

  protected happen(what: number, payload: unknown): void {
    if (what === FROM_STORE) {
      this.step(payload as ElectedMasterInput);
      return;
    }
    const call = payload as Call;
    const exchange = this.world.nextName();
    this.calls.set(exchange, call);
    this.step({ kind: 'call', exchange, call: call.body, stream: call.stream, principal: null });
  }

  protected carryOut(effect: ElectedMasterEffect): void {
    const { traffic } = this.world;
    switch (effect.kind) {
      case 'agent-message':
        traffic.count(`master/${effect.message.type}`, effect.message);
        this.links.get(effect.link)?.send(1, effect.message);
        return;
      case 'event': {
        const { event, stream } = effect;
        if (event.type === 'OFFERS') traffic.countItems('event/OFFERS', event.offers?.offers ?? []);
        else traffic.count(`event/${event.type}`, event);
        this.streams.get(stream)?.send(1, { kind: 'event', event });
        return;
      }
      case 'answer':
        this.answer(effect.exchange, effect.status);
        return;
      case 'open-stream': {
        const connection = this.subscriptions.get(effect.exchange);
        this.subscriptions.delete(effect.exchange);
        if (connection === undefined) return;
        this.streams.set(effect.stream, connection);
        this.streamOf.set(connection, effect.stream);
        connection.send(1, { kind: 'opened', stream: effect.stream });
        return;
      }
      case 'close-stream': {
        const connection = this.streams.get(effect.stream);
        if (connection === undefined) return;
        this.forgetStream(effect.stream, connection);
        this.connections.delete(connection);
        connection.close(1);
        return;
      }
      case 'store-request':
        traffic.count(`store/${effect.request.kind}`, effect.request);
        this.world.store.request(this, effect.number, effect.request);
        return;
      case 'watch':
        this.world.store.watch(this, effect.key);
        return;
      case 'abort':
        this.world.note('master-aborted', this.host, effect.reason);
        this.end(false, 0);
        return;
      case 'operator-event':
      // Operators have no connections here: who wants to know listens to the steps of masters.
    }
  }

  private answer(exchange: string, status: number): void {
    const call = this.calls.get(exchange);
    if (call !== undefined) {
      this.calls.delete(exchange);
      call.answer(status);
      return;
    }
    const connection = this.subscriptions.get(exchange);
    if (connection === undefined) return;
    this.subscriptions.delete(exchange);
    this.connections.delete(connection);
    connection.send(1, { kind: 'refused', status });
    connection.close(1);
  }

  private forgetStream(stream: string, connection: Connection): void {
    this.streams.delete(stream);
    this.streamOf.delete(connection);
  }
}
