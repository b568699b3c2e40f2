/** Which queue is served next, within one allocation cycle. */
import type { RandomStream } from '../cluster/streams.ts';
import type { RoleOrder } from '../policies/policy.ts';
import type { Board } from './board.ts';
import { IdHeap } from './id-heap.ts';
import { RoleKeys } from './role-keys.ts';

/**
 * A cycle calls `begin` with the queues that may be served, then takes `next` until it is −1, saying each time whether
 * the queue was `served` or is `blocked` for the rest of the cycle; `unfit`: because its head fits on no agent.
 */
export interface QueueSelector {
  begin(queues: readonly number[]): void;
  next(): number;
  served(queue: number): void;
  blocked(queue: number): void;
  unfit(queue: number): void;
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

  unfit(): void {
    this.blocked();
  }
}

/** A queue per role, in the order of their keys. */
export class KeyedQueueSelector implements QueueSelector {
  private readonly board: Board;
  private readonly keys: RoleKeys;
  private readonly heap: IdHeap;

  constructor(board: Board, order: RoleOrder, random: RandomStream) {
    this.board = board;
    this.keys = new RoleKeys(board, order, random);
    this.heap = new IdHeap((a, b) => this.keys.isBefore(a, b), new Int32Array(board.roles.roleCount));
  }

  begin(queues: readonly number[]): void {
    this.heap.clear();
    for (const role of queues) {
      this.keys.compute(role);
      this.heap.push(role);
    }
  }

  next(): number {
    return this.heap.length > 0 ? this.heap.top : -1;
  }

  served(role: number): void {
    if (this.board.waitingOfRole[role] === 0) {
      this.heap.remove(role);
      return;
    }
    this.keys.compute(role);
    this.heap.update(role);
  }

  blocked(role: number): void {
    this.heap.remove(role);
  }

  unfit(role: number): void {
    this.blocked(role);
  }
}
