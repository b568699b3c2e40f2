/** The sorter of reference §12.2, word for word and without any cleverness: everything is computed anew at each sort. */
import { Quantities } from '../../../src/resources/quantities.ts';
import { Resources } from '../../../src/resources/resources.ts';

interface Node {
  name: string;
  path: string;
  kind: 'active' | 'inactive' | 'internal';
  parent: Node | null;
  children: Node[];
  count: number;
  lastTurn: number;
  allocation: Map<string, Resources>;
}

export class NaiveSorter {
  readonly root: Node = node('', null, 'internal');
  private readonly isTree: boolean;
  private readonly excluded: readonly string[];
  private readonly ties: 'count' | 'turns';
  private turns = 0;
  readonly weights = new Map<string, number>();

  constructor(isTree: boolean, excluded: readonly string[], ties: 'count' | 'turns') {
    this.isTree = isTree;
    this.ties = ties;
    this.excluded = excluded;
  }

  has(client: string): boolean {
    return this.leaves().some((leaf) => clientOf(leaf) === client);
  }

  add(client: string): void {
    let current = this.root;
    const tokens = this.tokens(client);
    for (const [i, token] of tokens.entries()) {
      if (current.kind !== 'internal') split(current);
      let child = current.children.find(({ name }) => name === token);
      if (!child) {
        child = node(token, current, i === tokens.length - 1 ? 'inactive' : 'internal');
        current.children.push(child);
      }
      current = child;
    }
    if (current.kind === 'internal') current.children.push(node('.', current, 'inactive'));
  }

  remove(client: string): void {
    let current = this.leaf(client);
    while (current.parent) {
      const { parent } = current;
      if (current.children.length === 0) {
        parent.children.splice(parent.children.indexOf(current), 1);
      } else if (current.children.length === 1 && current.children[0].name === '.') {
        current.kind = current.children[0].kind;
        current.children = [];
      }
      current = parent;
    }
  }

  activate(client: string): void {
    this.leaf(client).kind = 'active';
  }

  deactivate(client: string): void {
    this.leaf(client).kind = 'inactive';
  }

  allocated(client: string, agent: string, resources: Resources): void {
    this.turns++;
    for (let n: Node | null = this.leaf(client); n; n = n.parent) {
      n.allocation.set(agent, (n.allocation.get(agent) ?? Resources.empty).plus(resources));
      n.count++;
      n.lastTurn = this.turns;
    }
  }

  unallocated(client: string, agent: string, resources: Resources): void {
    for (let n: Node | null = this.leaf(client); n; n = n.parent)
      n.allocation.set(agent, n.allocation.get(agent)!.minus(resources));
  }

  updated(client: string, agent: string, from: Resources, to: Resources): void {
    for (let n: Node | null = this.leaf(client); n; n = n.parent)
      n.allocation.set(agent, n.allocation.get(agent)!.minus(from).plus(to));
  }

  holdsNothing(client: string): boolean {
    return [...this.leaf(client).allocation.values()].every(({ isEmpty }) => isEmpty);
  }

  sort(total: Quantities): string[] {
    const share = (n: Node) => {
      const allocation = allocationOf(n);
      const shares = [...total]
        .filter(([name]) => !this.excluded.includes(name))
        .map(([name, milli]) => allocation.get(name) / milli);
      return Math.max(0, ...shares) / (this.weights.get(n.path) ?? 1);
    };
    const tie = ({ count, lastTurn }: Node) => (this.ties === 'turns' ? lastTurn : count);
    const visit = (n: Node): string[] =>
      n.children
        .filter(({ kind }) => kind !== 'inactive')
        .map((child) => ({ child, share: share(child) }))
        .sort(
          (a, b) =>
            a.share - b.share || tie(a.child) - tie(b.child) || (a.child.path < b.child.path ? -1 : 1),
        )
        .flatMap(({ child }) => (child.kind === 'active' ? [clientOf(child)] : visit(child)));
    return visit(this.root);
  }

  /** Of a client with all below it, or of an inner node. */
  dominantShare(path: string, total: Quantities): number {
    const find = (n: Node): Node[] => (n.path === path ? [n] : n.children.flatMap(find));
    const [found] = find(this.root);
    if (!found) return 0;
    const allocation = allocationOf(found);
    return Math.max(
      0,
      ...[...total]
        .filter(([name]) => !this.excluded.includes(name))
        .map(([name, milli]) => allocation.get(name) / milli),
    );
  }

  private tokens(client: string): string[] {
    return this.isTree ? client.split('/') : [client];
  }

  private leaves(from: Node = this.root): Node[] {
    return from.children.flatMap((child) => (child.kind === 'internal' ? this.leaves(child) : [child]));
  }

  private leaf(client: string): Node {
    return this.leaves().find((leaf) => clientOf(leaf) === client)!;
  }
}

function node(name: string, parent: Node | null, kind: Node['kind']): Node {
  const path = parent?.parent ? `${parent.path}/${name}` : name;
  return { name, path, kind, parent, children: [], count: 0, lastTurn: 0, allocation: new Map() };
}

/** The leaf becomes an inner node above a virtual leaf. */
function split(leaf: Node): void {
  const virtual = node('.', leaf, leaf.kind);
  virtual.count = leaf.count;
  virtual.lastTurn = leaf.lastTurn;
  virtual.allocation = new Map(leaf.allocation);
  leaf.kind = 'internal';
  leaf.children = [virtual];
}

function clientOf(leaf: Node): string {
  return leaf.name === '.' ? leaf.parent!.path : leaf.path;
}

function allocationOf(n: Node): Quantities {
  return [...n.allocation.values()].reduce(
    (sum, resources) => sum.plus(resources.quantities()),
    Quantities.empty,
  );
}
