/**
 * The `offers` model's allocation: two-level scheduling as Mesos does it (Hindman et al., NSDI 2011). At each
 * allocation interval the free resources of every agent are offered, whole, to the role that the policy puts first;
 * its framework (one a role) thinks, holding the offers, then starts the tasks at the head of its queue that fit and
 * declines what is left. A declined agent is not offered to it again until the filter ends, or the agent has more.
 * A framework without waiting tasks suppresses offers; new work revives it and clears its filters.
 */
import type { RandomStream } from '../cluster/streams.ts';
import type { JobOrder, RoleOrder } from '../policies/policy.ts';
import type { Board } from './board.ts';
import type { FitSearch } from './fit-search.ts';
import { FrameworkOrder } from './framework-order.ts';
import { demandOf, placeTogether } from './gangs.ts';
import { OfferFilters } from './offer-filters.ts';

export interface OfferTimes {
  readonly intervalUs: number;
  readonly decisionUs: number;
  /** Of roles that think for another time. */
  readonly roleDecisionUs?: ReadonlyMap<string, number>;
  readonly holdUs: number;
  readonly refuseUs: number;
}

/** Offers made to one framework in one cycle. */
export interface Batch {
  readonly role: number;
  readonly agents: readonly number[];
  readonly dueUs: number;
  /** At `dueUs` the allocator takes the offers back, since the framework would think for longer. */
  readonly isRescinded: boolean;
}

export class Offers {
  readonly counts = { made: 0, accepted: 0, declined: 0, rescinded: 0 };
  private readonly board: Board;
  private readonly search: FitSearch;
  private readonly times: OfferTimes;
  private readonly random: RandomStream;
  private readonly isOffered: Uint8Array;
  private batches: Batch[] = [];
  private readonly busyUntilUs: Float64Array;
  private readonly filters: OfferFilters;
  private readonly order: FrameworkOrder;
  private readonly isActive: Uint8Array;
  /** Something changed since the last allocation that may lead to other offers. */
  private isStale = false;
  private lastAllocationUs = Number.NEGATIVE_INFINITY;

  constructor(
    board: Board,
    order: JobOrder | RoleOrder,
    search: FitSearch,
    times: OfferTimes,
    random: RandomStream,
  ) {
    this.board = board;
    this.search = search;
    this.times = times;
    this.random = random;
    this.isOffered = new Uint8Array(board.cluster.agentCount);
    this.busyUntilUs = new Float64Array(board.roles.roleCount);
    this.filters = new OfferFilters(board.cluster, board.roles.roleCount, times.refuseUs);
    this.order = new FrameworkOrder(board, order, this.filters, random);
    this.isActive = new Uint8Array(board.roles.roleCount);
  }

  /** Offers that frameworks hold. */
  get held(): readonly Batch[] {
    return this.batches;
  }

  /** When the next cycle is due without any other event, µs; Infinity: not before something happens. */
  get nextTimerUs(): number {
    let next = this.allocationUs();
    if (this.board.waitingCount > 0) next = Math.min(next, this.filters.nextEndUs);
    for (const batch of this.batches) next = Math.min(next, batch.dueUs);
    return next;
  }

  cycle(): void {
    const { board } = this;
    if (board.releasedCount > 0) this.isStale = true;
    if (this.filters.end(board.nowUs)) this.isStale = true;
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

  private reviveFrameworks(): void {
    for (let role = 0; role < this.isActive.length; role++) {
      const isActive = this.board.waitingOfRole[role] > 0;
      if (isActive && this.isActive[role] === 0) {
        this.filters.revive(role);
        this.isStale = true;
      }
      if (!isActive) this.suppress(role);
      else this.isActive[role] = 1;
    }
  }

  private suppress(role: number): void {
    if (this.isActive[role] === 0) return;
    this.isActive[role] = 0;
    this.filters.suppress();
  }

  /** Offers every agent that has something free, in random order as Mesos does, to the first role that takes offers of it. */
  private allocate(): void {
    const { board, order } = this;
    const { cluster, roles } = board;
    const width = cluster.resources.length;
    this.isStale = false;
    this.lastAllocationUs = board.nowUs;
    this.chargeHeld(1);
    const active: number[] = [];
    for (let role = 0; role < roles.roleCount; role++) if (this.isActive[role] === 1) active.push(role);
    order.begin(active);
    const offered = new Map<number, number[]>();
    for (const agent of this.offerableAgents()) {
      const role = order.firstFor(agent);
      if (role < 0) continue;
      const batch = offered.get(role);
      if (batch) batch.push(agent);
      else offered.set(role, [agent]);
      this.isOffered[agent] = 1;
      this.counts.made++;
      roles.charge(role, cluster.free, agent * width, 1);
      order.charged(role);
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

  private deliver(role: number, agents: readonly number[]): void {
    const { nowUs } = this.board;
    const { holdUs, roleDecisionUs } = this.times;
    const decisionUs = roleDecisionUs?.get(this.board.workload.roles[role]) ?? this.times.decisionUs;
    const decidedUs = Math.max(nowUs, this.busyUntilUs[role]) + decisionUs;
    const isRescinded = decidedUs > nowUs + holdUs;
    // No thought goes into offers that cannot be answered in time, else a framework that is behind would stay behind.
    if (!isRescinded) this.busyUntilUs[role] = decidedUs;
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
    for (const agent of agents) this.filters.refuse(role, agent, board.nowUs);
    if (board.waitingOfRole[role] === 0) this.suppress(role);
  }
}
