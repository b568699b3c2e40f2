/**
 * Who is offered resources next: a tree of clients (roles, or the frameworks of one role) in the order of the policy's
 * key, as Mesos's DRF and random sorters keep it (reference §12.2). What is offered counts as allocated.
 */
import { InputError } from '../../cluster/errors.ts';
import { compareText } from '../../cluster/resources.ts';
import type { RandomStream } from '../../cluster/streams.ts';
import type { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';
import { type ShareColumns, widened } from './share-columns.ts';
import { compareSiblings, SorterNode, VIRTUAL } from './sorter-node.ts';
import type { SorterOrder } from './sorter-order.ts';
import type { Fairness } from './terms.ts';

export interface SorterOptions {
  readonly columns: ShareColumns;
  readonly order: SorterOrder;
  /** Name of the policy, for errors. */
  readonly policy: string;
  readonly random: RandomStream;
  /** Whether `/` in a client's path makes it a descendant. */
  readonly isTree: boolean;
  readonly ties: Fairness['ties'];
}

export class Sorter<Client> {
  private readonly options: SorterOptions;
  private readonly root: SorterNode<Client>;
  private readonly leaves = new Map<string, SorterNode<Client>>();
  private readonly weights = new Map<string, number>();
  private readonly guarantees = new Map<string, Quantities>();
  private arrivals = 0;
  private turns = 0;
  private width: number;
  /** Every key may have changed. */
  private isDirty = true;
  /** Nodes whose own key may have changed since they were put in their places. */
  private touched: SorterNode<Client>[] = [];
  private totalVersion = -1;
  private innerCount = 0;
  /** Active leaves in order; `null`: to be listed anew. */
  private list: readonly SorterNode<Client>[] | null = null;
  /** Changes whenever the order may have. */
  version = 0;

  constructor(options: SorterOptions) {
    this.options = options;
    this.width = options.columns.names.length;
    this.root = new SorterNode<Client>('', null, null, 0, 1, options.columns, options.policy);
  }

  get size(): number {
    return this.leaves.size;
  }

  has(path: string): boolean {
    return this.leaves.has(path);
  }

  /** The client, inactive until it is activated. */
  add(path: string, client: Client): void {
    const tokens = this.options.isTree ? path.split('/') : [path];
    let node = this.root;
    for (const token of tokens) {
      if (node.client !== null) this.makeInner(node);
      node = node.children.get(token) ?? this.addChild(node, token, null);
    }
    // Only a path that others lie below is already there.
    const isNew = node.children.size === 0;
    if (isNew) {
      node.client = client;
      this.innerCount--;
      this.takeOut(node);
    }
    const leaf = isNew ? node : this.addChild(node, VIRTUAL, client);
    this.leaves.set(path, leaf);
    this.isDirty = true;
  }

  /** The client, to which nothing may be allocated any more. */
  remove(path: string): void {
    const leaf = this.leafOf(path);
    this.deactivate(path);
    this.leaves.delete(path);
    let node = leaf;
    for (;;) {
      const { parent } = node;
      if (parent === null || node.children.size > 0) break;
      if (node.client === null) {
        this.innerCount--;
        this.takeOut(node);
      }
      parent.children.delete(node.token);
      node = parent;
    }
    const virtual = node.children.size === 1 ? node.children.get(VIRTUAL) : undefined;
    if (virtual) this.makeLeaf(node, virtual);
    this.isDirty = true;
  }

  activate(path: string): void {
    const leaf = this.leafOf(path);
    if (leaf.isActive) return;
    leaf.isActive = true;
    leaf.parent!.ordered.push(leaf);
    this.isDirty = true;
  }

  deactivate(path: string): void {
    const leaf = this.leafOf(path);
    if (!leaf.isActive) return;
    leaf.isActive = false;
    this.takeOut(leaf);
  }

  /** Of a client or of an inner node, also one that comes later; 1 where none was set. */
  setWeight(path: string, weight: number): void {
    this.weights.set(path, weight);
    const node = this.nodeOf(path);
    if (node) node.weight = weight;
    this.isDirty = true;
  }

  /** For keys that look at it. */
  setGuarantee(path: string, guarantee: Quantities): void {
    if (guarantee.isEmpty) this.guarantees.delete(path);
    else this.guarantees.set(path, guarantee);
    this.isDirty = true;
  }

  allocated(path: string, agentId: string, resources: Resources): void {
    const leaf = this.leafOf(path);
    this.turns++;
    for (let node: SorterNode<Client> | null = leaf; node !== null; node = node.parent) {
      this.charge(node, agentId, resources, 1);
      node.count++;
      node.lastTurn = this.turns;
      this.touch(node);
    }
  }

  unallocated(path: string, agentId: string, resources: Resources): void {
    const leaf = this.leafOf(path);
    for (let node: SorterNode<Client> | null = leaf; node !== null; node = node.parent) {
      this.charge(node, agentId, resources, -1);
      this.touch(node);
    }
  }

  /** What was allocated becomes something else, which does not count as another allocation. */
  updated(path: string, agentId: string, from: Resources, to: Resources): void {
    const leaf = this.leafOf(path);
    for (let node: SorterNode<Client> | null = leaf; node !== null; node = node.parent) {
      this.charge(node, agentId, from, -1);
      this.charge(node, agentId, to, 1);
      this.touch(node);
    }
  }

  /** Active clients in order. The list holds until the next call. */
  sorted(): readonly SorterNode<Client>[] {
    const { columns, order } = this.options;
    if (order.kind === 'random') return this.drawn();
    // Where many have moved, sorting is cheaper than moving one after the other.
    const isMuchTouched = this.touched.length * 8 > this.leaves.size + 64;
    if (this.isDirty || isMuchTouched || this.totalVersion !== columns.version) this.sortAll();
    else if (this.touched.length > 0) this.settleTouched();
    this.list ??= this.innerCount === 0 ? this.root.ordered : listed(this.root, []);
    return this.list;
  }

  /**
   * The parts of the whole that are due to active clients and to those above them, by the weights of siblings.
   * @param counts whether an active client competes at all
   */
  fairParts(counts: (client: Client) => boolean): ReadonlyMap<SorterNode<Client>, number> {
    const parts = new Map<SorterNode<Client>, number>();
    const visit = (parent: SorterNode<Client>, whole: number) => {
      const active = [...parent.children.values()]
        .filter((child) => hasActive(child, counts))
        .sort((a, b) => compareText(a.token, b.token));
      const weight = active.reduce((sum, child) => sum + child.weight, 0);
      for (const child of active) {
        const part = (whole * child.weight) / weight;
        parts.set(child, part);
        if (child.client === null) visit(child, part);
      }
    };
    visit(this.root, 1);
    return parts;
  }

  /** Amounts allocated to the client or inner node, by column; `null`: there is none of this path. */
  usageOf(path: string): Float64Array | null {
    return this.nodeOf(path)?.usage ?? null;
  }

  private leafOf(path: string): SorterNode<Client> {
    const leaf = this.leaves.get(path);
    if (!leaf) throw new Error(`the sorter has no client ${path}`);
    return leaf;
  }

  /** The node that carries a path's weight: a client's own, or that above its virtual leaf. */
  private nodeOf(path: string): SorterNode<Client> | undefined {
    const leaf = this.leaves.get(path);
    if (leaf) return leaf.token === VIRTUAL ? leaf.parent! : leaf;
    let node: SorterNode<Client> | undefined = this.root;
    for (const token of this.options.isTree ? path.split('/') : [path]) node = node?.children.get(token);
    return node;
  }

  /** A child without a client is an inner node, and such ones are always in the order. */
  private addChild(parent: SorterNode<Client>, token: string, client: Client | null): SorterNode<Client> {
    const { columns, policy } = this.options;
    const isVirtual = token === VIRTUAL;
    const node = new SorterNode<Client>(token, parent, client, this.arrivals++, 1, columns, policy);
    if (!isVirtual) node.weight = this.weights.get(node.name) ?? 1;
    parent.children.set(token, node);
    if (client === null) {
      this.innerCount++;
      parent.ordered.push(node);
    }
    return node;
  }

  private makeInner(node: SorterNode<Client>): void {
    const { client, isActive } = node;
    if (!isActive) node.parent!.ordered.push(node);
    node.client = null;
    node.isActive = false;
    this.innerCount++;
    const virtual = this.addChild(node, VIRTUAL, client);
    virtual.isActive = isActive;
    if (isActive) node.ordered.push(virtual);
    virtual.count = node.count;
    virtual.lastTurn = node.lastTurn;
    virtual.usage.set(widened(node.usage, virtual.usage.length));
    for (const [agentId, shared] of node.shared) virtual.shared.set(agentId, shared);
    this.leaves.set(node.name, virtual);
  }

  private makeLeaf(node: SorterNode<Client>, virtual: SorterNode<Client>): void {
    node.children.delete(VIRTUAL);
    node.ordered.length = 0;
    node.client = virtual.client;
    node.isActive = virtual.isActive;
    this.innerCount--;
    if (!node.isActive) this.takeOut(node);
    this.leaves.set(node.name, node);
  }

  private takeOut(node: SorterNode<Client>): void {
    const { ordered } = node.parent!;
    ordered.splice(ordered.indexOf(node), 1);
    this.list = null;
    this.version++;
  }

  private touch(node: SorterNode<Client>): void {
    if (node.isTouched || node.parent === null) return;
    node.isTouched = true;
    this.touched.push(node);
  }

  private charge(node: SorterNode<Client>, agentId: string, resources: Resources, sign: 1 | -1): void {
    const { columns } = this.options;
    if (resources.isPlain) {
      addTo(node, columns, resources.quantities(), sign);
      return;
    }
    addTo(node, columns, resources.nonShared().quantities(), sign);
    this.chargeShared(node, agentId, resources.shared(), sign);
  }

  /** Only the first copy on an agent counts, and only until the last is gone. */
  private chargeShared(node: SorterNode<Client>, agentId: string, shared: Resources, sign: 1 | -1): void {
    if (shared.isEmpty) return;
    const before = node.shared.get(agentId);
    const after = sign > 0 ? (before ? before.plus(shared) : shared) : before!.minus(shared);
    if (before) addTo(node, this.options.columns, before.quantities(), -1);
    addTo(node, this.options.columns, after.quantities(), 1);
    if (after.isEmpty) node.shared.delete(agentId);
    else node.shared.set(agentId, after);
  }

  private sortAll(): void {
    const { columns } = this.options;
    this.width = columns.names.length;
    this.refresh(this.root);
    for (const node of this.touched) node.isTouched = false;
    this.touched = [];
    this.totalVersion = columns.version;
    this.isDirty = false;
    this.list = null;
    this.version++;
  }

  private refresh(parent: SorterNode<Client>): void {
    let weight = 0;
    for (const child of parent.children.values()) weight += child.weight;
    for (const child of parent.children.values()) {
      child.usage = widened(child.usage, this.width);
      child.siblingWeight = weight;
      child.guarantee = this.guaranteeOf(child);
      if (child.isOrdered) this.rekey(child);
      if (child.client === null) this.refresh(child);
    }
    parent.ordered.sort(compareSiblings);
  }

  private guaranteeOf(node: SorterNode<Client>): Float64Array | null {
    const guarantee = node.token === VIRTUAL ? undefined : this.guarantees.get(node.name);
    if (guarantee === undefined) return null;
    const { columns } = this.options;
    const vector = new Float64Array(this.width);
    for (const [name, milli] of guarantee) {
      const column = columns.columnOf(name);
      if (column >= 0 && column < vector.length) vector[column] = milli;
    }
    return vector;
  }

  private rekey(node: SorterNode<Client>): void {
    const { order, policy, random, ties } = this.options;
    node.key = order.kind === 'key' ? order.key(node, random) : node.arrival;
    node.tieKey = ties === 'turns' ? node.lastTurn : node.count;
    if (Number.isNaN(node.key))
      throw new InputError('POLICY_INVALID', `policy ${policy} has no key (NaN) for ${node.name}`);
  }

  private settleTouched(): void {
    const { touched } = this;
    this.touched = [];
    for (const node of touched) {
      node.isTouched = false;
      node.usage = widened(node.usage, this.options.columns.names.length);
      if (node.isOrdered) this.settle(node);
    }
  }

  private settle(node: SorterNode<Client>): void {
    const siblings = node.parent!.ordered;
    const place = placeOf(siblings, node);
    this.rekey(node);
    const isInPlace =
      (place === 0 || compareSiblings(siblings[place - 1], node) < 0) &&
      (place === siblings.length - 1 || compareSiblings(node, siblings[place + 1]) < 0);
    if (isInPlace) return;
    siblings.splice(place, 1);
    siblings.splice(placeOf(siblings, node), 0, node);
    this.list = null;
    this.version++;
  }

  /** Weighted shuffle of the active clients: keys −u^(1/w), lowest first (Efraimidis and Spirakis, 2006). */
  private drawn(): readonly SorterNode<Client>[] {
    const { random } = this.options;
    this.version++;
    const drawn: { leaf: SorterNode<Client>; key: number }[] = [];
    for (const [leaf, part] of this.fairParts(() => true))
      if (leaf.client !== null) drawn.push({ leaf, key: -(random() ** (1 / part)) });
    return drawn.sort((a, b) => a.key - b.key).map(({ leaf }) => leaf);
  }
}

function hasActive<Client>(node: SorterNode<Client>, counts: (client: Client) => boolean): boolean {
  if (node.client !== null) return node.isActive && counts(node.client);
  for (const child of node.children.values()) if (hasActive(child, counts)) return true;
  return false;
}

/** Where the node is among its siblings, or, if it is not among them, belongs. */
function placeOf<Client>(siblings: readonly SorterNode<Client>[], node: SorterNode<Client>): number {
  let low = 0;
  let high = siblings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareSiblings(siblings[middle], node) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function listed<Client>(parent: SorterNode<Client>, list: SorterNode<Client>[]): SorterNode<Client>[] {
  for (const node of parent.ordered) {
    if (node.client === null) listed(node, list);
    else list.push(node);
  }
  return list;
}

function addTo<Client>(
  node: SorterNode<Client>,
  columns: ShareColumns,
  quantities: Quantities,
  sign: 1 | -1,
): void {
  const { names, millis } = quantities;
  for (let i = 0; i < names.length; i++) {
    const column = columns.columnOf(names[i]);
    if (column < 0) continue;
    if (column >= node.usage.length) node.usage = widened(node.usage, columns.names.length);
    node.usage[column] += sign * millis[i];
  }
}
