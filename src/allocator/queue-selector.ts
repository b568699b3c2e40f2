/** Which queue is served next, within one allocation cycle. */
import type { RandomStream } from '../cluster/streams.ts';
import type { RoleOrder } from '../policies/policy.ts';
import type { Board } from './board.ts';

/**
 * A cycle calls `begin` with the queues that may be served, then takes `next` until it is −1, saying each time whether
 * the queue was `served` or is `blocked` for the rest of the cycle.
 */
export interface QueueSelector {
  begin(queues: readonly number[]): void;
  next(): number;
  served(queue: number): void;
  blocked(queue: number): void;
}

/** One queue of all jobs. */
export class SingleQueueSelector implements QueueSelector {
  private isOpen = false;

  begin(queues: readonly number[]): void {
    this.isOpen = queues.length > 0;
  }

  next(): number {
    return this.isOpen ? 0 : -1;
  }

  served(): void {}

  blocked(): void {
    this.isOpen = false;
  }
}

/** A queue per role, the lowest key first: roles below their guarantee before all others; ties by role number. */
export class KeyedQueueSelector implements QueueSelector {
  private readonly board: Board;
  private readonly order: RoleOrder;
  private readonly random: RandomStream;
  /** A binary heap of roles; key and tier by role. */
  private readonly heap: Int32Array;
  private size = 0;
  private readonly key: Float64Array;
  private readonly tier: Uint8Array;

  constructor(board: Board, order: RoleOrder, random: RandomStream) {
    const count = board.roles.roleCount;
    this.board = board;
    this.order = order;
    this.random = random;
    this.heap = new Int32Array(count);
    this.key = new Float64Array(count);
    this.tier = new Uint8Array(count);
  }

  begin(queues: readonly number[]): void {
    this.size = 0;
    for (const role of queues) {
      this.computeKey(role);
      let place = this.size++;
      for (; place > 0 && this.isBefore(role, this.heap[(place - 1) >> 1]); place = (place - 1) >> 1) {
        this.heap[place] = this.heap[(place - 1) >> 1];
      }
      this.heap[place] = role;
    }
  }

  next(): number {
    return this.size > 0 ? this.heap[0] : -1;
  }

  served(role: number): void {
    if (this.board.waitingOfRole[role] === 0) this.blocked(role);
    else {
      this.computeKey(role);
      this.sink(role);
    }
  }

  blocked(_role: number): void {
    this.size--;
    if (this.size > 0) this.sink(this.heap[this.size]);
  }

  private computeKey(role: number): void {
    const view = this.board.viewOfHead(role);
    this.tier[role] = this.board.roles.isBelowGuarantee(role) ? 0 : 1;
    this.key[role] = this.order.key(view, this.random);
  }

  /** Puts `role` at the root and lets it sink to its place. */
  private sink(role: number): void {
    const { heap, size } = this;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(heap[child + 1], heap[child])) child++;
      if (!this.isBefore(heap[child], role)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = role;
  }

  private isBefore(a: number, b: number): boolean {
    if (this.tier[a] !== this.tier[b]) return this.tier[a] < this.tier[b];
    if (this.key[a] !== this.key[b]) return this.key[a] < this.key[b];
    return a < b;
  }
}
