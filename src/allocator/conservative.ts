/**
 * Conservative backfilling (Mu'alem & Feitelson, TPDS 2001): every queued stage holds a reservation, and nobody starts
 * if that would move another's. Reservations are kept in a profile of the whole cluster's free resources over time;
 * when tasks end early, stages move forward in the order of their reservations, never back. The profile adds agents
 * up: exact where any agent is as good as another (processors of a parallel machine), else a stage whose turn has come
 * waits, still first, until it fits on single agents.
 */
import type { Board } from './board.ts';
import type { FitSearch } from './fit-search.ts';
import { demandOf, placeTogether } from './gangs.ts';
import { Profile } from './profile.ts';

export class ConservativeBackfilling {
  private readonly board: Board;
  private readonly search: FitSearch;
  /** Reserved start of each queued stage, µs. */
  private readonly reservedUs = new Map<number, number>();

  constructor(board: Board, search: FitSearch) {
    this.board = board;
    this.search = search;
  }

  cycle(): void {
    const { board, reservedUs } = this;
    const queue = board.queues[0];
    if (queue.length > 0) {
      const queued = Array.from({ length: queue.length }, (_, i) => queue.at(i));
      const isKnown = (stage: number) => reservedUs.has(stage);
      // By reservation first, so that whoever moves forward finds the slots of those after it still reserved.
      const order = [
        ...queued.filter(isKnown).sort((a, b) => reservedUs.get(a)! - reservedUs.get(b)!),
        ...queued.filter((stage) => !isKnown(stage)),
      ];
      const profile = this.profileOf(queued.filter(isKnown));
      for (const stage of order) this.reserveOrStart(stage, profile);
    }
    board.forgetReleases();
  }

  /** Free resources from now on: what running tasks and reservations leave. */
  private profileOf(reserved: readonly number[]): Profile {
    const { board } = this;
    const { demand } = board.cluster.requests;
    const width = board.cluster.resources.length;
    const profile = new Profile(board.nowUs, board.cluster.totalPresent);
    const running = board.runningByEnd!;
    for (let i = 0; i < running.length; i++) {
      const task = running.at(i);
      const base = board.workload.tasks.request[task] * width;
      profile.take(board.nowUs, board.estimatedEndUs![task], demand.subarray(base, base + width));
    }
    for (const stage of reserved) {
      const tasks = board.allWaiting(stage);
      const startUs = Math.max(board.nowUs, this.reservedUs.get(stage)!);
      profile.take(startUs, startUs + this.estimateUs(tasks), demandOf(board, tasks));
    }
    return profile;
  }

  private reserveOrStart(stage: number, profile: Profile): void {
    const { board, reservedUs } = this;
    const tasks = board.allWaiting(stage);
    const demand = demandOf(board, tasks);
    const durationUs = this.estimateUs(tasks);
    const before = reservedUs.get(stage);
    if (before !== undefined) {
      const startUs = Math.max(board.nowUs, before);
      profile.give(startUs, startUs + durationUs, demand);
    }
    const startUs = profile.earliest(demand, durationUs);
    const agents =
      startUs === board.nowUs ? placeTogether(board, board.cluster, this.search, stage, tasks, null) : null;
    profile.take(startUs, startUs + durationUs, demand);
    if (agents === null) {
      reservedUs.set(stage, startUs);
      return;
    }
    reservedUs.delete(stage);
    for (let i = 0; i < tasks.length; i++) board.start(tasks[i], agents[i]);
  }

  private estimateUs(tasks: readonly number[]): number {
    return tasks.reduce((longest, task) => Math.max(longest, this.board.estimateUs(task)), 0);
  }
}
