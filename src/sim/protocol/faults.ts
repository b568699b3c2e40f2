/** Carries out a list of faults on the nodes, the network and the store of a simulated world. */
import { InputError } from '../../cluster/errors.ts';
import type { Fault } from './fault.ts';
import type { Measures } from './measures.ts';
import type { Host, Network, NetworkOptions } from './network.ts';
import type { Node, NodeProcess } from './node.ts';
import type { StoreService } from './store-service.ts';
import type { Actor, Timeline } from './timeline.ts';

const BEGIN = 0;
const SIGKILL = 9;
/** Whoever leads goes on leading. */
const HARMLESS: readonly Fault['kind'][] = ['slow-disk', 'kill-executors', 'clock-skew'];

/** What faults befall. */
export interface FaultScene {
  readonly options: { readonly network: NetworkOptions; readonly diskLatencyUs: number };
  readonly timeline: Timeline;
  readonly network: Network;
  readonly store: StoreService;
  readonly measures: Measures;
  readonly masters: readonly Host[];
  readonly agents: readonly Host[];
  readonly schedulers: readonly Host[];
  /** @param target `leader`, a name or a rack */
  nodesOf(target: string): readonly Node<NodeProcess>[];
  /** Also of the store. */
  hostsOf(target: string): readonly Host[];
}

export class Faults implements Actor {
  private readonly world: FaultScene;
  /** Faults of the network that last, in the order they began. */
  private readonly changes = new Set<Extract<Fault, { kind: 'network' }>>();

  constructor(world: FaultScene, faults: readonly Fault[]) {
    this.world = world;
    for (const fault of faults) if ('target' in fault) this.check(fault);
    for (const fault of faults) world.timeline.at(Math.max(0, fault.atUs), this, BEGIN, fault);
  }

  occur(what: number, payload: unknown): void {
    if (what === BEGIN) this.begin(payload as Fault);
    else (payload as () => void)();
  }

  private check({ kind, target }: Extract<Fault, { target: string }>): void {
    const { world } = this;
    if (target === 'leader') return;
    if (kind === 'clock-skew' && world.nodesOf(target).some((node) => world.schedulers.includes(node)))
      throw new InputError(
        'OPTION_VALUE',
        `"${kind}" cannot befall "${target}": by a framework's clock its jobs come; name a master or an agent`,
      );
    const found = kind === 'partition' ? world.hostsOf(target) : world.nodesOf(target);
    if (found.length > 0) return;
    const names = [world.masters[0], world.agents[0], world.schedulers[0]].flatMap(
      (node) => node?.name ?? [],
    );
    throw new InputError(
      'OPTION_VALUE',
      `nothing is named "${target}" that "${kind}" could befall; there are leader, ${names.join(', ')} … and racks such as ${world.agents[0]?.rack}`,
    );
  }

  private begin(fault: Fault): void {
    const { world } = this;
    switch (fault.kind) {
      case 'store-down':
        world.store.fail(fault.durationUs);
        return;
      case 'network':
        this.changes.add(fault);
        this.changeNetwork();
        this.after(fault.durationUs, () => {
          this.changes.delete(fault);
          this.changeNetwork();
        });
        return;
      case 'partition': {
        const hosts = world.hostsOf(fault.target);
        for (const node of world.nodesOf(fault.target)) world.measures.faultAt(node.process);
        const partition = world.network.partition(hosts);
        this.after(fault.durationUs, () => world.network.heal(partition, hosts));
        return;
      }
      default:
        for (const node of world.nodesOf(fault.target)) this.strike(node, fault);
    }
  }

  private strike(node: Node<NodeProcess>, fault: Extract<Fault, { target: string }>): void {
    const { world } = this;
    const { durationUs } = fault;
    if (!HARMLESS.includes(fault.kind)) world.measures.faultAt(node.process);
    switch (fault.kind) {
      case 'kill':
        node.process?.end(false, durationUs);
        return;
      case 'power-off':
        node.powerOff(durationUs);
        return;
      case 'pause':
        node.pausedUntilUs = Math.max(node.pausedUntilUs, world.timeline.nowUs + durationUs);
        return;
      case 'kill-executors':
        node.killExecutors(SIGKILL);
        return;
      case 'clock-skew':
        node.setClock(fault.skewUs);
        this.after(durationUs, () => node.setClock(-fault.skewUs));
        return;
      case 'slow-disk': {
        const { disk } = node;
        if (disk === null) return;
        disk.latencyUs = fault.latencyUs;
        this.after(durationUs, () => {
          disk.latencyUs = world.options.diskLatencyUs;
        });
      }
    }
  }

  private changeNetwork(): void {
    const changes = Array.from(this.changes, ({ change }) => change);
    this.world.network.options = Object.assign({ ...this.world.options.network }, ...changes);
  }

  private after(durationUs: number, end: () => void): void {
    const { timeline } = this.world;
    timeline.at(timeline.nowUs + durationUs, this, BEGIN + 1, end);
  }
}
