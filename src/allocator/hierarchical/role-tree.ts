/** Roles as a tree, with what is reserved to them, what they hold, their quota and who is tracked under them (reference §12.1). */
import { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';
import type { Quota } from './terms.ts';

export class RoleNode {
  readonly path: string;
  readonly parent: RoleNode | null;
  readonly children = new Map<string, RoleNode>();
  readonly frameworks = new Set<string>();
  quota: Quota | null = null;
  weight = 1;
  /** Reserved to the role or below it, whether or not allocated. */
  reserved = Quantities.empty;
  /** Unreserved and not revocable, offered to or allocated to the role or below it. */
  held = Quantities.empty;
  /** The part of `held` that is allocated: tasks were launched upon it. */
  allocated = Quantities.empty;

  constructor(path: string, parent: RoleNode | null) {
    this.path = path;
    this.parent = parent;
  }

  /** What counts against the role's quota. */
  get consumed(): Quantities {
    return this.reserved.plus(this.held);
  }

  get isUseless(): boolean {
    return (
      this.children.size === 0 &&
      this.frameworks.size === 0 &&
      this.quota === null &&
      this.weight === 1 &&
      this.reserved.isEmpty
    );
  }
}

export class RoleTree {
  readonly root = new RoleNode('', null);
  private readonly nodes = new Map<string, RoleNode>();

  get(path: string): RoleNode | undefined {
    return this.nodes.get(path);
  }

  /** All roles, in the order in which they came. */
  all(): IterableIterator<RoleNode> {
    return this.nodes.values();
  }

  setQuota(path: string, quota: Quota | null): void {
    this.change(path, (node) => {
      node.quota = quota;
    });
  }

  setWeight(path: string, weight: number): void {
    this.change(path, (node) => {
      node.weight = weight;
    });
  }

  addFramework(path: string, frameworkId: string): void {
    this.nodeAt(path).frameworks.add(frameworkId);
  }

  removeFramework(path: string, frameworkId: string): void {
    this.change(path, (node) => node.frameworks.delete(frameworkId));
  }

  /** Counts the reservations in an agent's total. */
  addReservations(total: Resources): void {
    for (const [role, quantities] of reservationsOf(total))
      upwards(this.nodeAt(role), (node) => {
        node.reserved = node.reserved.plus(quantities);
      });
  }

  removeReservations(total: Resources): void {
    for (const [role, quantities] of reservationsOf(total)) {
      upwards(this.nodeAt(role), (node) => {
        node.reserved = node.reserved.minus(quantities);
      });
      this.prune(this.nodeAt(role));
    }
  }

  /** The role must be tracked. @param quantities see `quotaQuantities` */
  addHeld(path: string, quantities: Quantities): void {
    upwards(this.nodeAt(path), (node) => {
      node.held = node.held.plus(quantities);
    });
  }

  removeHeld(path: string, quantities: Quantities): void {
    upwards(this.nodeAt(path), (node) => {
      node.held = node.held.minus(quantities);
    });
  }

  addAllocated(path: string, quantities: Quantities): void {
    upwards(this.nodeAt(path), (node) => {
      node.allocated = node.allocated.plus(quantities);
    });
  }

  removeAllocated(path: string, quantities: Quantities): void {
    const node = this.nodes.get(path);
    if (!node) return;
    upwards(node, (each) => {
      each.allocated = each.allocated.minus(quantities);
    });
  }

  private change(path: string, change: (node: RoleNode) => void): void {
    const node = this.nodeAt(path);
    change(node);
    this.prune(node);
  }

  private nodeAt(path: string): RoleNode {
    const known = this.nodes.get(path);
    if (known) return known;
    const end = path.lastIndexOf('/');
    const parent = end < 0 ? this.root : this.nodeAt(path.slice(0, end));
    const node = new RoleNode(path, parent);
    parent.children.set(path, node);
    this.nodes.set(path, node);
    return node;
  }

  private prune(from: RoleNode): void {
    for (let node = from; node.parent !== null && node.isUseless; node = node.parent) {
      node.parent.children.delete(node.path);
      this.nodes.delete(node.path);
    }
  }
}

/** What counts against quota besides reservations: unreserved and not revocable. */
export function quotaQuantities(resources: Resources): Quantities {
  return resources.isPlain ? resources.quantities() : resources.unreserved().nonRevocable().quantities();
}

function reservationsOf(total: Resources): readonly [role: string, reserved: Quantities][] {
  const roles = new Set(total.kinds.map(({ role }) => role));
  roles.delete(null);
  return Array.from(roles, (role) => [role!, total.reservedTo(role!).quantities()]);
}

function upwards(from: RoleNode, change: (node: RoleNode) => void): void {
  for (let node: RoleNode | null = from; node !== null; node = node.parent) change(node);
}
