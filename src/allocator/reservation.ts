/**
 * EASY's reservation (Mu'alem & Feitelson, TPDS 2001): the earliest time the first blocked stage can start by the
 * estimates of the running tasks, and whether another task may start now without delaying it.
 */
import type { ClusterState } from '../cluster/cluster-state.ts';
import { dominantShareOf } from '../policies/dominant-share.ts';
import type { Board } from './board.ts';
import type { FitSearch } from './fit-search.ts';
import { demandOf, placeTogether } from './gangs.ts';

export class Reservation {
  /** When the reserved tasks can start, µs; Infinity if running tasks alone never make room. */
  shadowUs = Number.POSITIVE_INFINITY;
  private readonly board: Board;
  /** The cluster as it will be at the shadow time, without the reserved tasks. */
  private readonly future: ClusterState;
  private readonly search: FitSearch;
  private stage = -1;
  private tasks: readonly number[] = [];

  /** @param future scratch state of the same cluster; @param search looks in it, first fit */
  constructor(board: Board, future: ClusterState, search: FitSearch) {
    this.board = board;
    this.future = future;
    this.search = search;
  }

  /** Reserves for `tasks`, which are of one stage and do not fit now. */
  reserve(stage: number, tasks: readonly number[]): void {
    const { board, future } = this;
    const running = board.runningByEnd!;
    const ends = board.estimatedEndUs!;
    this.stage = stage;
    this.tasks = tasks;
    this.shadowUs = Number.POSITIVE_INFINITY;
    future.copyFrom(board.cluster);
    for (let i = 0; i < running.length; ) {
      const endUs = ends[running.at(i)];
      const ending: number[] = [];
      for (; i < running.length && ends[running.at(i)] === endUs; i++) ending.push(running.at(i));
      for (const unit of this.smallestFirst(ending)) {
        for (const task of unit) board.giveBackIn(future, task);
        if (!this.isPossible()) continue;
        this.shadowUs = endUs;
        return;
      }
    }
  }

  /**
   * Whether `tasks` of a stage may start now on `agents` (where they fit): they end before the shadow time, or the
   * reserved tasks still fit beside them then. If they may and outlast it, they are counted from now on.
   */
  admits(stage: number, tasks: readonly number[], agents: readonly number[]): boolean {
    const { board, future } = this;
    const group = board.spreadGroup(stage);
    const maxPerAgent = board.maxPerAgent(stage);
    const { request } = board.workload.tasks;
    const lasting = tasks
      .map((task, i) => [task, agents[i]])
      .filter(([task]) => board.nowUs + board.estimateUs(task) > this.shadowUs);
    const taken: [agent: number, q: number, devices: number][] = [];
    let isAdmitted = true;
    for (const [task, agent] of lasting) {
      isAdmitted = future.fits(agent, request[task], group, maxPerAgent);
      if (!isAdmitted) break;
      taken.push([agent, request[task], future.take(agent, request[task], group, maxPerAgent)]);
    }
    isAdmitted &&= lasting.length === 0 || this.isPossible();
    if (!isAdmitted) {
      for (const [agent, q, devices] of taken.reverse()) future.give(agent, q, devices, group, maxPerAgent);
    }
    return isAdmitted;
  }

  /**
   * Tasks that end together, in the units they end in: gangs, or single tasks. The paper collects jobs one by one and
   * stops as soon as they are enough, so their order decides what counts as extra; it states none. Ours: the least
   * dominant share first, then trace order.
   */
  private smallestFirst(tasks: readonly number[]): readonly (readonly number[])[] {
    const { board } = this;
    const units = new Map<number, number[]>();
    for (const task of tasks) {
      const stage = board.workload.tasks.stage[task];
      const key = board.isGang(stage) ? stage : -1 - task;
      const unit = units.get(key);
      if (unit) unit.push(task);
      else units.set(key, [task]);
    }
    if (units.size === 1) return [...units.values()];
    const sized = [...units.values()].map((unit) => ({
      unit,
      share: dominantShareOf(demandOf(board, unit), board.cluster.totalPresent),
    }));
    return sized.sort((a, b) => a.share - b.share || a.unit[0] - b.unit[0]).map(({ unit }) => unit);
  }

  private isPossible(): boolean {
    return placeTogether(this.board, this.future, this.search, this.stage, this.tasks, null) !== null;
  }
}
