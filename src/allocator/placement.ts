/**
 * The `placement` model's allocation cycle: one scheduler that sees every queue and every agent. Queues are served in
 * the policy's order; a stage that fits nowhere blocks its queue, unless preemption makes room or backfilling lets
 * others pass.
 */
import { type Board, TASK_RUNNING } from './board.ts';
import type { Preemption } from './preemption.ts';
import type { QueueSelector } from './queue-selector.ts';
import type { Reservation } from './reservation.ts';
import type { Starts } from './starts.ts';

export class Placement {
  private readonly board: Board;
  private readonly selector: QueueSelector;
  private readonly starts: Starts;
  private readonly reservation: Reservation | null;
  private readonly preemption: Preemption | null;
  private readonly prepare: (() => void) | null;
  /** By queue: how many stages at its head were passed over in this pass. */
  private readonly passed: Int32Array;
  private readonly minDemand: Float64Array;

  /** @param prepare is called before a pass computes any key */
  constructor(
    board: Board,
    selector: QueueSelector,
    starts: Starts,
    reservation: Reservation | null,
    preemption: Preemption | null,
    prepare: (() => void) | null,
  ) {
    this.board = board;
    this.selector = selector;
    this.starts = starts;
    this.reservation = reservation;
    this.preemption = preemption;
    this.prepare = prepare;
    this.passed = new Int32Array(board.queues.length);
    this.minDemand = smallestDemand(board);
  }

  /** Starts everything that may start now. */
  cycle(): void {
    if (this.board.waitingCount > 0) while (this.pass());
    else this.starts.skipPass();
    this.board.forgetReleases();
  }

  /** One pass over the queues; true if tasks were preempted, so that another pass is due. */
  private pass(): boolean {
    const { board, selector, starts } = this;
    starts.beginPass();
    const queues = this.queuesToServe();
    if (queues.length === 0) return false;
    this.prepare?.();
    selector.begin(queues);
    for (const queue of queues) this.passed[queue] = 0;
    let isReserved = false;
    for (let queue = selector.next(); queue >= 0; queue = selector.next()) {
      const stage = board.queues[queue].at(this.passed[queue]);
      if (!starts.isWithinLimits(stage)) {
        this.passOver(queue, board.hasSingleQueue);
      } else if (starts.start(stage, isReserved ? this.reservation : null)) {
        this.reopen(queue);
      } else if (isReserved) {
        this.passOver(queue, this.isAnythingFree());
      } else if (this.preempt(stage)) {
        return true;
      } else if (this.reservation !== null) {
        this.reservation.reserve(stage, starts.tasksOf(stage));
        isReserved = true;
        this.passOver(queue, this.isAnythingFree());
      } else {
        selector.unfit(queue);
      }
    }
    return false;
  }

  /** Queues with waiting tasks, less those whose head is known to fit on none of the agents released since. */
  private queuesToServe(): number[] {
    const { board } = this;
    const queues: number[] = [];
    for (let queue = 0; queue < board.queues.length; queue++) {
      if (board.queues[queue].length === 0) continue;
      if (
        this.reservation === null &&
        this.preemption === null &&
        this.isHeadKnownToWait(board.queues[queue].at(0))
      ) {
        continue;
      }
      queues.push(queue);
    }
    return queues;
  }

  private isHeadKnownToWait(stage: number): boolean {
    const { board, starts } = this;
    if (!board.isPlain(stage)) return false;
    return starts.isKnownToWait(board.workload.tasks.request[board.firstWaiting(stage)]);
  }

  private preempt(stage: number): boolean {
    const { board } = this;
    const tasks = this.starts.tasksOf(stage);
    const plan = this.preemption?.plan(stage, tasks);
    if (!plan) return false;
    for (const victim of plan.victims) {
      if (board.taskState[victim] === TASK_RUNNING) board.stop(victim, 'preempted');
    }
    for (let i = 0; i < tasks.length; i++) board.start(tasks[i], plan.agents[i]);
    return true;
  }

  /** Goes on behind the stage in hand, or closes the queue if that was its last or `mayGoOn` is false. */
  private passOver(queue: number, mayGoOn: boolean): void {
    this.passed[queue]++;
    if (!mayGoOn || this.passed[queue] >= this.board.queues[queue].length) this.selector.blocked(queue);
  }

  private reopen(queue: number): void {
    if (this.passed[queue] >= this.board.queues[queue].length) this.selector.blocked(queue);
    else this.selector.served(queue);
  }

  /** Whether the cluster has enough of every resource for the smallest demand of the workload. */
  private isAnythingFree(): boolean {
    return this.board.cluster.hasFreeInAll(this.minDemand);
  }
}

function smallestDemand(board: Board): Float64Array {
  const { demand, count } = board.cluster.requests;
  const width = board.cluster.resources.length;
  const smallest = new Float64Array(width).fill(count > 0 ? Number.POSITIVE_INFINITY : 0);
  for (let i = 0; i < count * width; i++) smallest[i % width] = Math.min(smallest[i % width], demand[i]);
  return smallest;
}
