/** Who holds what: usage, weights, limits and guarantees of every role, as a tree (`a/b` under `a`). */
import { compareText, type ResourceAmounts, toMilli } from '../cluster/resources.ts';
import { dominantShareOf } from '../policies/dominant-share.ts';
import type { RoleView } from '../policies/policy.ts';

export interface RoleTerms {
  /** By role or inner node; 1 where not named. */
  readonly weights: ReadonlyMap<string, number>;
  /** Most a role may hold, natural units; resources not named are unlimited. */
  readonly limits: ReadonlyMap<string, ResourceAmounts>;
  readonly guarantees: ReadonlyMap<string, ResourceAmounts>;
}

/**
 * Nodes 0 … roles − 1 are the roles themselves, all of them leaves; inner nodes follow; the root is the last. A role
 * that has children (`a` beside `a/b`) is a leaf below the inner node `a`, which carries its weight, limit and
 * guarantee (what Mesos calls its virtual leaf `a/.`).
 */
export class RoleLedger {
  readonly roleCount: number;
  readonly nodeCount: number;
  readonly root: number;
  readonly names: readonly string[];
  /** −1 for the root. */
  readonly parent: Int32Array;
  readonly children: readonly (readonly number[])[];
  /** By node. */
  readonly views: readonly RoleView[];
  /** Whether any role has a guarantee, a limit. */
  readonly hasGuarantees: boolean;
  readonly hasLimits: boolean;
  /** Whether a node with children has a guarantee, which the usage of one child then meets for the others. */
  readonly hasInnerGuarantees: boolean;
  private readonly width: number;
  private readonly usage: Float64Array;
  /** By node: most it may hold, thousandths; `null`: no limit. */
  readonly limits: readonly (Float64Array | null)[];

  /** @param total live view of the present capacity, thousandths by resource */
  constructor(roles: readonly string[], resources: readonly string[], total: Float64Array, terms: RoleTerms) {
    const inner = new Set<string>();
    for (const role of roles) {
      for (let end = role.lastIndexOf('/'); end > 0; end = role.lastIndexOf('/', end - 1))
        inner.add(role.slice(0, end));
    }
    const innerNames = [...inner].sort(compareText);
    const names = [...roles, ...innerNames, ''];
    const innerNodes = new Map(innerNames.map((name, index) => [name, roles.length + index]));
    const isVirtual = (node: number) => node < roles.length && inner.has(names[node]);
    this.names = names;
    this.roleCount = roles.length;
    this.nodeCount = names.length;
    this.root = names.length - 1;
    this.width = resources.length;
    this.usage = new Float64Array(this.nodeCount * this.width);
    this.parent = Int32Array.from(names, (name, node) => {
      if (node === this.root) return -1;
      if (isVirtual(node)) return innerNodes.get(name)!;
      const end = name.lastIndexOf('/');
      return end < 0 ? this.root : innerNodes.get(name.slice(0, end))!;
    });
    const children: number[][] = names.map(() => []);
    for (let node = 0; node < this.root; node++) children[this.parent[node]].push(node);
    for (const list of children) list.sort((a, b) => compareText(names[a], names[b]));
    this.children = children;

    const amounts = (given: ResourceAmounts | undefined, absent: number) =>
      given === undefined
        ? null
        : Float64Array.from(resources, (name) => (given[name] === undefined ? absent : toMilli(given[name])));
    const stated = <T>(values: ReadonlyMap<string, T>, node: number) =>
      isVirtual(node) ? undefined : values.get(names[node]);
    this.limits = names.map((_, node) => amounts(stated(terms.limits, node), Number.POSITIVE_INFINITY));
    this.hasLimits = this.limits.some((limit) => limit !== null);
    const weightOf = (node: number) => stated(terms.weights, node) ?? 1;
    this.views = names.map((name, node) => ({
      name,
      resources,
      weight: weightOf(node),
      usage: this.usage.subarray(node * this.width, (node + 1) * this.width),
      total,
      guarantee: amounts(stated(terms.guarantees, node), 0),
      siblingWeight:
        node === this.root ? 1 : children[this.parent[node]].reduce((sum, n) => sum + weightOf(n), 0),
      headDemand: new Float64Array(this.width),
      target: 0,
    }));
    this.hasGuarantees = this.views.some((view) => view.guarantee !== null);
    this.hasInnerGuarantees = this.views.slice(this.roleCount).some((view) => view.guarantee !== null);
  }

  /** Adds `demand[offset …]` to (`sign` 1) or takes it from (−1) the role and all nodes above it. */
  charge(role: number, demand: Float64Array, offset: number, sign: 1 | -1): void {
    const { usage, width, parent } = this;
    for (let node = role; node >= 0; node = parent[node]) {
      for (let r = 0; r < width; r++) usage[node * width + r] += sign * demand[offset + r];
    }
  }

  /** Whether the role may hold `demand[offset …]` more, by its own limit and those of the nodes above. */
  isWithinLimits(role: number, demand: Float64Array, offset: number): boolean {
    if (!this.hasLimits) return true;
    const { usage, width, parent } = this;
    for (let node = role; node >= 0; node = parent[node]) {
      const limit = this.limits[node];
      if (limit === null) continue;
      for (let r = 0; r < width; r++)
        if (usage[node * width + r] + demand[offset + r] > limit[r]) return false;
    }
    return true;
  }

  /** Whether the limits allow `demand[offset …]` at all, were nothing else held. */
  couldEverHold(role: number, demand: Float64Array, offset: number): boolean {
    if (!this.hasLimits) return true;
    for (let node = role; node >= 0; node = this.parent[node]) {
      const limit = this.limits[node];
      if (limit?.some((most, r) => demand[offset + r] > most)) return false;
    }
    return true;
  }

  /** Whether the role, or a node above it, still holds less than it is guaranteed of some resource. */
  isBelowGuarantee(role: number): boolean {
    if (!this.hasGuarantees) return false;
    for (let node = role; node >= 0; node = this.parent[node]) {
      const { guarantee, usage } = this.views[node];
      if (guarantee?.some((amount, r) => usage[r] < amount)) return true;
    }
    return false;
  }

  /** Largest share that the role has of any resource of the cluster. */
  dominantShare(role: number): number {
    const { usage, total } = this.views[role];
    return dominantShareOf(usage, total);
  }
}
