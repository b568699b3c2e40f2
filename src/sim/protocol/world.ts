/**
 * The simulated world: masters, agents, schedulers and executors, all real state machines, under a virtual clock, with
 * a simulated network, disks, a store for election, and faults. Everything follows from one seed.
 */
import { type RandomStream, stream } from '../../cluster/streams.ts';
import { ElectedMaster } from '../../master/elected-master.ts';
import type { StoreEntry } from '../../master/election-io.ts';
import { Elector, type ElectorOptions, LEADER_KEY, REGISTRY_PREFIX } from '../../master/elector.ts';
import type { MasterEffect, MasterInput, RegistryChange } from '../../master/io.ts';
import type { Machine, Tick } from '../../protocol/machine.ts';
import { uuidText } from '../../protocol/uuid.ts';
import type { MasterInfo, TaskStatus } from '../../protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import { AgentNode, type AgentPlan } from './agent-node.ts';
import { Clock } from './clock.ts';
import { Connection, type Endpoint } from './connection.ts';
import type { Fault } from './fault.ts';
import { type FaultScene, Faults } from './faults.ts';
import { MasterNode } from './master-node.ts';
import { Measures } from './measures.ts';
import { type Host, Network, type NetworkOptions } from './network.ts';
import type { StepListener } from './process.ts';
import { SchedulerNode, type SchedulerPlan } from './scheduler-node.ts';
import { StepDigest } from './step-digest.ts';
import { type StoreOptions, StoreService } from './store-service.ts';
import type { MasterServer, NodeOptions, Surroundings, WorldNote } from './surroundings.ts';
import { Timeline } from './timeline.ts';
import { Traffic } from './traffic.ts';

export interface WorldOptions extends NodeOptions {
  readonly seed: string;
  readonly masters: number;
  readonly agents: readonly AgentPlan[];
  readonly schedulers: readonly SchedulerPlan[];
  /** Makes the machine for a start of a master's process. @param nowUs what its clock shows */
  createMaster(info: MasterInfo, random: RandomStream, nowUs: number): Machine<MasterInput, MasterEffect>;
  readonly network: NetworkOptions;
  readonly store: StoreOptions;
  readonly election: Omit<ElectorOptions, 'master'>;
  /** Clocks are ahead by up to `skewUs` and too fast or slow by up to `drift`, drawn for each machine. */
  readonly clocks: { readonly skewUs: number; readonly drift: number };
  readonly faults: readonly Fault[];
  /** What the registry holds from the start. */
  readonly registry: readonly RegistryChange[];
}

/** Told of what happens; nothing of it may change the world. */
export interface WorldObserver {
  /** A machine on the host was stepped; its effects are about to be carried out. */
  stepped(host: Host, effects: readonly { readonly kind: string }[]): void;
  schedulerCalled(node: SchedulerNode, call: SchedulerCall): void;
  schedulerHeard(node: SchedulerNode, event: SchedulerEvent): void;
  /** An executor on the agent reports a state of a task. */
  executorUpdated(node: AgentNode, status: TaskStatus): void;
}

export type WorldNode = MasterNode | AgentNode | SchedulerNode;

/** Where machines that are not in a numbered rack stand. */
const CONTROL_RACK = 'control';
/** Processes start spread over this. */
const START_SPREAD_US = 1_000_000;
const MASTER_PORT = 5050;

export class World implements Surroundings, FaultScene {
  readonly options: WorldOptions;
  readonly timeline = new Timeline();
  readonly network: Network;
  readonly store: StoreService;
  readonly leaderKey = LEADER_KEY;
  readonly masters: readonly MasterNode[];
  readonly agents: readonly AgentNode[];
  readonly schedulers: readonly SchedulerNode[];
  readonly traffic = new Traffic();
  readonly measures: Measures;
  readonly digest = new StepDigest();
  readonly notes: WorldNote[] = [];
  observer: WorldObserver;
  /** Called after every event: for checks of invariants. */
  onEvent: ((world: World) => void) | null = null;
  /** Told of every input of a master, with the time that its clock shows: a journal of these replays the master. */
  onMasterInput: ((node: MasterNode, input: MasterInput | Tick, nowUs: number) => void) | null = null;
  /** Schedulers that have not ended for good. */
  openSchedulers: number;
  private readonly randoms = new Map<string, RandomStream>();
  private names = 0;
  private readonly nodeOfName = new Map<string, WorldNode>();

  constructor(options: WorldOptions, observer: Partial<WorldObserver> = {}) {
    this.options = options;
    this.observer = { ...UNOBSERVED, ...observer };
    this.network = new Network(this.timeline, this.random('network'), options.network);
    const storeHost = hostOf('store', new Clock(0, 0));
    this.store = new StoreService(this.network, storeHost, options.store);
    this.store.state.serve(
      {
        kind: 'transaction',
        compare: [],
        success: options.registry.map(({ key, value }) => ({
          kind: 'put',
          key: REGISTRY_PREFIX + key,
          value,
          lease: null,
        })),
        failure: [],
      },
      0,
    );
    this.store.onChange = (key, entry) => this.storeChanged(key, entry);
    this.masters = Array.from({ length: options.masters }, (_, m) =>
      this.added(new MasterNode(this, `master-${m}`, CONTROL_RACK, this.drawnClock())),
    );
    this.agents = options.agents.map((plan, a) =>
      this.added(new AgentNode(this, a, plan, this.drawnClock())),
    );
    this.schedulers = options.schedulers.map((plan, s) =>
      this.added(new SchedulerNode(this, s, plan, CONTROL_RACK, this.drawnClock())),
    );
    this.openSchedulers = this.schedulers.length;
    this.measures = new Measures(() => this.timeline.nowUs);
    new Faults(this, options.faults);
    const random = this.random('starts');
    for (const node of this.nodeOfName.values())
      node.startAt(node instanceof MasterNode ? 0 : Math.floor(random() * START_SPREAD_US));
  }

  /** Plays up to so many events, until time is up or nothing more is to come; true: it is over. */
  advance(events: number, untilUs = Number.POSITIVE_INFINITY): boolean {
    const { timeline } = this;
    for (let n = 0; n < events; n++) {
      if (timeline.nextUs > untilUs || !timeline.playNext()) return true;
      this.onEvent?.(this);
    }
    return timeline.nextUs > untilUs;
  }

  /** A random stream of the world's seed; always the same one for the same name. */
  random(name: string): RandomStream {
    let random = this.randoms.get(name);
    if (random === undefined) {
      random = stream(this.options.seed, `protocol/${name}`);
      this.randoms.set(name, random);
    }
    return random;
  }

  /** A name for a connection or an exchange, used once. */
  nextName(): string {
    return String(++this.names);
  }

  /** The machine whose process acts as leader now. */
  get leader(): MasterNode | null {
    return this.masters.find((node) => node.isLeading) ?? null;
  }

  /** The machine that the store names as leader. */
  masterOf(entry: StoreEntry | null): MasterNode | null {
    if (entry === null) return null;
    return this.nodeOfName.get((entry.value as MasterInfo).hostname!) as MasterNode;
  }

  /** @param target `leader`, a name or a rack */
  nodesOf(target: string): readonly WorldNode[] {
    if (target === 'leader') {
      const leader = this.masterOf(this.store.state.get(LEADER_KEY));
      return leader === null ? [] : [leader];
    }
    const node = this.nodeOfName.get(target);
    if (node !== undefined) return [node];
    return [...this.nodeOfName.values()].filter(({ rack }) => rack === target);
  }

  /** Also of the store. */
  hostsOf(target: string): readonly Host[] {
    return target === 'store' ? [this.store.host] : this.nodesOf(target);
  }

  /** @internal A TCP connection to a master's process; `null`: nobody answers there. */
  connect(client: Endpoint, server: MasterServer): Connection | null {
    if (!server.isRunning || !this.network.isReachable(client.host, server.host)) return null;
    const connection = new Connection(this.network, this.nextName(), [client, server]);
    server.accept(connection);
    return connection;
  }

  /** @internal */
  createMaster(node: MasterNode, starts: number): ElectedMaster {
    const random = this.random(`${node.name}/${starts}`);
    const info: MasterInfo = {
      id: uuidText(random),
      ip: 0,
      port: MASTER_PORT,
      hostname: node.name,
      pid: `master@${node.name}:${MASTER_PORT}`,
      address: { hostname: node.name, port: MASTER_PORT },
    };
    const master = this.options.createMaster(info, random, node.clock.shownAt(this.timeline.nowUs));
    const elector = new Elector({ ...this.options.election, master: info });
    const journal = (input: MasterInput | Tick, nowUs: number) => this.onMasterInput?.(node, input, nowUs);
    return new ElectedMaster(elector, master, journal);
  }

  /** @internal */
  readonly onStep: StepListener = (host, _input, effects) => {
    if (effects.length > 0) this.digest.add(host.name, effects, this.timeline.nowUs);
    this.observer.stepped(host, effects);
  };

  /** @internal */
  schedulerEnded(node: SchedulerNode, problem: string | null): void {
    this.openSchedulers--;
    this.note('scheduler-ended', node, problem ?? 'all work is done');
  }

  /** @internal */
  note(kind: WorldNote['kind'], host: Host, detail: string): void {
    this.notes.push({ timeUs: this.timeline.nowUs, kind, node: host.name, detail });
  }

  private storeChanged(key: string, entry: StoreEntry | null): void {
    if (key !== LEADER_KEY) return;
    const leader = this.masterOf(entry);
    if (leader === null) this.note('leader-lost', this.store.host, '');
    else {
      this.measures.elected(leader.process);
      this.note('leader-elected', leader, '');
    }
  }

  private added<N extends WorldNode>(node: N): N {
    if (this.nodeOfName.has(node.name)) throw new Error(`two nodes are named ${node.name}`);
    this.nodeOfName.set(node.name, node);
    return node;
  }

  private drawnClock(): Clock {
    const { skewUs, drift } = this.options.clocks;
    const random = this.random('clocks');
    return new Clock(Math.floor(random() * skewUs), (2 * random() - 1) * drift);
  }
}

function hostOf(name: string, clock: Clock): Host {
  return { name, rack: CONTROL_RACK, clock, partitions: 0, pausedUntilUs: 0 };
}

const UNOBSERVED: WorldObserver = {
  stepped() {},
  schedulerCalled() {},
  schedulerHeard() {},
  executorUpdated() {},
};
