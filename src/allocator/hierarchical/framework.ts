/** A framework as the allocator sees it: its roles, what it can take, and which inverse offers it does not want now. */
import { type AgentFilter, agentFilter } from '../../protocol/offer-constraints.ts';
import type { OfferFilters } from '../../protocol/v1/mesos.ts';
import { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';
import type { AgentState } from './agent.ts';
import type { FilteredSubscription } from './offer-filters.ts';
import type { FrameworkTerms } from './terms.ts';

export class FrameworkState {
  readonly id: string;
  isActive: boolean;
  readonly suppressedRoles: Set<string>;
  /** Roles that it is subscribed to, or still holds something in. */
  readonly subscriptions = new Map<string, Subscription>();
  /** By agent: until when, µs. */
  readonly refusedInverseOffers = new Map<string, number>();

  private ownTerms: FrameworkTerms;
  private wantsAgent: AgentFilter;

  constructor(id: string, terms: FrameworkTerms, isActive: boolean, suppressedRoles: Iterable<string>) {
    this.id = id;
    this.ownTerms = terms;
    this.wantsAgent = agentFilter(terms.offerConstraints);
    this.isActive = isActive;
    this.suppressedRoles = new Set(suppressedRoles);
  }

  get terms(): FrameworkTerms {
    return this.ownTerms;
  }

  setTerms(terms: FrameworkTerms): void {
    this.ownTerms = terms;
    this.wantsAgent = agentFilter(terms.offerConstraints);
  }

  isSubscribedTo(role: string): boolean {
    return this.terms.roles.includes(role);
  }

  /** Whether offers go to the framework in this role. */
  takesOffersIn(role: string): boolean {
    return this.isActive && this.isSubscribedTo(role) && !this.suppressedRoles.has(role);
  }

  /** GPUs and regions (reference §12.4, `capable`). @param region the master's */
  isCapableOf(agent: AgentState, filterGpuResources: boolean, region: string | null): boolean {
    const { capabilities } = this.terms;
    if (filterGpuResources && agent.hasGpus && !capabilities.has('GPU_RESOURCES')) return false;
    const agentRegion = agent.terms.domain?.fault_domain?.region.name;
    return agentRegion === undefined || agentRegion === region || capabilities.has('REGION_AWARE');
  }

  /** Whether its offer constraints admit the agent (reference §2.10). */
  admits(agent: AgentState, role: string): boolean {
    return this.terms.offerConstraints === null || this.wantsAgent(role, agent.description);
  }

  /** What it can make sense of: shared, revocable and refined resources only if it says so. */
  strip(resources: Resources): Resources {
    const { capabilities } = this.terms;
    const takesShared = capabilities.has('SHARED_RESOURCES');
    const takesRevocable = capabilities.has('REVOCABLE_RESOURCES');
    const takesRefined = capabilities.has('RESERVATION_REFINEMENT');
    return resources.filter(
      (kind) =>
        (takesShared || !kind.isShared) &&
        (takesRevocable || !kind.isRevocable) &&
        (takesRefined || kind.reservations.length <= 1),
    );
  }
}

/** One framework in one role: what is offered is offered to such a pair. */
export class Subscription implements FilteredSubscription {
  readonly framework: FrameworkState;
  readonly role: string;
  /** An offer contains one of these; empty: anything will do. */
  minAllocatable: readonly Quantities[];
  filterGeneration = 0;
  filterCount = 0;
  /** When the framework last became ready to take what it would not take before: see `HierarchicalAllocator`. */
  openedEpoch = 0;

  constructor(framework: FrameworkState, role: string, minAllocatable: readonly Quantities[]) {
    this.framework = framework;
    this.role = role;
    this.minAllocatable = minAllocatable;
  }
}

/** The least an offer in the role must contain, by the framework's own word; `null`: it said nothing. */
export function minAllocatableOf(filters: OfferFilters | undefined): readonly Quantities[] | null {
  const least = filters?.min_allocatable_resources;
  if (least === undefined) return null;
  return (least.quantities ?? []).map(({ quantities = {} }) =>
    Quantities.of(Object.entries(quantities).map(([name, { value }]) => [name, Math.round(value * 1000)])),
  );
}

/** Whether there is something, and one of the minimums is contained; no minimums: anything will do. */
export function isEnough(resources: Resources, minimums: readonly Quantities[]): boolean {
  if (resources.isEmpty) return false;
  if (minimums.length === 0) return true;
  const quantities = resources.quantities();
  for (const least of minimums) if (quantities.contains(least)) return true;
  return false;
}
