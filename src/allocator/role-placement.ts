/**
 * The `placement` cycle for orders of roles in which a role's key depends on that role alone: what `Placement` decides
 * with a `KeyedQueueSelector`, at a cost per decision that grows with the logarithm of the number of roles. Roles are
 * grouped by the request at their queue's head: if it fits nowhere, the whole group waits and is not looked at.
 */
import type { RandomStream } from '../cluster/streams.ts';
import type { RoleOrder } from '../policies/policy.ts';
import type { Board } from './board.ts';
import { IdHeap } from './id-heap.ts';
import { RoleKeys } from './role-keys.ts';
import type { Starts } from './starts.ts';

const NO_GROUP = -1;

export class RolePlacement {
  private readonly board: Board;
  private readonly starts: Starts;
  private readonly keys: RoleKeys;
  /**
   * Group q < requests: roles whose head is a plain task of request q. Group requests + role: the role by itself, its
   * head being a gang or limited in number on an agent.
   */
  private readonly groups: IdHeap[] = [];
  private readonly occupied = new Set<number>();
  private readonly groupOf: Int32Array;
  private readonly placeInGroup: Int32Array;
  /** Groups that may be served in this pass, by their first role. */
  private readonly open: IdHeap;
  private readonly isOpen: Uint8Array;
  /** Roles that take no further part in this pass: they are at their limit. */
  private readonly aside: number[] = [];
  private readonly capacity: Float64Array;

  constructor(board: Board, order: RoleOrder, starts: Starts, random: RandomStream) {
    const { roleCount } = board.roles;
    const groupCount = board.cluster.requests.count + roleCount;
    this.board = board;
    this.starts = starts;
    this.keys = new RoleKeys(board, order, random);
    this.groupOf = new Int32Array(roleCount).fill(NO_GROUP);
    this.placeInGroup = new Int32Array(roleCount);
    this.open = new IdHeap(
      (a, b) => this.keys.isBefore(this.groups[a].top, this.groups[b].top),
      new Int32Array(groupCount),
    );
    this.isOpen = new Uint8Array(groupCount);
    this.capacity = new Float64Array(board.cluster.totalPresent.length);
  }

  /** Starts everything that may start now. */
  cycle(): void {
    const { board, starts } = this;
    if (board.waitingCount > 0) this.pass();
    else starts.skipPass();
    board.forgetReleases();
  }

  private pass(): void {
    const { board, starts, open } = this;
    starts.beginPass();
    this.noteCapacity();
    this.takeChanges();
    for (const group of this.occupied) this.openIfItMayFit(group);
    while (open.length > 0) {
      const group = open.top;
      const role = this.groups[group].top;
      const stage = board.queues[role].at(0);
      if (!starts.isWithinLimits(stage)) {
        this.aside.push(role);
        this.moveTo(role, NO_GROUP);
      } else if (starts.start(stage, null)) {
        this.takeChanges();
      } else {
        this.close(group);
      }
    }
    for (const role of this.aside) board.noteRole(role);
    this.aside.length = 0;
  }

  /** Shares of every role change with the capacity. */
  private noteCapacity(): void {
    const { board, capacity } = this;
    const { totalPresent } = board.cluster;
    if (capacity.every((amount, r) => amount === totalPresent[r])) return;
    capacity.set(totalPresent);
    for (let role = 0; role < board.roles.roleCount; role++) board.noteRole(role);
  }

  /** Brings keys and groups up to date with what happened to roles. */
  private takeChanges(): void {
    const { board } = this;
    for (let role = board.takeChangedRole(); role >= 0; role = board.takeChangedRole()) this.regroup(role);
  }

  private regroup(role: number): void {
    const { board } = this;
    if (board.waitingOfRole[role] === 0) {
      this.moveTo(role, NO_GROUP);
      return;
    }
    this.keys.compute(role);
    const stage = board.queues[role].at(0);
    const isPlain = board.isPlain(stage);
    const { requests } = board.cluster;
    this.moveTo(
      role,
      isPlain ? board.workload.tasks.request[board.firstWaiting(stage)] : requests.count + role,
    );
  }

  private moveTo(role: number, group: number): void {
    const from = this.groupOf[role];
    this.groupOf[role] = group;
    if (from === group) {
      if (group === NO_GROUP) return;
      this.groups[group].update(role);
      if (this.isOpen[group] === 1) this.open.update(group);
      return;
    }
    if (from !== NO_GROUP) this.takeOut(role, from);
    if (group !== NO_GROUP) this.putIn(role, group);
  }

  private takeOut(role: number, group: number): void {
    const heap = this.groups[group];
    heap.remove(role);
    if (heap.length === 0) {
      this.occupied.delete(group);
      if (this.isOpen[group] === 1) this.close(group);
    } else if (this.isOpen[group] === 1) this.open.update(group);
  }

  private putIn(role: number, group: number): void {
    this.groups[group] ??= new IdHeap((a, b) => this.keys.isBefore(a, b), this.placeInGroup);
    this.groups[group].push(role);
    this.occupied.add(group);
    if (this.isOpen[group] === 1) this.open.update(group);
    else this.openIfItMayFit(group);
  }

  private openIfItMayFit(group: number): void {
    if (this.isOpen[group] === 1) return;
    if (group < this.board.cluster.requests.count && this.starts.isKnownToWait(group)) return;
    this.isOpen[group] = 1;
    this.open.push(group);
  }

  private close(group: number): void {
    this.open.remove(group);
    this.isOpen[group] = 0;
  }
}
