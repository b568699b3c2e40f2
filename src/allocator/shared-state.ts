/**
 * The `shared-state` model's allocation (Omega: Schwarzkopf et al., EuroSys 2013, §3.4): schedulers decide in parallel,
 * each on the whole cluster as it is when it begins to think, and claim what they chose when they have thought. What
 * somebody else took meanwhile is a conflict: that claim fails and its task is tried again; the others hold (of a gang:
 * none do). A decision takes a time for the job and one for each of its tasks (§4). With one scheduler for all roles,
 * this is the monolithic scheduler: the policy says whose job is next, and nothing ever conflicts.
 */
import type { RandomStream } from '../cluster/streams.ts';
import type { JobOrder, RoleOrder } from '../policies/policy.ts';
import type { Board } from './board.ts';
import type { FitSearch } from './fit-search.ts';
import { keyOfRole } from './role-keys.ts';

export interface DecisionTimes {
  /** For a job; those of roles come first. */
  readonly jobUs: number;
  readonly roleJobUs: ReadonlyMap<string, number>;
  /** For each of its tasks. */
  readonly taskUs: number;
}

export interface SharedStateOptions extends DecisionTimes {
  /** One for each role, or one for all. */
  readonly schedulers: 'role' | 'one';
}

export interface TransactionCounts {
  /** Decisions that claimed anything. */
  made: number;
  /** Those of which a claim failed. */
  conflicted: number;
  /** Tasks that room was claimed for, each time. */
  claims: number;
  /** Claims that failed, as others had taken the room (or the quota) meanwhile. */
  conflicts: number;
  /** By role: how long its jobs were thought about. */
  readonly decidingUs: Float64Array;
}

/** What a scheduler is about to claim. */
interface Attempt {
  readonly scheduler: number;
  readonly role: number;
  readonly stage: number;
  readonly tasks: readonly number[];
  /** By task. */
  readonly agents: readonly number[];
  readonly dueUs: number;
}

const NONE = -1;

export class SharedState {
  private readonly board: Board;
  private readonly order: JobOrder | RoleOrder;
  private readonly search: FitSearch;
  private readonly options: SharedStateOptions;
  private readonly random: RandomStream;
  /** By scheduler: roles that it serves. */
  private readonly rolesOf: readonly (readonly number[])[];
  /** By scheduler; `null`: it is idle. */
  private readonly attempts: (Attempt | null)[];
  /** By role: the stage at its head for which there was no room. */
  private readonly unfit: Int32Array;
  readonly transactions: TransactionCounts;

  constructor(
    board: Board,
    order: JobOrder | RoleOrder,
    search: FitSearch,
    options: SharedStateOptions,
    random: RandomStream,
  ) {
    this.board = board;
    this.order = order;
    this.search = search;
    this.options = options;
    this.random = random;
    const roles = Array.from({ length: board.roles.roleCount }, (_, role) => role);
    this.rolesOf = options.schedulers === 'one' ? [roles] : roles.map((role) => [role]);
    this.attempts = this.rolesOf.map(() => null);
    this.unfit = new Int32Array(roles.length).fill(NONE);
    const decidingUs = new Float64Array(roles.length);
    this.transactions = { made: 0, conflicted: 0, claims: 0, conflicts: 0, decidingUs };
  }

  get nextTimerUs(): number {
    return this.attempts.reduce(
      (next, attempt) => Math.min(next, attempt?.dueUs ?? next),
      Number.POSITIVE_INFINITY,
    );
  }

  cycle(): void {
    const { board } = this;
    do {
      this.claimDue();
      if (board.releasedCount > 0) this.unfit.fill(NONE);
      board.forgetReleases();
      for (const [scheduler, attempt] of this.attempts.entries())
        if (attempt === null) this.attempts[scheduler] = this.begin(scheduler);
    } while (this.nextTimerUs <= board.nowUs);
  }

  /** Of claims at one instant those of the scheduler with the lowest number come first. */
  private claimDue(): void {
    for (const [scheduler, attempt] of this.attempts.entries()) {
      if (attempt === null || attempt.dueUs > this.board.nowUs) continue;
      this.attempts[scheduler] = null;
      this.claim(attempt);
    }
  }

  private claim({ stage, role, tasks, agents }: Attempt): void {
    const { board, transactions } = this;
    const isGang = board.isGang(stage);
    let conflicts = 0;
    if (isGang && !this.fitTogether(stage, role, tasks, agents)) conflicts = tasks.length;
    else
      tasks.forEach((task, i) => {
        if (isGang || this.mayStart(stage, role, task, agents[i])) board.start(task, agents[i]);
        else conflicts++;
      });
    transactions.made++;
    transactions.claims += tasks.length;
    transactions.conflicts += conflicts;
    if (conflicts > 0) transactions.conflicted++;
  }

  private begin(scheduler: number): Attempt | null {
    for (let role = this.nextRole(scheduler); role !== NONE; role = this.nextRole(scheduler)) {
      const { board } = this;
      const stage = board.queues[board.queueOfRole[role]].at(0);
      const waiting = board.allWaiting(stage);
      const agents = this.plan(stage, role, waiting);
      if (agents.length === 0) {
        this.unfit[role] = stage;
        continue;
      }
      const tasks = waiting.slice(0, agents.length);
      const { jobUs, roleJobUs, taskUs } = this.options;
      const thinksUs = (roleJobUs.get(board.workload.roles[role]) ?? jobUs) + taskUs * tasks.length;
      this.transactions.decidingUs[role] += thinksUs;
      return { scheduler, role, stage, tasks, agents, dueUs: board.nowUs + thinksUs };
    }
    return null;
  }

  /** The policy's first of the scheduler's roles whose head has not been found unfit. */
  private nextRole(scheduler: number): number {
    const { board, order, random } = this;
    let first = NONE;
    let [firstTier, firstKey] = [0, 0];
    for (const role of this.rolesOf[scheduler]) {
      if (board.waitingOfRole[role] === 0) continue;
      if (this.unfit[role] === board.queues[board.queueOfRole[role]].at(0)) continue;
      if (this.rolesOf[scheduler].length === 1) return role;
      const tier = board.roles.isBelowGuarantee(role) ? 0 : 1;
      const key = keyOfRole(board, order, role, random);
      if (first !== NONE && (tier > firstTier || (tier === firstTier && key >= firstKey))) continue;
      first = role;
      [firstTier, firstKey] = [tier, key];
    }
    return first;
  }

  /** Agents for as many of the stage's first tasks as there is room for now; of a gang, for all or none. Nothing is changed. */
  private plan(stage: number, role: number, tasks: readonly number[]): number[] {
    const { board, search } = this;
    const { request } = board.workload.tasks;
    const taken = new Taken(board, stage);
    const maxPerAgent = board.maxPerAgent(stage);
    for (const task of tasks) {
      if (!this.isWithinLimits(role, taken.demand, request[task])) break;
      const agent = search.find(request[task], board.spreadGroup(stage), maxPerAgent, null);
      if (agent < 0) break;
      taken.take(task, agent);
    }
    const agents = taken.giveBack();
    return board.isGang(stage) && agents.length < tasks.length ? [] : agents;
  }

  private fitTogether(
    stage: number,
    role: number,
    tasks: readonly number[],
    agents: readonly number[],
  ): boolean {
    const { request } = this.board.workload.tasks;
    const taken = new Taken(this.board, stage);
    const fit = tasks.every((task, i) => {
      const isFree =
        this.hasRoom(stage, task, agents[i]) && this.isWithinLimits(role, taken.demand, request[task]);
      if (isFree) taken.take(task, agents[i]);
      return isFree;
    });
    taken.giveBack();
    return fit;
  }

  private mayStart(stage: number, role: number, task: number, agent: number): boolean {
    const isWithin = this.isWithinLimits(role, null, this.board.workload.tasks.request[task]);
    return isWithin && this.hasRoom(stage, task, agent);
  }

  private hasRoom(stage: number, task: number, agent: number): boolean {
    const { board } = this;
    const { request } = board.workload.tasks;
    return board.cluster.fits(agent, request[task], board.spreadGroup(stage), board.maxPerAgent(stage));
  }

  /** @param besides thousandths by resource; `null`: nothing */
  private isWithinLimits(role: number, besides: Float64Array | null, request: number): boolean {
    const { roles, cluster } = this.board;
    if (!roles.hasLimits) return true;
    const width = cluster.resources.length;
    const demand = cluster.requests.demand.slice(request * width, (request + 1) * width);
    if (besides !== null) for (let r = 0; r < width; r++) demand[r] += besides[r];
    return roles.isWithinLimits(role, demand, 0);
  }
}

/** What tasks of a stage take of the cluster while it is found out whether they fit together. */
class Taken {
  /** Thousandths by resource. */
  readonly demand: Float64Array;
  private readonly board: Board;
  private readonly stage: number;
  private readonly requests: number[] = [];
  private readonly agents: number[] = [];
  private readonly devices: number[] = [];

  constructor(board: Board, stage: number) {
    this.board = board;
    this.stage = stage;
    this.demand = new Float64Array(board.cluster.resources.length);
  }

  /** There is room. */
  take(task: number, agent: number): void {
    const { board, stage, demand } = this;
    const { cluster } = board;
    const request = board.workload.tasks.request[task];
    this.requests.push(request);
    this.agents.push(agent);
    this.devices.push(cluster.take(agent, request, board.spreadGroup(stage), board.maxPerAgent(stage)));
    for (let r = 0; r < demand.length; r++) demand[r] += cluster.requests.demand[request * demand.length + r];
  }

  /** @returns the agents */
  giveBack(): number[] {
    const { board, stage, agents, requests, devices } = this;
    const [group, maxPerAgent] = [board.spreadGroup(stage), board.maxPerAgent(stage)];
    for (let i = agents.length - 1; i >= 0; i--)
      board.cluster.give(agents[i], requests[i], devices[i], group, maxPerAgent);
    return agents;
  }
}
