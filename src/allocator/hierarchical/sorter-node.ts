/** A place in a sorter's tree: a client, or a part of a path that clients lie below. It is the view that keys are computed from. */
import { compareText } from '../../cluster/resources.ts';
import type { RoleView } from '../../policies/policy.ts';
import type { Resources } from '../../resources/resources.ts';
import type { ShareColumns } from './share-columns.ts';
import { headDemandUnknown } from './sorter-order.ts';

/** Name of the leaf that stands for a client which has others below it: it competes with them as their sibling. */
export const VIRTUAL = '.';

export class SorterNode<Client> implements RoleView {
  /** Path of the client; that of a virtual leaf is its parent's. */
  readonly name: string;
  /** Name among its siblings. */
  readonly token: string;
  readonly parent: SorterNode<Client> | null;
  /** `null`: an inner node. */
  client: Client | null;
  isActive = false;
  readonly children = new Map<string, SorterNode<Client>>();
  /** Those children that are active leaves or inner nodes, in order. */
  readonly ordered: SorterNode<Client>[] = [];
  /** How often something was allocated; never goes down. */
  count = 0;
  /** When something was last allocated, counted in allocations of the sorter; 0: never. */
  lastTurn = 0;
  usage: Float64Array;
  weight: number;
  siblingWeight = 1;
  guarantee: Float64Array | null = null;
  target = 0;
  /** Who came how manieth. */
  readonly arrival: number;
  /** By agent: shared resources held, with their copies; they count once in `usage`. */
  readonly shared = new Map<string, Resources>();
  /** What its place among its siblings was found by. */
  key = 0;
  tieKey = 0;
  isTouched = false;
  private readonly columns: ShareColumns;
  private readonly policy: string;

  constructor(
    token: string,
    parent: SorterNode<Client> | null,
    client: Client | null,
    arrival: number,
    weight: number,
    columns: ShareColumns,
    policy: string,
  ) {
    this.token = token;
    this.parent = parent;
    this.client = client;
    this.arrival = arrival;
    this.weight = weight;
    this.columns = columns;
    this.policy = policy;
    if (parent === null) this.name = '';
    else if (token === VIRTUAL) this.name = parent.name;
    else this.name = parent.parent === null ? token : `${parent.name}/${token}`;
    this.usage = new Float64Array(columns.names.length);
  }

  get resources(): readonly string[] {
    return this.columns.names;
  }

  get total(): Float64Array {
    return this.columns.total;
  }

  get headDemand(): Float64Array {
    throw headDemandUnknown(this.policy);
  }

  get isOrdered(): boolean {
    return this.client === null || this.isActive;
  }
}

/** Key, then the sorter's rule for ties, then name: no two siblings are equal. */
export function compareSiblings<Client>(a: SorterNode<Client>, b: SorterNode<Client>): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.tieKey - b.tieKey || compareText(a.token, b.token);
}
