/**
 * The allocator's books: agents, frameworks and roles, and who holds what. Everything that is offered or allocated is
 * entered on its agent, in the role tree and in both sorters at once (reference §12.1, §12.5).
 */
import { CANONICAL_RESOURCES } from '../../cluster/resources.ts';
import { dominantShareOf } from '../../policies/dominant-share.ts';
import type { OfferFilters as OfferFilterTerms } from '../../protocol/v1/mesos.ts';
import { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';
import type { AgentState } from './agent.ts';
import { type FrameworkState, isEnough, minAllocatableOf, Subscription } from './framework.ts';
import { OfferFilters } from './offer-filters.ts';
import { quotaQuantities, RoleTree } from './role-tree.ts';
import { ShareColumns } from './share-columns.ts';
import { Sorter } from './sorter.ts';
import { refuseUnfitFairness, type SorterOrder, sorterOrderOf } from './sorter-order.ts';
import { type Fairness, type HierarchicalOptions, MESOS_FAIRNESS, type Quota } from './terms.ts';

/** A role that frameworks are tracked under: a client of the role sorter. */
export interface RoleClients {
  readonly path: string;
  readonly frameworks: Sorter<Subscription>;
  /** The latest of its subscriptions'. */
  openedEpoch: number;
}

export class Books {
  readonly options: HierarchicalOptions;
  readonly fairness: Fairness;
  readonly agents = new Map<string, AgentState>();
  readonly frameworks = new Map<string, FrameworkState>();
  readonly roleTree = new RoleTree();
  readonly roles = new Map<string, RoleClients>();
  readonly roleSorter: Sorter<RoleClients>;
  readonly columns: ShareColumns;
  readonly filters = new OfferFilters();
  /** Capacity of all agents without what is revocable. */
  nonRevocable = Quantities.empty;
  /** Counts the times at which some framework became ready to take what it would not take before. */
  epoch = 0;
  /** Subscriptions with a minimum of their own. */
  private ownMinimumCount = 0;
  private readonly order: SorterOrder;

  constructor(options: HierarchicalOptions) {
    this.options = options;
    this.order = sorterOrderOf(options.policy);
    this.fairness = options.fairness ?? MESOS_FAIRNESS;
    refuseUnfitFairness(options.policy, this.order, this.fairness);
    const resource = this.order.kind === 'key' ? this.order.resource : null;
    const names = resource === null ? CANONICAL_RESOURCES : [...CANONICAL_RESOURCES, resource];
    this.columns = new ShareColumns(names, options.excludedResources);
    this.roleSorter = this.sorter(true);
  }

  agent(id: string): AgentState {
    return known(this.agents.get(id), 'agent', id);
  }

  framework(id: string): FrameworkState {
    return known(this.frameworks.get(id), 'framework', id);
  }

  addAgent(agent: AgentState): void {
    this.agents.set(agent.id, agent);
    this.countTotal(agent.total, 1);
    this.columns.addTotal(agent.total.quantities(), 1);
    for (const [frameworkId, resources] of agent.held) {
      const framework = this.frameworks.get(frameworkId);
      if (framework) this.trackUsed(framework, agent, resources);
    }
  }

  removeAgent(agent: AgentState): void {
    this.agents.delete(agent.id);
    for (const [frameworkId, resources] of agent.allocated)
      if (this.frameworks.has(frameworkId)) this.uncountAllocated(resources);
    for (const [frameworkId, resources] of agent.held) {
      const framework = this.frameworks.get(frameworkId);
      if (framework) this.untrack(framework, agent, resources);
    }
    this.filters.clearAgent(agent);
    for (const framework of this.frameworks.values()) framework.refusedInverseOffers.delete(agent.id);
    this.countTotal(agent.total, -1);
    this.columns.addTotal(agent.total.quantities(), -1);
  }

  setTotal(agent: AgentState, total: Resources): void {
    const before = agent.total;
    this.countTotal(before, -1);
    this.countTotal(total, 1);
    if (!before.quantities().equals(total.quantities())) {
      this.columns.addTotal(before.quantities(), -1);
      this.columns.addTotal(total.quantities(), 1);
    }
    agent.setTotal(total);
  }

  /** What the framework uses on an agent that knows of it already. */
  trackUsed(framework: FrameworkState, agent: AgentState, resources: Resources): void {
    this.track(framework, agent, resources);
    this.countAllocated(resources);
  }

  /** Enters in the sorters and the role tree what a framework holds. */
  track(framework: FrameworkState, agent: AgentState, resources: Resources): void {
    for (const [role, part] of resources.byAllocationRole()) {
      const { frameworks } = this.subscribe(framework, role);
      this.roleTree.addHeld(role, quotaQuantities(part));
      this.roleSorter.allocated(role, agent.id, part);
      frameworks.allocated(framework.id, agent.id, part);
    }
  }

  untrack(framework: FrameworkState, agent: AgentState, resources: Resources): void {
    for (const [role, part] of resources.byAllocationRole()) {
      const { frameworks } = known(this.roles.get(role), 'role', role);
      this.roleTree.removeHeld(role, quotaQuantities(part));
      this.roleSorter.unallocated(role, agent.id, part);
      frameworks.unallocated(framework.id, agent.id, part);
      if (!framework.isSubscribedTo(role)) this.unsubscribeIfUnused(framework, role);
    }
  }

  /** What the framework holds in the role is another thing from now on. */
  retrack(framework: FrameworkState, agent: AgentState, role: string, from: Resources, to: Resources): void {
    const { frameworks } = known(this.roles.get(role), 'role', role);
    this.roleTree.removeHeld(role, quotaQuantities(from));
    this.roleTree.addHeld(role, quotaQuantities(to));
    this.roleSorter.updated(role, agent.id, from, to);
    frameworks.updated(framework.id, agent.id, from, to);
  }

  setQuota(role: string, quota: Quota | null): void {
    this.roleTree.setQuota(role, quota);
    this.roleSorter.setGuarantee(role, quota?.guarantees ?? Quantities.empty);
  }

  setWeight(role: string, weight: number): void {
    this.roleTree.setWeight(role, weight);
    this.roleSorter.setWeight(role, weight);
  }

  /** Not divided by weight; of a role with all below it, or of a framework in it. */
  dominantShare(role: string, frameworkId: string | undefined): number {
    const usage =
      frameworkId === undefined
        ? this.roleSorter.usageOf(role)
        : this.roles.get(role)?.frameworks.usageOf(frameworkId);
    return usage ? dominantShareOf(usage, this.columns.total) : 0;
  }

  countAllocated(resources: Resources): void {
    for (const [role, part] of resources.byAllocationRole())
      this.roleTree.addAllocated(role, quotaQuantities(part));
  }

  uncountAllocated(resources: Resources): void {
    for (const [role, part] of resources.byAllocationRole())
      this.roleTree.removeAllocated(role, quotaQuantities(part));
  }

  /** Whether somebody's minimum may be contained. */
  isEnoughForAny(resources: Resources): boolean {
    return this.ownMinimumCount > 0 || isEnough(resources, this.options.minAllocatable);
  }

  /** The framework is tracked under the role from now on, if it was not before. */
  subscribe(framework: FrameworkState, role: string): RoleClients {
    let clients = this.roles.get(role);
    if (framework.subscriptions.has(role)) return clients!;
    if (clients === undefined) {
      clients = { path: role, frameworks: this.sorter(false), openedEpoch: 0 };
      this.roles.set(role, clients);
      this.roleSorter.add(role, clients);
      this.roleSorter.activate(role);
    }
    const subscription = new Subscription(framework, role, this.options.minAllocatable);
    this.setMinimum(subscription, framework.terms.offerFilters[role]);
    framework.subscriptions.set(role, subscription);
    this.roleTree.addFramework(role, framework.id);
    clients.frameworks.add(framework.id, subscription);
    return clients;
  }

  /** The framework is no longer tracked under the role, unless it holds something in it. */
  unsubscribeIfUnused(framework: FrameworkState, role: string): void {
    for (const agent of this.agents.values()) {
      const held = agent.held.get(framework.id);
      if (held?.byAllocationRole().has(role)) return;
    }
    const clients = known(this.roles.get(role), 'role', role);
    this.setMinimum(known(framework.subscriptions.get(role), 'role', role), undefined);
    framework.subscriptions.delete(role);
    this.roleTree.removeFramework(role, framework.id);
    clients.frameworks.remove(framework.id);
    if (clients.frameworks.size > 0) return;
    this.roleSorter.remove(role);
    this.roles.delete(role);
  }

  /** The framework's place in its role's order follows whether it takes offers there; if it does, it may take any. */
  refresh(framework: FrameworkState, role: string): void {
    const subscription = known(framework.subscriptions.get(role), 'role', role);
    const clients = known(this.roles.get(role), 'role', role);
    this.setMinimum(subscription, framework.terms.offerFilters[role]);
    if (!framework.takesOffersIn(role)) {
      clients.frameworks.deactivate(framework.id);
      return;
    }
    clients.frameworks.activate(framework.id);
    this.epoch++;
    subscription.openedEpoch = this.epoch;
    clients.openedEpoch = this.epoch;
  }

  /** The framework's own minimum, or else the master's. */
  private setMinimum(subscription: Subscription, filters: OfferFilterTerms | undefined): void {
    const { minAllocatable } = this.options;
    if (subscription.minAllocatable !== minAllocatable) this.ownMinimumCount--;
    subscription.minAllocatable = minAllocatableOf(filters) ?? minAllocatable;
    if (subscription.minAllocatable !== minAllocatable) this.ownMinimumCount++;
  }

  private countTotal(total: Resources, sign: 1 | -1): void {
    const nonRevocable = total.nonRevocable().quantities();
    this.nonRevocable =
      sign > 0 ? this.nonRevocable.plus(nonRevocable) : this.nonRevocable.minus(nonRevocable);
    if (sign > 0) this.roleTree.addReservations(total);
    else this.roleTree.removeReservations(total);
  }

  private sorter<Client>(isTree: boolean): Sorter<Client> {
    const { policy, random } = this.options;
    return new Sorter<Client>({
      columns: this.columns,
      order: this.order,
      policy: policy.name,
      random,
      isTree,
      ties: this.fairness.ties,
    });
  }
}

function known<Thing>(thing: Thing | undefined, what: string, id: string): Thing {
  if (thing === undefined) throw new Error(`the allocator knows no ${what} ${id}`);
  return thing;
}
