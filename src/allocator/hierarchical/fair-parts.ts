/**
 * How much of an agent a framework may take before it holds more than its fair share of the cluster: what its role gets
 * by weight among roles whose frameworks take offers, divided evenly among these frameworks.
 */
import type { RandomStream } from '../../cluster/streams.ts';
import { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';
import type { RoleClients } from './books.ts';
import type { Subscription } from './framework.ts';
import type { ShareColumns } from './share-columns.ts';
import { shrink } from './shrink.ts';
import type { Sorter } from './sorter.ts';
import type { SorterNode } from './sorter-node.ts';

const UNIT_MILLI = 1000;

export class FairParts {
  private readonly columns: ShareColumns;
  private readonly random: RandomStream;
  /** Frameworks of the role that take offers. */
  private readonly takerCount = new Map<RoleClients, number>();
  private readonly partOf: ReadonlyMap<SorterNode<RoleClients>, number>;

  constructor(roleSorter: Sorter<RoleClients>, columns: ShareColumns, random: RandomStream) {
    this.columns = columns;
    this.random = random;
    this.partOf = roleSorter.fairParts((role) => {
      const count = role.frameworks.sorted().length;
      this.takerCount.set(role, count);
      return count > 0;
    });
  }

  /**
   * All of the scalars if the framework, its role and the roles above it stay within their fair shares with them; else
   * the part of each, in whole units, with which they do.
   */
  within(role: SorterNode<RoleClients>, framework: SorterNode<Subscription>, scalars: Resources): Resources {
    const quantities = scalars.quantities();
    const due = (this.partOf.get(role) ?? 0) / (this.takerCount.get(role.client!) ?? 1);
    let part = this.roomFor(quantities, framework, due);
    for (let node: SorterNode<RoleClients> | null = role; node.parent !== null; node = node.parent)
      part = Math.min(part, this.roomFor(quantities, node, this.partOf.get(node) ?? 0));
    if (part >= 1) return scalars;
    const most = Array.from(quantities, ([name, milli]): [string, number] => [
      name,
      Math.floor(Math.max(0, part * milli) / UNIT_MILLI) * UNIT_MILLI,
    ]);
    return shrink(scalars, Quantities.of(most), this.random);
  }

  /** What part of the quantities fits between the node's usage and its share of the cluster; may be below 0 or above 1. */
  private roomFor(
    { names, millis }: Quantities,
    node: { readonly usage: Float64Array },
    share: number,
  ): number {
    let room = Number.POSITIVE_INFINITY;
    for (let i = 0; i < names.length; i++) {
      const column = this.columns.columnOf(names[i]);
      if (column < 0) continue;
      const left = share * this.columns.total[column] - (node.usage[column] ?? 0);
      room = Math.min(room, left / millis[i]);
    }
    return room;
  }
}
