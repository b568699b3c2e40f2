/** What the allocator is told: its options, and the terms of frameworks, agents and quota. */
import type { RandomStream } from '../../cluster/streams.ts';
import type { Policy } from '../../policies/policy.ts';
import type {
  AgentInfoCapabilityType,
  Attribute,
  DomainInfo,
  FrameworkInfoCapabilityType,
  OfferFilters,
  Unavailability,
} from '../../protocol/v1/mesos.ts';
import type { OfferConstraints } from '../../protocol/v1/scheduler.ts';
import type { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';

export interface HierarchicalOptions {
  readonly policy: Policy;
  readonly random: RandomStream;
  /** From one batch run to the next. */
  readonly intervalUs: number;
  /** When the allocator starts; the first batch run is an interval later. */
  readonly startUs: number;
  /** An offer contains one of these; none: any will do. */
  readonly minAllocatable: readonly Quantities[];
  /** Resources that do not count for fairness. */
  readonly excludedResources: readonly string[];
  /** Agents with GPUs are offered to frameworks with GPU_RESOURCES only. */
  readonly filterGpuResources: boolean;
  /** The master's region: agents of others are offered to frameworks with REGION_AWARE only. */
  readonly region: string | null;
  /** As Mesos, where it is not given. */
  readonly fairness?: Fairness;
}

/** Where more fairness can be had than Mesos gives. */
export interface Fairness {
  /** Of equal shares, who is first: whoever was allocated less often so far (Mesos), or whose last turn is longest ago. */
  readonly ties: 'count' | 'turns';
  /** An agent goes as a whole to who is first (Mesos), or only as far as that one's fair share, and the rest to others. */
  readonly agents: 'whole' | 'split';
}

export const MESOS_FAIRNESS: Fairness = { ties: 'count', agents: 'whole' };

export interface FrameworkTerms {
  readonly roles: readonly string[];
  readonly capabilities: ReadonlySet<FrameworkInfoCapabilityType>;
  /** By role: the least that an offer must contain. */
  readonly offerFilters: Readonly<Record<string, OfferFilters>>;
  readonly offerConstraints: OfferConstraints | null;
}

export interface FrameworkStart {
  /** By agent: what the framework's tasks and executors use there. Agents that are not there yet tell by themselves. */
  readonly used: ReadonlyMap<string, Resources>;
  readonly isActive: boolean;
  readonly suppressedRoles: ReadonlySet<string>;
}

export interface AgentTerms {
  readonly hostname: string;
  readonly attributes: readonly Attribute[];
  readonly capabilities: ReadonlySet<AgentInfoCapabilityType>;
  readonly domain: DomainInfo | null;
  readonly unavailability: Unavailability | null;
}

/** Amounts in thousandths; what `limits` does not name is unlimited. */
export interface Quota {
  readonly guarantees: Quantities;
  readonly limits: ReadonlyMap<string, number>;
}
