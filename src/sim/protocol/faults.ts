/** Carries out a list of faults on the nodes, the network and the store of a simulated world. */
import { InputError } from '../../cluster/errors.ts';
import { AgentNode } from './agent-node.ts';
import type { Fault } from './fault.ts';
import { MasterNode } from './master-node.ts';
import type { NetworkOptions } from './network.ts';
import type { SchedulerNode } from './scheduler-node.ts';
import type { Actor } from './timeline.ts';
import type { World, WorldNode } from './world.ts';

const BEGIN = 0;
const SIGKILL = 9;

export class Faults implements Actor {
  private readonly world: World;

  constructor(world: World, faults: readonly Fault[]) {
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
      case 'network': {
        const before = { ...world.network.options };
        world.network.options = { ...before, ...fault.change };
        const names = Object.keys(fault.change) as (keyof NetworkOptions)[];
        const restored = Object.fromEntries(names.map((name) => [name, before[name]]));
        this.after(fault.durationUs, () => {
          world.network.options = { ...world.network.options, ...restored };
        });
        return;
      }
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

  private strike(node: WorldNode, fault: Extract<Fault, { target: string }>): void {
    const { world } = this;
    const { durationUs } = fault;
    if (fault.kind !== 'slow-disk' && fault.kind !== 'kill-executors') world.measures.faultAt(node.process);
    switch (fault.kind) {
      case 'kill':
        node.process?.end(false, durationUs);
        return;
      case 'power-off':
        if (node instanceof AgentNode) node.powerOff(durationUs);
        else node.process?.end(true, durationUs);
        return;
      case 'pause':
        node.pausedUntilUs = Math.max(node.pausedUntilUs, world.timeline.nowUs + durationUs);
        return;
      case 'kill-executors':
        if (node instanceof AgentNode)
          for (const executor of [...node.containers.values()]) executor.kill(SIGKILL);
        return;
      case 'slow-disk': {
        if (node instanceof MasterNode) return;
        const { disk } = node as AgentNode | SchedulerNode;
        const before = disk.latencyUs;
        disk.latencyUs = fault.latencyUs;
        this.after(durationUs, () => {
          disk.latencyUs = before;
        });
      }
    }
  }

  private after(durationUs: number, end: () => void): void {
    const { timeline } = this.world;
    timeline.at(timeline.nowUs + durationUs, this, BEGIN + 1, end);
  }
}
