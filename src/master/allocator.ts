/** What a master asks of its allocator (reference §12); `src/allocator/hierarchical` is one. */
import type {
  AgentInfoCapabilityType,
  Attribute,
  DomainInfo,
  FrameworkInfoCapabilityType,
  OfferFilters,
  Unavailability,
} from '../protocol/v1/mesos.ts';
import type { OfferConstraints } from '../protocol/v1/scheduler.ts';
import type { Quantities } from '../resources/quantities.ts';
import type { Resources } from '../resources/resources.ts';

export interface FrameworkTerms {
  readonly roles: readonly string[];
  readonly capabilities: ReadonlySet<FrameworkInfoCapabilityType>;
  readonly offerFilters: Readonly<Record<string, OfferFilters>>;
  readonly offerConstraints: OfferConstraints | null;
}

export interface AgentTerms {
  readonly hostname: string;
  readonly attributes: readonly Attribute[];
  readonly capabilities: ReadonlySet<AgentInfoCapabilityType>;
  readonly domain: DomainInfo | null;
  readonly unavailability: Unavailability | null;
}

export interface Conversion {
  readonly consumed: Resources;
  readonly converted: Resources;
}

export interface AllocatorRun {
  readonly offers: readonly {
    readonly frameworkId: string;
    readonly role: string;
    readonly agentId: string;
    /** Allocated to the role. */
    readonly resources: Resources;
  }[];
  readonly inverseOffers: readonly {
    readonly frameworkId: string;
    readonly agentId: string;
    readonly unavailability: Unavailability;
  }[];
}

export interface Allocator {
  addFramework(
    id: string,
    terms: FrameworkTerms,
    start: {
      readonly used: ReadonlyMap<string, Resources>;
      readonly isActive: boolean;
      readonly suppressedRoles: ReadonlySet<string>;
    },
  ): void;
  updateFramework(id: string, terms: FrameworkTerms, suppressedRoles: ReadonlySet<string>): void;
  removeFramework(id: string): void;
  activateFramework(id: string): void;
  deactivateFramework(id: string): void;
  addAgent(id: string, terms: AgentTerms, total: Resources, used: ReadonlyMap<string, Resources>): void;
  updateAgent(id: string, terms: AgentTerms, total: Resources): void;
  removeAgent(id: string): void;
  activateAgent(id: string): void;
  deactivateAgent(id: string): void;
  updateUnavailability(agentId: string, unavailability: Unavailability | null): void;
  /** `status` null: the inverse offer was rescinded without an answer. */
  answerInverseOffer(
    frameworkId: string,
    agentId: string,
    status: 'ACCEPT' | 'DECLINE' | null,
    refuseUs: number | null,
    nowUs: number,
  ): void;
  recover(
    frameworkId: string,
    agentId: string,
    resources: Resources,
    refuseUs: number | null,
    nowUs: number,
    wasAllocated: boolean,
  ): void;
  updateAllocation(
    frameworkId: string,
    agentId: string,
    offered: Resources,
    conversions: readonly Conversion[],
  ): void;
  updateAvailable(agentId: string, conversions: readonly Conversion[]): boolean;
  /** Offered resources are launched upon. */
  allocate(frameworkId: string, agentId: string, resources: Resources): void;
  /** No roles: all. */
  suppress(frameworkId: string, roles: readonly string[]): void;
  revive(frameworkId: string, roles: readonly string[]): void;
  setQuota(
    role: string,
    quota: { readonly guarantees: Quantities; readonly limits: ReadonlyMap<string, number> } | null,
  ): void;
  setWeight(role: string, weight: number): void;
  pause(): void;
  resume(): void;
  /** At most now where events asked for a run. */
  readonly nextRunUs: number;
  run(nowUs: number): AllocatorRun;
}
