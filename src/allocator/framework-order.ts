/** Which framework is offered an agent, within one allocation of the `offers` model: the policy's first that takes it. */
import type { RandomStream } from '../cluster/streams.ts';
import type { JobOrder, RoleOrder } from '../policies/policy.ts';
import type { Board } from './board.ts';
import { IdHeap } from './id-heap.ts';
import type { OfferFilters } from './offer-filters.ts';
import { keyOfRole } from './role-keys.ts';

export class FrameworkOrder {
  private readonly board: Board;
  private readonly order: JobOrder | RoleOrder;
  private readonly filters: OfferFilters;
  private readonly random: RandomStream;
  private readonly key: Float64Array;
  private readonly tier: Uint8Array;
  /** Active roles that are not at their limit. */
  private readonly heap: IdHeap;
  private active: readonly number[] = [];

  constructor(board: Board, order: JobOrder | RoleOrder, filters: OfferFilters, random: RandomStream) {
    const { roleCount } = board.roles;
    this.board = board;
    this.order = order;
    this.filters = filters;
    this.random = random;
    this.key = new Float64Array(roleCount);
    this.tier = new Uint8Array(roleCount);
    this.heap = new IdHeap((a, b) => this.isBefore(a, b), new Int32Array(roleCount));
  }

  /** @param active roles that want offers, ascending; each has a waiting task */
  begin(active: readonly number[]): void {
    this.active = active;
    this.heap.clear();
    for (const role of active) {
      this.key[role] = this.keyOf(role);
      this.tier[role] = this.tierOf(role);
      this.heap.push(role);
    }
  }

  /** −1: nobody takes offers of the agent now. */
  firstFor(agent: number): number {
    const { heap, filters, board } = this;
    while (heap.length > 0 && !this.isWithinLimits(heap.top)) heap.remove(heap.top);
    if (heap.length === 0) return -1;
    if (filters.isUntouched(agent)) return heap.top;
    if (filters.isKnownRefused(agent, board.nowUs)) return -1;
    let isAnyAtLimit = false;
    const first = heap.firstWhere((role) => {
      if (filters.isRefused(role, agent, board.nowUs)) return false;
      if (this.isWithinLimits(role)) return true;
      isAnyAtLimit = true;
      return false;
    });
    if (first < 0 && !isAnyAtLimit && heap.length === this.active.length)
      filters.noteRefused(agent, this.active);
    return first;
  }

  /** The role was charged with an offer: it stands elsewhere from now on. */
  charged(role: number): void {
    this.key[role] = this.keyOf(role);
    if (this.board.roles.hasInnerGuarantees) {
      for (const other of this.heap.items) this.tier[other] = this.tierOf(other);
      this.heap.rebuild();
    } else {
      this.tier[role] = this.tierOf(role);
      this.heap.update(role);
    }
  }

  private isBefore(a: number, b: number): boolean {
    const { tier, key } = this;
    if (tier[a] !== tier[b]) return tier[a] < tier[b];
    if (key[a] !== key[b]) return key[a] < key[b];
    return a < b;
  }

  private tierOf(role: number): 0 | 1 {
    return this.board.roles.isBelowGuarantee(role) ? 0 : 1;
  }

  private keyOf(role: number): number {
    return keyOfRole(this.board, this.order, role, this.random);
  }

  private isWithinLimits(role: number): boolean {
    const { roles } = this.board;
    return !roles.hasLimits || roles.isWithinLimits(role, this.board.viewOfHead(role).headDemand, 0);
  }
}
