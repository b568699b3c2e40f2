/**
 * Mesos's hierarchical allocator (reference §12) with a policy as its sorter: which framework is offered which agent's
 * resources, when. A deterministic state machine; time and randomness come from outside.
 *
 * An agent that nobody took is judged quiet and is not looked at again before something on it comes free, one of its
 * filters ends, or a framework opens: subscribes, activates, revives or changes its terms. Only those that opened since
 * are then asked. This changes no offer, since whoever refuses resources refuses any part of them.
 */
import type { Unavailability } from '../../protocol/v1/mesos.ts';
import { type Conversion, convertedBy } from '../../resources/operations.ts';
import type { Resources } from '../../resources/resources.ts';
import { AgentState, type InverseOfferAnswer } from './agent.ts';
import { Books } from './books.ts';
import { FrameworkState } from './framework.ts';
import { type InverseOffer, inverseOffers } from './inverse-offers.ts';
import { REFUSE_US_MAX } from './offer-filters.ts';
import { type Offer, OfferRun } from './offer-run.ts';
import type { RoleNode } from './role-tree.ts';
import type { AgentTerms, FrameworkStart, FrameworkTerms, HierarchicalOptions, Quota } from './terms.ts';
import { type WhyNot, whyNot } from './why-not.ts';

export interface AllocatorRun {
  /** Framework by framework. */
  readonly offers: readonly Offer[];
  readonly inverseOffers: readonly InverseOffer[];
}

export class HierarchicalAllocator {
  private readonly options: HierarchicalOptions;
  private readonly books: Books;
  private whitelist: ReadonlySet<string> | null = null;
  private isPaused = false;
  /** Agents that events have made worth a look; all of them, if `areAllCandidates`. */
  private candidates = new Set<AgentState>();
  private areAllCandidates = false;
  private isRunRequested = false;
  private nextBatchUs: number;
  private runs = 0;

  /** @throws InputError OPTION_CONFLICT where the policy orders by what a master does not know */
  constructor(options: HierarchicalOptions) {
    this.options = options;
    this.books = new Books(options);
    this.nextBatchUs = options.startUs + options.intervalUs;
  }

  /** Agents that come later tell by themselves what the framework uses on them. */
  addFramework(id: string, terms: FrameworkTerms, start: FrameworkStart): void {
    const { books } = this;
    if (books.frameworks.has(id)) throw new Error(`framework ${id} is there already`);
    const framework = new FrameworkState(id, terms, start.isActive, start.suppressedRoles);
    books.frameworks.set(id, framework);
    for (const role of terms.roles) {
      books.subscribe(framework, role);
      books.refresh(framework, role);
    }
    for (const [agentId, resources] of start.used) {
      const agent = books.agents.get(agentId);
      if (agent) books.trackUsed(framework, agent, resources);
    }
    if (start.isActive) this.requestAll();
  }

  /** Roles that are gone are not offered to any more; what the framework holds in them stays. */
  updateFramework(id: string, terms: FrameworkTerms, suppressedRoles: ReadonlySet<string>): void {
    const { books } = this;
    const framework = books.framework(id);
    const before = framework.terms.roles;
    const revived = [...framework.suppressedRoles].filter(
      (role) => !suppressedRoles.has(role) && terms.roles.includes(role),
    );
    framework.setTerms(terms);
    framework.suppressedRoles.clear();
    for (const role of suppressedRoles) framework.suppressedRoles.add(role);
    for (const role of terms.roles) {
      books.subscribe(framework, role);
      books.refresh(framework, role);
    }
    for (const role of before) {
      if (terms.roles.includes(role)) continue;
      this.clearFilters(framework, role);
      books.refresh(framework, role);
      books.unsubscribeIfUnused(framework, role);
    }
    for (const role of revived) this.clearFilters(framework, role);
    if (revived.length > 0) this.requestAll();
    framework.refusedInverseOffers.clear();
  }

  /** What it holds comes free. */
  removeFramework(id: string): void {
    const { books } = this;
    const framework = books.framework(id);
    for (const agent of books.agents.values()) {
      const allocated = agent.allocated.get(id);
      if (allocated) {
        books.uncountAllocated(allocated);
        agent.removeAllocated(id, allocated);
      }
      const held = agent.held.get(id);
      if (held) {
        books.untrack(framework, agent, held);
        agent.giveBack(id, held);
      }
      agent.maintenance?.outstanding.delete(id);
      agent.maintenance?.answers.delete(id);
    }
    for (const role of [...framework.subscriptions.keys()]) {
      this.clearFilters(framework, role);
      books.unsubscribeIfUnused(framework, role);
    }
    books.frameworks.delete(id);
  }

  activateFramework(id: string): void {
    const framework = this.books.framework(id);
    framework.isActive = true;
    for (const role of framework.terms.roles) this.books.refresh(framework, role);
    this.requestAll();
  }

  /** It is offered nothing, and its filters are void; what it holds stays. */
  deactivateFramework(id: string): void {
    const framework = this.books.framework(id);
    framework.isActive = false;
    for (const role of framework.terms.roles) this.books.refresh(framework, role);
    for (const role of framework.subscriptions.keys()) this.clearFilters(framework, role);
    framework.refusedInverseOffers.clear();
  }

  /** @param used by framework, also those that are not there yet */
  addAgent(id: string, terms: AgentTerms, total: Resources, used: ReadonlyMap<string, Resources>): void {
    if (this.books.agents.has(id)) throw new Error(`agent ${id} is there already`);
    const agent = new AgentState(id, terms, total, used);
    this.books.addAgent(agent);
    this.request(agent);
  }

  /** The agent came back, or has more or less than before. Its unavailability is not looked at. */
  updateAgent(id: string, terms: AgentTerms, total: Resources): void {
    const { books } = this;
    const agent = books.agent(id);
    const before = agent.terms;
    const hasNewAttributes = !isSame(terms.attributes, before.attributes);
    const hasNewTerms =
      hasNewAttributes ||
      terms.hostname !== before.hostname ||
      !isSame(terms.domain, before.domain) ||
      !isSame([...terms.capabilities].sort(), [...before.capabilities].sort());
    // Frameworks may have refused it for what its attributes were.
    if (hasNewAttributes) this.clearAgentFilters(agent);
    if (hasNewTerms) agent.setTerms(terms);
    const hasNewTotal = !agent.total.equals(total);
    if (hasNewTotal) books.setTotal(agent, total);
    if (hasNewTerms || hasNewTotal) this.request(agent);
  }

  removeAgent(id: string): void {
    const agent = this.books.agent(id);
    this.books.removeAgent(agent);
    this.candidates.delete(agent);
  }

  /** Its resources are offered from the next run on. */
  activateAgent(id: string): void {
    this.books.agent(id).isActivated = true;
  }

  deactivateAgent(id: string): void {
    this.books.agent(id).isActivated = false;
  }

  /** Hosts whose agents are offered; `null`: all. */
  setWhitelist(hosts: ReadonlySet<string> | null): void {
    this.whitelist = hosts;
  }

  updateUnavailability(agentId: string, unavailability: Unavailability | null): void {
    const agent = this.books.agent(agentId);
    for (const framework of this.books.frameworks.values()) framework.refusedInverseOffers.delete(agentId);
    agent.setUnavailability(unavailability);
    this.request(agent);
  }

  /**
   * @param status `null`: the inverse offer was taken back unanswered
   * @param refuseUs for how long the framework does not want to be asked again; `null`: it did not say
   */
  answerInverseOffer(
    frameworkId: string,
    agentId: string,
    status: 'ACCEPT' | 'DECLINE' | null,
    refuseUs: number | null,
    nowUs: number,
  ): void {
    const { maintenance } = this.books.agent(agentId);
    if (maintenance?.outstanding.delete(frameworkId) && status !== null)
      maintenance.answers.set(frameworkId, { status, answeredUs: nowUs });
    if (refuseUs === null || refuseUs === 0) return;
    const { refusedInverseOffers } = this.books.framework(frameworkId);
    const untilUs = nowUs + Math.min(refuseUs, REFUSE_US_MAX);
    refusedInverseOffers.set(agentId, Math.max(untilUs, refusedInverseOffers.get(agentId) ?? 0));
  }

  /**
   * What was offered, or (`wasAllocated`) what tasks were launched upon, comes free: all in one role. If the agent or
   * the framework is gone, there is nothing to do.
   * @param refuseUs for how long the framework does not want to be offered the like; `null` or 0: no filter
   */
  recover(
    frameworkId: string,
    agentId: string,
    resources: Resources,
    refuseUs: number | null,
    nowUs: number,
    wasAllocated: boolean,
  ): void {
    const { books } = this;
    const agent = books.agents.get(agentId);
    if (agent === undefined || resources.isEmpty || !agent.held.has(frameworkId)) return;
    const framework = books.frameworks.get(frameworkId);
    if (wasAllocated) {
      agent.removeAllocated(frameworkId, resources);
      if (framework) books.uncountAllocated(resources);
    }
    const refused = agent.giveBack(frameworkId, resources);
    if (framework === undefined) return;
    books.untrack(framework, agent, resources);
    if (refuseUs === null || refuseUs === 0) return;
    const role = resources.kinds[0].allocationRole!;
    if (!framework.isSubscribedTo(role)) return;
    const subscription = framework.subscriptions.get(role)!;
    // A filter lasts for a batch run at least, else the next one would repeat the offer.
    const lifeUs = Math.max(this.options.intervalUs, Math.min(refuseUs, REFUSE_US_MAX));
    books.filters.add(subscription, agent, refused, nowUs + lifeUs);
  }

  /** Offered resources, all in one role, become others, and the agent's total with them. */
  updateAllocation(
    frameworkId: string,
    agentId: string,
    offered: Resources,
    conversions: readonly Conversion[],
  ): void {
    const { books } = this;
    const agent = books.agent(agentId);
    const framework = books.framework(frameworkId);
    const role = offered.kinds[0].allocationRole!;
    const updated = conversions.reduce(
      (resources, { consumed, converted }) =>
        resources.minus(consumed.allocatedTo(role)).plus(converted.allocatedTo(role)),
      offered,
    );
    agent.giveBack(frameworkId, offered);
    // Further copies of a shared resource come out of nothing, and are not in the total.
    const ofTotal = conversions.filter(({ consumed }) => !consumed.isEmpty);
    if (ofTotal.length > 0) books.setTotal(agent, convertedBy(agent.total, ofTotal)!);
    agent.take(frameworkId, updated, updated.unallocated());
    books.retrack(framework, agent, role, offered, updated);
  }

  /** Resources that nobody holds become others, for the operator. @returns whether they were there */
  updateAvailable(agentId: string, conversions: readonly Conversion[]): boolean {
    const agent = this.books.agent(agentId);
    if (convertedBy(agent.available, conversions) === null) return false;
    const total = convertedBy(agent.total, conversions);
    if (total === null) throw new Error(`agent ${agentId} has less than is available on it`);
    this.books.setTotal(agent, total);
    return true;
  }

  /** Tasks are launched upon what was offered. */
  allocate(frameworkId: string, agentId: string, resources: Resources): void {
    this.books.agent(agentId).addAllocated(frameworkId, resources);
    this.books.countAllocated(resources);
  }

  /** No offers in these roles; none: in all. */
  suppress(frameworkId: string, roles: readonly string[]): void {
    const framework = this.books.framework(frameworkId);
    for (const role of subscribedOf(framework, roles)) {
      framework.suppressedRoles.add(role);
      this.books.refresh(framework, role);
    }
  }

  /** Offers again in these roles (none: in all), of everything: their filters are void. */
  revive(frameworkId: string, roles: readonly string[]): void {
    const framework = this.books.framework(frameworkId);
    framework.refusedInverseOffers.clear();
    for (const role of subscribedOf(framework, roles)) {
      this.clearFilters(framework, role);
      framework.suppressedRoles.delete(role);
      this.books.refresh(framework, role);
    }
    this.requestAll();
  }

  /** Of a top-level role; `null`: no quota. Takes effect with the next run. */
  setQuota(role: string, quota: Quota | null): void {
    if (role.includes('/')) throw new Error(`quota of ${role}: only top-level roles have one`);
    this.books.setQuota(role, quota);
  }

  /** Of a role, or of all roles below a path. Takes effect with the next run. */
  setWeight(role: string, weight: number): void {
    this.books.setWeight(role, weight);
  }

  /** No runs, and events ask for none, until it is resumed. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  /** At most now where events asked for a run. */
  get nextRunUs(): number {
    return this.isRunRequested ? Math.min(0, this.nextBatchUs) : this.nextBatchUs;
  }

  /** Of all agents where the batch run is due, else of those that events made worth a look. */
  run(nowUs: number): AllocatorRun {
    const { books } = this;
    const batchUs = this.nextBatchUs;
    const isBatch = nowUs >= batchUs;
    if (isBatch) this.nextBatchUs = nowUs + this.options.intervalUs;
    if (this.isPaused || !(isBatch || this.isRunRequested)) {
      this.isRunRequested = false;
      return { offers: [], inverseOffers: [] };
    }
    // A batch run that comes late still finds the filters that were to outlive it.
    books.filters.expire(Math.min(nowUs, batchUs));
    const areAll = isBatch || this.areAllCandidates;
    const candidates = areAll ? [...books.agents.values()] : [...this.candidates];
    const agents = candidates.filter((agent) => this.mayBeOffered(agent));
    this.candidates = new Set();
    this.areAllCandidates = false;
    this.isRunRequested = false;
    this.runs++;
    return {
      offers: new OfferRun(books).run(agents),
      inverseOffers: inverseOffers(candidates, books.frameworks, nowUs),
    };
  }

  /** Runs so far. */
  get runCount(): number {
    return this.runs;
  }

  /** Agents as the allocator sees them, in the order in which they came. */
  agents(): ReadonlyMap<string, AgentView> {
    return this.books.agents;
  }

  /** Roles that have frameworks, reservations, quota or a weight, and those above them. */
  roles(): Iterable<RoleView> {
    return this.books.roleTree.all();
  }

  role(path: string): RoleView | null {
    return this.books.roleTree.get(path) ?? null;
  }

  /** The dominant share, not divided by weight, of a role with all below it, or of a framework in it. */
  dominantShare(role: string, frameworkId?: string): number {
    return this.books.dominantShare(role, frameworkId);
  }

  /** Filters in force, of all frameworks in the role. */
  filterCount(role: string): number {
    let count = 0;
    for (const framework of this.books.frameworks.values())
      count += framework.subscriptions.get(role)?.filterCount ?? 0;
    return count;
  }

  /** For each role of the framework, why it is offered no more; by asking, nothing changes. */
  whyNot(frameworkId: string): readonly WhyNot[] {
    const { books } = this;
    return whyNot(books, books.framework(frameworkId), (agent) => this.mayBeOffered(agent));
  }

  private mayBeOffered({ isActivated, terms }: AgentState): boolean {
    return isActivated && (this.whitelist?.has(terms.hostname) ?? true);
  }

  private request(agent: AgentState): void {
    if (this.isPaused) return;
    this.candidates.add(agent);
    this.isRunRequested = true;
  }

  private requestAll(): void {
    if (this.isPaused) return;
    this.areAllCandidates = true;
    this.isRunRequested = true;
  }

  private clearFilters(framework: FrameworkState, role: string): void {
    const subscription = framework.subscriptions.get(role);
    if (subscription) this.books.filters.clearSubscription(subscription);
  }

  private clearAgentFilters(agent: AgentState): void {
    this.books.filters.clearAgent(agent);
    for (const framework of this.books.frameworks.values()) framework.refusedInverseOffers.delete(agent.id);
  }
}

export type AgentView = Pick<AgentState, 'id' | 'isActivated' | 'total' | 'available' | 'terms'> & {
  /** By framework: offered or allocated, with roles. */
  readonly held: ReadonlyMap<string, Resources>;
  readonly allocated: ReadonlyMap<string, Resources>;
  /** By framework: answers to inverse offers. */
  readonly maintenance: {
    readonly unavailability: Unavailability;
    readonly outstanding: ReadonlySet<string>;
    readonly answers: ReadonlyMap<string, InverseOfferAnswer>;
  } | null;
};

export type RoleView = Pick<
  RoleNode,
  'path' | 'quota' | 'weight' | 'reserved' | 'held' | 'allocated' | 'consumed'
> & { readonly frameworks: ReadonlySet<string> };

function subscribedOf(framework: FrameworkState, roles: readonly string[]): readonly string[] {
  return roles.length === 0 ? framework.terms.roles : roles.filter((role) => framework.isSubscribedTo(role));
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
