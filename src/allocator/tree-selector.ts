/**
 * Serves roles as a tree: from the root, at each node, the child with the lowest key, down to a role with a queue.
 * With `hdrf` the usage of inner nodes is dynamic hierarchical DRF's (Bhattacharya et al., SoCC 2013), as
 * `docs/hdrf.md` specifies it; roles are found blocked lazily, when they were chosen and fitted nowhere.
 */
import type { RandomStream } from '../cluster/streams.ts';
import { dominantShareOf } from '../policies/dominant-share.ts';
import type { RoleOrder, RoleView } from '../policies/policy.ts';
import type { Board } from './board.ts';
import type { QueueSelector } from './queue-selector.ts';

export class TreeSelector implements QueueSelector {
  private readonly board: Board;
  private readonly order: RoleOrder;
  private readonly random: RandomStream;
  /** By node: has an unblocked role below it. */
  private readonly isOpen: Uint8Array;
  /** What keys are computed from: the ledger's views, or copies with rescaled usage for H-DRF. */
  private readonly views: readonly RoleView[];

  constructor(board: Board, order: RoleOrder, random: RandomStream) {
    const { roles } = board;
    this.board = board;
    this.order = order;
    this.random = random;
    this.isOpen = new Uint8Array(roles.nodeCount);
    this.views =
      order.tree === 'hdrf'
        ? roles.views.map((view, node) =>
            node < roles.roleCount ? view : { ...view, usage: new Float64Array(view.usage.length) },
          )
        : roles.views;
  }

  begin(queues: readonly number[]): void {
    this.isOpen.fill(0);
    const { parent } = this.board.roles;
    for (const role of queues) {
      for (let node = role; node >= 0 && this.isOpen[node] === 0; node = parent[node]) this.isOpen[node] = 1;
    }
  }

  next(): number {
    const { roles } = this.board;
    if (this.isOpen[roles.root] === 0) return -1;
    if (this.order.tree === 'hdrf') this.rescale();
    let node = roles.root;
    while (node >= roles.roleCount) node = this.leastChild(node);
    return node;
  }

  served(role: number): void {
    if (this.board.waitingOfRole[role] === 0) this.blocked(role);
  }

  blocked(role: number): void {
    const { parent, children } = this.board.roles;
    this.isOpen[role] = 0;
    for (let node = parent[role]; node >= 0; node = parent[node]) {
      if (children[node].some((child) => this.isOpen[child] === 1)) return;
      this.isOpen[node] = 0;
    }
  }

  /** What does not fit for one role does not fit for any: all roles that wait for the same are blocked with it. */
  unfit(role: number): void {
    const { board, isOpen } = this;
    this.blocked(role);
    const q = this.plainHead(role);
    if (q < 0) return;
    for (let other = 0; other < board.roles.roleCount; other++)
      if (isOpen[other] === 1 && this.plainHead(other) === q) this.blocked(other);
  }

  /** Request of the task at the head of the role's queue; −1 if it may not start wherever it fits. */
  private plainHead(role: number): number {
    const { board } = this;
    const stage = board.queues[role].at(0);
    return board.isPlain(stage) ? board.workload.tasks.request[board.firstWaiting(stage)] : -1;
  }

  private leastChild(node: number): number {
    const { roles } = this.board;
    let least = -1;
    let leastKey = 0;
    let leastTier = 0;
    for (const child of roles.children[node]) {
      if (this.isOpen[child] === 0) continue;
      const view = child < roles.roleCount ? this.board.viewOfHead(child) : this.views[child];
      const key = this.order.key(view, this.random);
      const tier = roles.isBelowGuarantee(child) ? 0 : 1;
      if (least < 0 || tier < leastTier || (tier === leastTier && key < leastKey)) {
        least = child;
        leastKey = key;
        leastTier = tier;
      }
    }
    return least;
  }

  /** Usage of inner nodes from their children's, from the leaves up; saturated resources count as used up by no one. */
  private rescale(): void {
    const isSaturated = this.saturatedResources();
    this.rescaleNode(this.board.roles.root, isSaturated);
  }

  private rescaleNode(node: number, isSaturated: readonly boolean[]): void {
    const { roles } = this.board;
    const children = roles.children[node];
    const { usage } = this.views[node] as { usage: Float64Array };
    usage.fill(0);
    let level = Number.POSITIVE_INFINITY;
    const shares = children.map((child) => {
      if (child >= roles.roleCount) this.rescaleNode(child, isSaturated);
      const view = this.views[child];
      const share = dominantShareOf(view.usage, view.total) / view.weight;
      if (this.isOpen[child] === 1 && share < level) level = share;
      return share;
    });
    children.forEach((child, index) => {
      const isRescaled = this.isOpen[child] === 1;
      const factor = !isRescaled ? 1 : shares[index] === 0 ? 0 : level / shares[index];
      const childUsage = this.views[child].usage;
      for (let r = 0; r < usage.length; r++) usage[r] += childUsage[r] * factor;
    });
    // A saturated resource must not hold back a node whose roles wait for another one.
    if (this.isOpen[node] === 1) for (let r = 0; r < usage.length; r++) if (isSaturated[r]) usage[r] = 0;
  }

  /** Nothing of it is free, or roles wait for it and all of these are blocked. */
  private saturatedResources(): boolean[] {
    const { board } = this;
    return Array.from(board.cluster.freePresent, (free, r) => {
      if (free === 0) return true;
      let isWanted = false;
      for (let role = 0; role < board.roles.roleCount; role++) {
        if (board.waitingOfRole[role] === 0 || board.viewOfHead(role).headDemand[r] === 0) continue;
        if (this.isOpen[role] === 1) return false;
        isWanted = true;
      }
      return isWanted;
    });
  }
}
