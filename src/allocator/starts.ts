/** Starts stages' tasks where they fit, and remembers which requests fit nowhere, so that they are not looked for again. */
import type { Board } from './board.ts';
import type { FitSearch } from './fit-search.ts';
import { demandOf, placeTogether } from './gangs.ts';
import type { Reservation } from './reservation.ts';

/** With more agents released than this, searching the index beats trying them one by one. */
const MAX_RELEASED_TRIED = 64;
const NEVER = -2;

export class Starts {
  private readonly board: Board;
  private readonly search: FitSearch;
  private passNumber = 0;
  /** By request: the last pass at whose end it was known to fit on no agent. */
  private readonly fullAt: Int32Array;
  /** Released agents in order, while few enough to be tried one by one; `null`: search all. */
  private released: readonly number[] | null = null;

  constructor(board: Board, search: FitSearch) {
    this.board = board;
    this.search = search;
    this.fullAt = new Int32Array(board.cluster.requests.count).fill(NEVER);
  }

  beginPass(): void {
    const { board } = this;
    this.passNumber++;
    this.released = board.releasedCount <= MAX_RELEASED_TRIED ? board.releasedAgents() : null;
  }

  /** Releases are about to be forgotten that no pass has seen: what was known of requests no longer holds. */
  skipPass(): void {
    this.passNumber++;
  }

  /** Whether a request is known to fit on no agent, seeing that it fits on none that were released since the last pass. */
  isKnownToWait(q: number): boolean {
    const { fullAt, passNumber, released } = this;
    if (fullAt[q] === passNumber) return true;
    if (fullAt[q] !== passNumber - 1 || released === null) return false;
    for (const agent of released) if (this.board.cluster.fits(agent, q, 0, 0)) return false;
    fullAt[q] = passNumber;
    return true;
  }

  isWithinLimits(stage: number): boolean {
    const { roles } = this.board;
    if (!roles.hasLimits) return true;
    return roles.isWithinLimits(this.board.roleOfStage(stage), demandOf(this.board, this.tasksOf(stage)), 0);
  }

  /** Starts the stage's next task, or all of a gang; false if it fits nowhere or `reservation` forbids it. */
  start(stage: number, reservation: Reservation | null): boolean {
    const { board } = this;
    const tasks = this.tasksOf(stage);
    const agents = board.isGang(stage)
      ? placeTogether(board, board.cluster, this.search, stage, tasks, null)
      : this.agentsForOne(stage, tasks[0]);
    if (agents === null) return false;
    if (reservation !== null && !reservation.admits(stage, tasks, agents)) return false;
    for (let i = 0; i < tasks.length; i++) board.start(tasks[i], agents[i]);
    return true;
  }

  /** What starts at once: a gang's waiting tasks, or the stage's next one. */
  tasksOf(stage: number): number[] {
    return this.board.isGang(stage) ? this.board.allWaiting(stage) : [this.board.firstWaiting(stage)];
  }

  private agentsForOne(stage: number, task: number): number[] | null {
    const { board, fullAt, passNumber } = this;
    const q = board.workload.tasks.request[task];
    const maxPerAgent = board.maxPerAgent(stage);
    let agent: number;
    if (maxPerAgent > 0) agent = this.search.find(q, board.spreadGroup(stage), maxPerAgent, null);
    else if (fullAt[q] === passNumber) return null;
    else {
      agent = this.search.find(q, 0, 0, fullAt[q] === passNumber - 1 ? this.released : null);
      if (agent < 0) fullAt[q] = passNumber;
    }
    return agent < 0 ? null : [agent];
  }
}
