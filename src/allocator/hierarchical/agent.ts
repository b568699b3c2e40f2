/** An agent as the allocator sees it: what it has, who holds how much of it, and what is left (reference §12.1). */
import type { AgentDescription } from '../../protocol/offer-constraints.ts';
import type { Unavailability } from '../../protocol/v1/mesos.ts';
import { Resources } from '../../resources/resources.ts';
import type { AgentFilters, FilteredAgent } from './offer-filters.ts';
import type { AgentTerms } from './terms.ts';

/** Never judged quiet, or not since something came free. */
export const NOT_QUIET = -1;

export interface Maintenance {
  readonly unavailability: Unavailability;
  /** Frameworks that have not answered their inverse offer. */
  readonly outstanding: Set<string>;
  /** By framework: its last answer. */
  readonly answers: Map<string, InverseOfferAnswer>;
}

export interface InverseOfferAnswer {
  readonly status: 'ACCEPT' | 'DECLINE';
  readonly answeredUs: number;
}

export class AgentState implements FilteredAgent {
  readonly id: string;
  isActivated = true;
  /** By framework: offered to it or allocated, with the roles that it is allocated to. */
  readonly held = new Map<string, Resources>();
  /** By framework: the part of `held` that tasks were launched upon. */
  readonly allocated = new Map<string, Resources>();
  maintenance: Maintenance | null;
  readonly filters: AgentFilters = new Map();
  private quietEpoch = NOT_QUIET;
  /** What was available when the agent was judged quiet. */
  private refused = Resources.empty;
  /** Comparing with what comes back again and again is cheapest if that is the same object. */
  private lastReturned = Resources.empty;
  private ownTerms: AgentTerms;
  private ownDescription: AgentDescription;
  private ownTotal = Resources.empty;
  private ownAvailable = Resources.empty;
  private ownHasGpus = false;
  private isPlainTotal = true;
  private hasSharedResources = false;
  /** More is held than there is: an estimate of slack went down, or the agent came back smaller. */
  private isOvercommitted = false;

  constructor(id: string, terms: AgentTerms, total: Resources, used: ReadonlyMap<string, Resources>) {
    this.id = id;
    this.ownTerms = terms;
    this.ownDescription = descriptionOf(terms);
    this.maintenance = maintenanceOf(terms.unavailability);
    for (const [frameworkId, resources] of used) {
      if (resources.isEmpty) continue;
      this.held.set(frameworkId, resources);
      this.allocated.set(frameworkId, resources);
    }
    this.setTotal(total);
  }

  get terms(): AgentTerms {
    return this.ownTerms;
  }

  /** What offer constraints look at. */
  get description(): AgentDescription {
    return this.ownDescription;
  }

  get total(): Resources {
    return this.ownTotal;
  }

  /** Neither offered nor allocated; shared resources are always available. */
  get available(): Resources {
    return this.ownAvailable;
  }

  get hasGpus(): boolean {
    return this.ownHasGpus;
  }

  /** Nothing is reserved, shared or revocable. */
  get isPlain(): boolean {
    return this.isPlainTotal;
  }

  get hasShared(): boolean {
    return this.hasSharedResources;
  }

  /** Those that were ready to take anything in this epoch, or before, take nothing of what is available now. */
  get refusedEpoch(): number {
    return this.quietEpoch !== NOT_QUIET && this.refused.contains(this.ownAvailable)
      ? this.quietEpoch
      : NOT_QUIET;
  }

  /** Nobody that was ready in the epoch takes what is available. */
  judgeQuiet(epoch: number): void {
    this.quietEpoch = epoch;
    this.refused = this.ownAvailable;
  }

  setTerms(terms: AgentTerms): void {
    this.ownTerms = terms;
    this.ownDescription = descriptionOf(terms);
    this.quietEpoch = NOT_QUIET;
  }

  setTotal(total: Resources): void {
    this.ownTotal = total;
    this.ownHasGpus = total.hasGpus;
    this.isPlainTotal = total.isPlain;
    this.hasSharedResources = !total.shared().isEmpty;
    this.recount();
  }

  /** Offers some of what is available. @param part `resources` as the agent has them, without an allocation */
  take(frameworkId: string, resources: Resources, part: Resources): void {
    add(this.held, frameworkId, resources);
    if (this.isOvercommitted || this.hasSharedResources) this.recount();
    else this.ownAvailable = this.ownAvailable.minus(part);
  }

  /** @returns what comes back, without its allocation: the same object as the last time, if it equals that */
  giveBack(frameworkId: string, resources: Resources): Resources {
    subtract(this.held, frameworkId, resources);
    const part = resources.unallocated();
    if (!this.lastReturned.equals(part)) this.lastReturned = part;
    if (this.isOvercommitted || this.hasSharedResources) this.recount();
    else this.ownAvailable = this.ownAvailable.plus(this.lastReturned);
    return this.lastReturned;
  }

  filterEnded(): void {
    this.quietEpoch = NOT_QUIET;
  }

  addAllocated(frameworkId: string, resources: Resources): void {
    add(this.allocated, frameworkId, resources);
  }

  removeAllocated(frameworkId: string, resources: Resources): void {
    subtract(this.allocated, frameworkId, resources);
  }

  setUnavailability(unavailability: Unavailability | null): void {
    this.maintenance = maintenanceOf(unavailability);
  }

  private recount(): void {
    const total = this.ownTotal.nonShared();
    let taken = Resources.empty;
    for (const held of this.held.values()) taken = taken.plus(held.nonShared().unallocated());
    this.isOvercommitted = !total.contains(taken);
    const left = this.isOvercommitted ? whatIsLeft(total, taken) : total.minus(taken);
    this.ownAvailable = this.hasSharedResources ? left.plus(this.ownTotal.shared()) : left;
    this.quietEpoch = NOT_QUIET;
  }
}

function descriptionOf({ hostname, attributes, domain }: AgentTerms): AgentDescription {
  return { hostname, attributes, domain: domain ?? undefined };
}

function maintenanceOf(unavailability: Unavailability | null): Maintenance | null {
  return unavailability === null ? null : { unavailability, outstanding: new Set(), answers: new Map() };
}

/** Where more of a kind is taken than there is, nothing of it is left. */
function whatIsLeft(total: Resources, taken: Resources): Resources {
  return taken.kinds.reduce((left, kind) => {
    const part = taken.filter((each) => each === kind);
    return left.contains(part) ? left.minus(part) : left.filter((each) => each !== kind);
  }, total);
}

function add(map: Map<string, Resources>, key: string, resources: Resources): void {
  const before = map.get(key);
  map.set(key, before === undefined ? resources : before.plus(resources));
}

function subtract(map: Map<string, Resources>, key: string, resources: Resources): void {
  const after = map.get(key)!.minus(resources);
  if (after.isEmpty) map.delete(key);
  else map.set(key, after);
}
