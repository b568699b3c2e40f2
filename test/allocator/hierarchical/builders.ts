/** Small builders of what the allocator's tests are about. */
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import type {
  AgentTerms,
  FrameworkTerms,
  HierarchicalOptions,
} from '../../../src/allocator/hierarchical/terms.ts';
import { toMilli } from '../../../src/cluster/resources.ts';
import { stream } from '../../../src/cluster/streams.ts';
import { drf } from '../../../src/policies/drf.ts';
import { Quantities } from '../../../src/resources/quantities.ts';
import type { Resources } from '../../../src/resources/resources.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';

export const SECOND_US = 1_000_000;

export const resources = parseResourcesText;

/** `{cpus: 4}` in natural units. */
export function quantities(amounts: Readonly<Record<string, number>>): Quantities {
  return Quantities.of(Object.entries(amounts).map(([name, amount]) => [name, toMilli(amount)]));
}

export function quota(
  guarantees: Readonly<Record<string, number>>,
  limits: Readonly<Record<string, number>> = {},
) {
  return {
    guarantees: quantities(guarantees),
    limits: new Map(Object.entries(limits).map(([name, amount]) => [name, toMilli(amount)])),
  };
}

export function optionsOf(changes: Partial<HierarchicalOptions> = {}): HierarchicalOptions {
  return {
    policy: drf,
    random: stream('seed', 'allocator'),
    intervalUs: SECOND_US,
    startUs: 0,
    minAllocatable: [quantities({ cpus: 0.01 }), quantities({ mem: 32 })],
    excludedResources: [],
    filterGpuResources: true,
    region: null,
    ...changes,
  };
}

export function agentTerms(changes: Partial<AgentTerms> = {}): AgentTerms {
  return {
    hostname: 'host',
    attributes: [],
    capabilities: new Set(['MULTI_ROLE', 'HIERARCHICAL_ROLE']),
    domain: null,
    unavailability: null,
    ...changes,
  };
}

export function frameworkTerms(
  roles: readonly string[],
  changes: Partial<FrameworkTerms> = {},
): FrameworkTerms {
  return {
    roles,
    capabilities: new Set(['MULTI_ROLE']),
    offerFilters: {},
    offerConstraints: null,
    ...changes,
  };
}

export const NOTHING_USED: ReadonlyMap<string, Resources> = new Map();
export const ACTIVE = { used: NOTHING_USED, isActive: true, suppressedRoles: new Set<string>() };

/** An allocator with agents `a1`, `a2`, … of these resources, and frameworks by id with their roles. */
export function allocatorOf(
  agents: readonly string[],
  frameworks: Readonly<Record<string, readonly string[]>>,
  changes: Partial<HierarchicalOptions> = {},
): HierarchicalAllocator {
  const allocator = new HierarchicalAllocator(optionsOf(changes));
  agents.forEach((text, i) => {
    allocator.addAgent(`a${i + 1}`, agentTerms({ hostname: `h${i + 1}` }), resources(text), NOTHING_USED);
  });
  for (const [id, roles] of Object.entries(frameworks))
    allocator.addFramework(id, frameworkTerms(roles), ACTIVE);
  return allocator;
}

/** The offers of a run, one line each: `framework role agent resources`, sorted. */
export function offersOf(allocator: HierarchicalAllocator, nowUs: number): string[] {
  return allocator
    .run(nowUs)
    .offers.map((o) => `${o.frameworkId} ${o.role} ${o.agentId} ${o.resources}`)
    .sort();
}
