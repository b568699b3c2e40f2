/** Which tasks can never run on a cluster, so that they are refused at once rather than block a queue for ever. */
import type { Board } from '../allocator/board.ts';
import { TASK_UNPLACED } from '../allocator/board.ts';
import type { FitSearch } from '../allocator/fit-search.ts';
import { demandOf, placeTogether } from '../allocator/gangs.ts';
import type { ClusterState } from '../cluster/cluster-state.ts';

/**
 * Refuses tasks when their job is submitted. `whole` is the cluster with every agent present and empty, at the largest
 * that the agent ever is; `search` looks in it.
 */
export class Feasibility {
  private readonly board: Board;
  private readonly whole: ClusterState;
  private readonly search: FitSearch;
  private readonly isLarge: Uint8Array;

  constructor(board: Board, whole: ClusterState, search: FitSearch) {
    this.board = board;
    this.whole = whole;
    this.search = search;
    const { count } = whole.requests;
    this.isLarge = Uint8Array.from({ length: count }, (_, q) => (whole.nextFit(0, q, 0, 0) < 0 ? 1 : 0));
  }

  /** Marks the job's tasks that fit on no agent, are beyond their role's limit, or belong to a gang that never fits. */
  refuseImpossible(job: number): void {
    const { board } = this;
    const { jobs, stages, tasks } = board.workload;
    const role = jobs.role[job];
    const { demand } = board.cluster.requests;
    const width = board.cluster.resources.length;
    for (let stage = jobs.firstStage[job]; stage < jobs.firstStage[job + 1]; stage++) {
      for (let task = stages.firstTask[stage]; task < stages.firstTask[stage + 1]; task++) {
        const q = tasks.request[task];
        if (this.isLarge[q] === 1 || !board.roles.couldEverHold(role, demand, q * width)) board.refuse(task);
      }
      if (board.isGang(stage)) this.refuseGang(stage);
    }
  }

  private refuseGang(stage: number): void {
    const { board, whole } = this;
    const { firstTask } = board.workload.stages;
    const members = Array.from(
      { length: firstTask[stage + 1] - firstTask[stage] },
      (_, i) => firstTask[stage] + i,
    );
    if (members.length === 1) return;
    const isWhole = members.every((task) => board.taskState[task] !== TASK_UNPLACED);
    const isPossible =
      isWhole &&
      board.roles.couldEverHold(board.roleOfStage(stage), demandOf(board, members), 0) &&
      placeTogether(board, whole, this.search, stage, members, null) !== null;
    if (isPossible) return;
    for (const task of members) if (board.taskState[task] !== TASK_UNPLACED) board.refuse(task);
  }
}
