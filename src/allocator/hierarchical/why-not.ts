/**
 * Why a framework is offered what it is, and not more: for each of its roles and each agent, the first of an allocation run's
 * reasons to pass it over (reference §12.4). Nothing is changed, and nothing drawn, by asking.
 */
import { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';
import type { AgentState } from './agent.ts';
import type { Books } from './books.ts';
import { type FrameworkState, isEnough, type Subscription } from './framework.ts';

/** In the order in which a run looks. */
export const REASONS = {
  'out-of-service': 'deactivated, drained, not connected, or not whitelisted',
  taken: 'too little of it is free',
  reserved: 'what is free is reserved for other roles',
  capability: 'has GPUs, or is in another region, and the framework does not say that it takes such',
  constraints: 'the framework’s offer constraints do not admit it',
  limit: 'the role’s quota limit leaves no more',
  guarantees: 'what is free is kept for guarantees of other roles',
  declined: 'the framework declined as much, or more, of it',
  next: 'it is next, unless those before it take it all',
} as const;

export type Reason = keyof typeof REASONS;

export interface WhyNot {
  readonly role: string;
  /** Whether it takes offers in the role at all. */
  readonly state: 'takes offers' | 'suppressed' | 'inactive';
  /** Of the role with all below it. */
  readonly share: number;
  readonly weight: number;
  /** Roles beside it that take offers and have a lower share by weight: a policy that orders by shares asks them first. */
  readonly before: readonly string[];
  /** By reason: agents, as they are named. */
  readonly agents: Readonly<Partial<Record<Reason, readonly string[]>>>;
}

/** @param mayBeOffered whether an agent takes part in runs */
export function whyNot(
  books: Books,
  framework: FrameworkState,
  mayBeOffered: (agent: AgentState) => boolean,
): WhyNot[] {
  const surplus = surplusOf(books);
  return [...framework.subscriptions.values()].map((subscription) => {
    const { role } = subscription;
    const agents: Partial<Record<Reason, string[]>> = {};
    for (const agent of books.agents.values()) {
      const reason = reasonOf(books, subscription, agent, surplus, mayBeOffered);
      agents[reason] ??= [];
      agents[reason].push(agent.terms.hostname);
    }
    return {
      role,
      state: framework.takesOffersIn(role)
        ? 'takes offers'
        : framework.suppressedRoles.has(role)
          ? 'suppressed'
          : 'inactive',
      share: books.dominantShare(role, undefined),
      weight: weightOf(books, role),
      before: rolesBefore(books, role),
      agents,
    };
  });
}

function reasonOf(
  books: Books,
  subscription: Subscription,
  agent: AgentState,
  surplus: Quantities | null,
  mayBeOffered: (agent: AgentState) => boolean,
): Reason {
  const { framework, role, minAllocatable } = subscription;
  const { filterGpuResources, region } = books.options;
  if (!mayBeOffered(agent)) return 'out-of-service';
  if (!isEnough(agent.available, minAllocatable)) return 'taken';
  const all = agent.isPlain ? agent.available : agent.available.allocatableTo(role);
  if (!isEnough(all, minAllocatable)) return 'reserved';
  if (!framework.isCapableOf(agent, filterGpuResources, region)) return 'capability';
  if (!framework.admits(agent, role)) return 'constraints';
  const usable = agent.isPlain ? all : framework.strip(all);
  const limits = limitsLeft(books, role);
  if (!isEnoughWithin(usable, minAllocatable, limits)) return 'limit';
  if (surplus !== null && !isEnoughWithin(usable, minAllocatable, (name) => surplus.get(name)))
    return 'guarantees';
  return books.filters.isFiltered(subscription, agent, usable) ? 'declined' : 'next';
}

/** What no guarantee needs; `null`: all guarantees are met. */
function surplusOf({ roleTree: { root }, nonRevocable }: Books): Quantities | null {
  let required = Quantities.empty;
  for (const { quota, consumed } of root.children.values())
    if (quota !== null) required = required.plus(quota.guarantees.minus(consumed));
  return required.isEmpty ? null : nonRevocable.minus(root.reserved).minus(root.held).minus(required);
}

/** By name: how much more the role may hold, in thousandths. */
function limitsLeft({ roleTree }: Books, role: string): (name: string) => number {
  const top = roleTree.get(role.split('/')[0]);
  const limits = top?.quota?.limits;
  return (name) => {
    const limit = limits?.get(name);
    return limit === undefined ? Number.POSITIVE_INFINITY : limit - top!.consumed.get(name);
  };
}

/** Of unreserved resources only so much; reservations are the role's whatever its quota. */
function isEnoughWithin(
  usable: Resources,
  minimums: readonly Quantities[],
  most: (name: string) => number,
): boolean {
  if (usable.kinds.some(({ role }) => role !== null)) return true;
  const there = usable.quantities();
  const left = (name: string) => Math.min(there.get(name), most(name));
  if (minimums.length === 0) return there.names.some((name) => left(name) > 0);
  return minimums.some(({ names, millis }) => names.every((name, i) => left(name) >= millis[i]));
}

const weightOf = ({ roleTree }: Books, role: string): number => roleTree.get(role)?.weight ?? 1;

function rolesBefore(books: Books, role: string): readonly string[] {
  const byWeight = (path: string) => books.dominantShare(path, undefined) / weightOf(books, path);
  const own = byWeight(role);
  const takesOffers = (path: string) =>
    [...books.frameworks.values()].some((framework) => framework.takesOffersIn(path));
  return [...books.roles.keys()].filter(
    (path) => path !== role && parentOf(path) === parentOf(role) && byWeight(path) < own && takesOffers(path),
  );
}

const parentOf = (role: string): string => role.slice(0, Math.max(0, role.lastIndexOf('/')));
