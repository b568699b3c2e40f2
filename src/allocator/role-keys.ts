/** The order of roles under a policy: those below their guarantee before all others, then the lowest key, ties by role number. */
import type { RandomStream } from '../cluster/streams.ts';
import type { JobOrder, RoleOrder } from '../policies/policy.ts';
import type { Board } from './board.ts';

/** The key of a role with a waiting task; a job order puts the role first whose first job comes first. */
export function keyOfRole(
  board: Board,
  order: JobOrder | RoleOrder,
  role: number,
  random: RandomStream,
): number {
  if (order.kind === 'roles') return order.key(board.viewOfHead(role), random);
  const head = board.queues[board.queueOfRole[role]].at(0);
  return board.stageKey === null ? head : board.stageKey[head];
}

export class RoleKeys {
  private readonly board: Board;
  private readonly order: RoleOrder;
  private readonly random: RandomStream;
  private readonly key: Float64Array;
  private readonly tier: Uint8Array;

  constructor(board: Board, order: RoleOrder, random: RandomStream) {
    this.board = board;
    this.order = order;
    this.random = random;
    this.key = new Float64Array(board.roles.roleCount);
    this.tier = new Uint8Array(board.roles.roleCount);
  }

  /** The role, which must have a waiting task, stands from now on where its present usage and head put it. */
  compute(role: number): void {
    const view = this.board.viewOfHead(role);
    this.tier[role] = this.board.roles.isBelowGuarantee(role) ? 0 : 1;
    this.key[role] = this.order.key(view, this.random);
  }

  isBefore(a: number, b: number): boolean {
    if (this.tier[a] !== this.tier[b]) return this.tier[a] < this.tier[b];
    if (this.key[a] !== this.key[b]) return this.key[a] < this.key[b];
    return a < b;
  }
}
