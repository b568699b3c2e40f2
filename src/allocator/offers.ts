/**
 * The `offers` model's allocation: two-level scheduling as Mesos does it (Hindman et al., NSDI 2011). At each
 * allocation interval the free resources of every agent are offered, whole, to the role that the policy puts first;
 * its framework (one a role) thinks, holding the offers, then starts the tasks at the head of its queue that fit and
 * declines what is left. A declined agent is not offered to it again until the filter ends, or the agent has more.
 * A framework without waiting tasks suppresses offers; new work revives it and clears its filters.
 */
import type { RandomStream } from '../cluster/streams.ts';
import type { Order } from '../policies/policy.ts';
import type { Board } from './board.ts';
import type { FitSearch } from './fit-search.ts';
import { demandOf, placeTogether } from './gangs.ts';

export interface OfferTimes {
  readonly intervalUs: number;
  readonly decisionUs: number;
  readonly holdUs: number;
  readonly refuseUs: number;
}

/** Offers made to one framework in one cycle. */
interface Batch {
  readonly role: number;
  readonly agents: readonly number[];
  readonly dueUs: number;
  /** At `dueUs` the allocator takes the offers back, since the framework would think for longer. */
  readonly isRescinded: boolean;
}

interface Filter {
  readonly untilUs: number;
  readonly revival: number;
  /** The agent's free resources when it was declined. */
  readonly free: Float64Array;
}

export class Offers {
  readonly counts = { made: 0, accepted: 0, declined: 0, rescinded: 0 };
  private readonly board: Board;
  private readonly order: Order;
  private readonly search: FitSearch;
  private readonly times: OfferTimes;
  private readonly random: RandomStream;
  private readonly isOffered: Uint8Array;
  private batches: Batch[] = [];
  private readonly busyUntilUs: Float64Array;
  /** By role × agents + agent. */
  private readonly filters = new Map<number, Filter>();
  /** Ends of filters, ascending: every filter lasts equally long. */
  private readonly filterEndsUs: number[] = [];
  /** Times each role was revived: filters of earlier revivals are void. */
  private readonly revivals: Int32Array;
  private readonly isActive: Uint8Array;
  /** Something changed since the last allocation that may lead to other offers. */
  private isStale = false;
  private lastAllocationUs = Number.NEGATIVE_INFINITY;

  constructor(board: Board, order: Order, search: FitSearch, times: OfferTimes, random: RandomStream) {
    this.board = board;
    this.order = order;
    this.search = search;
    this.times = times;
    this.random = random;
    this.isOffered = new Uint8Array(board.cluster.agentCount);
    this.busyUntilUs = new Float64Array(board.roles.roleCount);
    this.revivals = new Int32Array(board.roles.roleCount);
    this.isActive = new Uint8Array(board.roles.roleCount);
  }

  /** When the next cycle is due without any other event, µs; Infinity: not before something happens. */
  get nextTimerUs(): number {
    let next = this.allocationUs();
    if (this.board.waitingCount > 0 && this.filterEndsUs.length > 0)
      next = Math.min(next, this.filterEndsUs[0]);
    for (const batch of this.batches) next = Math.min(next, batch.dueUs);
    return next;
  }

  cycle(): void {
    const { board } = this;
    if (board.releasedCount > 0) this.isStale = true;
    this.endFilters();
    this.reviveFrameworks();
    this.settleDueBatches();
    if (this.allocationUs() <= board.nowUs) {
      this.allocate();
      this.settleDueBatches();
    }
    board.forgetReleases();
  }

  /** Allocations happen at multiples of the interval, if there is anything to find out. */
  private allocationUs(): number {
    const { intervalUs } = this.times;
    if (!this.isStale || this.board.waitingCount === 0) return Number.POSITIVE_INFINITY;
    return Math.max(
      Math.ceil(this.board.nowUs / intervalUs) * intervalUs,
      this.lastAllocationUs + intervalUs,
    );
  }

  private endFilters(): void {
    while (this.filterEndsUs.length > 0 && this.filterEndsUs[0] <= this.board.nowUs) {
      this.filterEndsUs.shift();
      this.isStale = true;
    }
  }

  private reviveFrameworks(): void {
    for (let role = 0; role < this.isActive.length; role++) {
      const isActive = this.board.waitingOfRole[role] > 0 ? 1 : 0;
      if (isActive > this.isActive[role]) {
        this.revivals[role]++;
        this.isStale = true;
      }
      this.isActive[role] = isActive;
    }
  }

  /** Offers every agent that has something free, in random order as Mesos does, to the first role that takes offers of it. */
  private allocate(): void {
    const { board } = this;
    const { cluster, roles } = board;
    const width = cluster.resources.length;
    this.isStale = false;
    this.lastAllocationUs = board.nowUs;
    this.chargeHeld(1);
    const keys = new Float64Array(roles.roleCount);
    const active: number[] = [];
    for (let role = 0; role < roles.roleCount; role++) {
      if (this.isActive[role] === 0) continue;
      active.push(role);
      keys[role] = this.keyOf(role);
    }
    const offered = new Map<number, number[]>();
    for (const agent of this.offerableAgents()) {
      const role = this.firstRoleFor(agent, active, keys);
      if (role < 0) continue;
      const batch = offered.get(role);
      if (batch) batch.push(agent);
      else offered.set(role, [agent]);
      this.isOffered[agent] = 1;
      this.counts.made++;
      roles.charge(role, cluster.free, agent * width, 1);
      keys[role] = this.keyOf(role);
    }
    for (const [role, agents] of offered) {
      for (const agent of agents) roles.charge(role, cluster.free, agent * width, -1);
    }
    this.chargeHeld(-1);
    for (const [role, agents] of [...offered].sort(([a], [b]) => a - b)) this.deliver(role, agents);
  }

  /** Held offers count as allocated while roles are compared. */
  private chargeHeld(sign: 1 | -1): void {
    const { cluster, roles } = this.board;
    for (const { role, agents } of this.batches) {
      for (const agent of agents) roles.charge(role, cluster.free, agent * cluster.resources.length, sign);
    }
  }

  private offerableAgents(): number[] {
    const { cluster } = this.board;
    const width = cluster.resources.length;
    const agents: number[] = [];
    for (let agent = 0; agent < cluster.agentCount; agent++) {
      if (this.isOffered[agent] === 1 || cluster.isPresent[agent] === 0) continue;
      for (let r = 0; r < width; r++) {
        if (cluster.free[agent * width + r] === 0) continue;
        agents.push(agent);
        break;
      }
    }
    for (let i = agents.length - 1; i > 0; i--) {
      const j = Math.floor(this.random() * (i + 1));
      [agents[i], agents[j]] = [agents[j], agents[i]];
    }
    return agents;
  }

  private firstRoleFor(agent: number, active: readonly number[], keys: Float64Array): number {
    const { roles } = this.board;
    let first = -1;
    let firstTier = 0;
    for (const role of active) {
      if (this.isFiltered(role, agent) || !this.isWithinLimits(role)) continue;
      const tier = roles.isBelowGuarantee(role) ? 0 : 1;
      if (first < 0 || tier < firstTier || (tier === firstTier && keys[role] < keys[first])) {
        first = role;
        firstTier = tier;
      }
    }
    return first;
  }

  /** A job order puts the role first whose first job comes first. */
  private keyOf(role: number): number {
    const { board, order } = this;
    if (order.kind === 'roles') return order.key(board.viewOfHead(role), this.random);
    const head = board.queues[board.queueOfRole[role]].at(0);
    return board.stageKey === null ? head : board.stageKey[head];
  }

  private isWithinLimits(role: number): boolean {
    const { roles } = this.board;
    return !roles.hasLimits || roles.isWithinLimits(role, this.board.viewOfHead(role).headDemand, 0);
  }

  private isFiltered(role: number, agent: number): boolean {
    const { cluster } = this.board;
    const filter = this.filters.get(role * cluster.agentCount + agent);
    if (!filter || filter.untilUs <= this.board.nowUs || filter.revival !== this.revivals[role]) return false;
    const base = agent * filter.free.length;
    for (let r = 0; r < filter.free.length; r++) if (cluster.free[base + r] > filter.free[r]) return false;
    return true;
  }

  private deliver(role: number, agents: readonly number[]): void {
    const { nowUs } = this.board;
    const { decisionUs, holdUs } = this.times;
    const decidedUs = Math.max(nowUs, this.busyUntilUs[role]) + decisionUs;
    this.busyUntilUs[role] = decidedUs;
    const isRescinded = decidedUs > nowUs + holdUs;
    const sorted = [...agents].sort((a, b) => a - b);
    this.batches.push({ role, agents: sorted, dueUs: isRescinded ? nowUs + holdUs : decidedUs, isRescinded });
  }

  private settleDueBatches(): void {
    const { nowUs } = this.board;
    const due = this.batches.filter((batch) => batch.dueUs <= nowUs);
    if (due.length === 0) return;
    this.batches = this.batches.filter((batch) => batch.dueUs > nowUs);
    for (const batch of due.sort((a, b) => a.dueUs - b.dueUs || a.role - b.role)) {
      for (const agent of batch.agents) this.isOffered[agent] = 0;
      this.isStale = true;
      if (batch.isRescinded) this.counts.rescinded += batch.agents.length;
      else this.decide(batch);
    }
  }

  /** The framework starts the tasks at the head of its queue that fit its offers, and declines the rest. */
  private decide({ role, agents }: Batch): void {
    const { board } = this;
    const used = new Set<number>();
    const queue = board.queues[board.queueOfRole[role]];
    while (queue.length > 0) {
      const stage = queue.at(0);
      const tasks = board.isGang(stage) ? board.allWaiting(stage) : [board.firstWaiting(stage)];
      if (board.roles.hasLimits && !board.roles.isWithinLimits(role, demandOf(board, tasks), 0)) break;
      const chosen = placeTogether(board, board.cluster, this.search, stage, tasks, agents);
      if (chosen === null) break;
      chosen.forEach((agent, i) => {
        board.start(tasks[i], agent);
        used.add(agent);
      });
    }
    this.counts.accepted += used.size;
    this.counts.declined += agents.length - used.size;
    for (const agent of agents) this.refuse(role, agent);
    if (board.waitingOfRole[role] === 0) this.isActive[role] = 0;
  }

  private refuse(role: number, agent: number): void {
    const { cluster, nowUs } = this.board;
    const { refuseUs } = this.times;
    if (refuseUs === 0) return;
    const width = cluster.resources.length;
    const free = cluster.free.slice(agent * width, (agent + 1) * width);
    const untilUs = nowUs + refuseUs;
    this.filters.set(role * cluster.agentCount + agent, { untilUs, revival: this.revivals[role], free });
    if (this.filterEndsUs.at(-1) !== untilUs) this.filterEndsUs.push(untilUs);
  }
}
