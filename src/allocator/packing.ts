/**
 * The cycle of a task order (Tetris): every agent with room takes, of the waiting tasks that fit there, the one with
 * the highest score, again and again. Candidates are the next tasks of the first stages in submit order.
 */
import type { TaskOrder } from '../policies/policy.ts';
import type { Board } from './board.ts';
import type { FitSearch } from './fit-search.ts';
import { demandOf, placeTogether } from './gangs.ts';

export class Packing {
  private readonly board: Board;
  private readonly order: TaskOrder;
  private readonly search: FitSearch;
  /** Tasks that were candidates in the last cycle and are known to fit only on agents released since. */
  private known: ReadonlySet<number> = new Set();

  constructor(board: Board, order: TaskOrder, search: FitSearch) {
    this.board = board;
    this.order = order;
    this.search = search;
  }

  cycle(): void {
    const { board } = this;
    const window = this.candidates();
    this.startGangs(window.filter((stage) => board.isGang(stage)));
    const singles = window.filter((stage) => !board.isGang(stage));
    if (singles.some((stage) => !this.known.has(board.firstWaiting(stage)))) {
      for (let agent = 0; agent < board.cluster.agentCount; agent++) this.fill(agent, singles);
    } else {
      for (const agent of board.releasedAgents()) this.fill(agent, singles);
    }
    this.known = new Set(
      singles.filter((stage) => board.waitingInStage(stage) > 0).map((stage) => board.firstWaiting(stage)),
    );
    board.forgetReleases();
  }

  private fill(agent: number, stages: number[]): void {
    const { board } = this;
    const { cluster, workload } = board;
    if (cluster.isPresent[agent] === 0) return;
    const width = cluster.resources.length;
    const view = {
      free: cluster.free.subarray(agent * width, (agent + 1) * width),
      total: cluster.total.subarray(agent * width, (agent + 1) * width),
      deviceFree: cluster.deviceFreeOf(agent),
    };
    for (;;) {
      let best = -1;
      let bestScore = 0;
      for (let i = 0; i < stages.length; i++) {
        const stage = stages[i];
        if (board.waitingInStage(stage) === 0) continue;
        const task = board.firstWaiting(stage);
        const q = workload.tasks.request[task];
        if (!cluster.fits(agent, q, board.spreadGroup(stage), board.maxPerAgent(stage))) continue;
        if (!this.isWithinLimits(stage, [task])) continue;
        const job = workload.stages.job[stage];
        const { firstStage } = workload.jobs;
        const { firstTask } = workload.stages;
        const score = this.order.score(
          {
            demand: cluster.requests.demand.subarray(q * width, (q + 1) * width),
            estimateUs: board.estimateUs(task),
            jobTaskCount: firstTask[firstStage[job + 1]] - firstTask[firstStage[job]],
          },
          view,
        );
        if (best < 0 || score > bestScore) {
          best = task;
          bestScore = score;
        }
      }
      if (best < 0) return;
      board.start(best, agent);
    }
  }

  /** Gangs need many agents at once: they are tried first, in submit order, wherever their tasks fit. */
  private startGangs(stages: readonly number[]): void {
    const { board } = this;
    for (const stage of stages) {
      const tasks = board.allWaiting(stage);
      if (!this.isWithinLimits(stage, tasks)) continue;
      const agents = placeTogether(board, board.cluster, this.search, stage, tasks, null);
      if (agents !== null) for (let i = 0; i < tasks.length; i++) board.start(tasks[i], agents[i]);
    }
  }

  private candidates(): number[] {
    const queue = this.board.queues[0];
    return Array.from({ length: Math.min(queue.length, this.order.window) }, (_, i) => queue.at(i));
  }

  private isWithinLimits(stage: number, tasks: readonly number[]): boolean {
    const { board } = this;
    return (
      !board.roles.hasLimits ||
      board.roles.isWithinLimits(board.roleOfStage(stage), demandOf(board, tasks), 0)
    );
  }
}
