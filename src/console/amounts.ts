/** Sums of resources as people read them: pooled, used, offered, reserved, and shares of roles. */
import type { Resource, Role } from '../protocol/v1/mesos.ts';
import type { Agent } from './cluster-model.ts';

/** Scalars by name. */
export type Amounts = ReadonlyMap<string, number>;

export interface Pool {
  readonly name: string;
  readonly total: number;
  readonly used: number;
  readonly offered: number;
  readonly reserved: number;
}

export interface RoleShare {
  readonly role: string;
  readonly weight: number;
  readonly frameworks: number;
  /** Of the resource that it holds most of; 0 to 1. */
  readonly share: number;
  readonly dominant: string | null;
  /** By weight among the roles beside it that have frameworks; `null`: it has none. */
  readonly entitlement: number | null;
}

export function sum(resources: Iterable<Resource>): Amounts {
  const amounts = new Map<string, number>();
  for (const { name, scalar } of resources)
    if (scalar) amounts.set(name, (amounts.get(name) ?? 0) + scalar.value);
  return amounts;
}

const isReserved = ({ role, reservations }: Resource): boolean =>
  (reservations?.length ?? 0) > 0 || (role !== undefined && role !== '*');

export function pools(agents: Iterable<Agent>): Pool[] {
  const all = [...agents];
  const of = (part: (agent: Agent) => readonly Resource[] | undefined) =>
    sum(all.flatMap((agent) => part(agent) ?? []));
  const total = of(({ total_resources }) => total_resources);
  const used = of(({ allocated_resources }) => allocated_resources);
  const offered = of(({ offered_resources }) => offered_resources);
  const reserved = of(({ total_resources }) => total_resources?.filter(isReserved));
  return Array.from(total, ([name, amount]) => ({
    name,
    total: amount,
    used: used.get(name) ?? 0,
    offered: offered.get(name) ?? 0,
    reserved: reserved.get(name) ?? 0,
  }));
}

export function roleShares(roles: readonly Role[], total: Amounts): RoleShare[] {
  const isActive = (role: Role) => (role.frameworks?.length ?? 0) > 0;
  const active = roles.filter(
    (role) =>
      isActive(role) || roles.some((below) => below.name.startsWith(`${role.name}/`) && isActive(below)),
  );
  const weightOf = new Map<string, number>();
  for (const { name, weight } of active)
    weightOf.set(parentOf(name), (weightOf.get(parentOf(name)) ?? 0) + weight);
  const entitlementOf = new Map<string, number>([['', 1]]);
  // A parent's name is a prefix of its children's, and so sorted before them.
  for (const { name, weight } of active)
    entitlementOf.set(
      name,
      (entitlementOf.get(parentOf(name)) ?? 0) * (weight / weightOf.get(parentOf(name))!),
    );
  return roles.map(({ name, weight, frameworks = [], resources = [] }) => {
    const [dominant, share] = dominantShare(sum(resources), total);
    return {
      role: name,
      weight,
      frameworks: frameworks.length,
      share,
      dominant,
      entitlement: entitlementOf.get(name) ?? null,
    };
  });
}

const parentOf = (role: string): string => role.slice(0, Math.max(0, role.lastIndexOf('/')));

function dominantShare(held: Amounts, total: Amounts): [string | null, number] {
  let best: [string | null, number] = [null, 0];
  for (const [name, amount] of held) {
    const share = amount / (total.get(name) ?? Number.POSITIVE_INFINITY);
    if (share > best[1]) best = [name, share];
  }
  return best;
}

export function readable(name: string, amount: number): string {
  if (name !== 'mem' && name !== 'disk') return String(Math.round(amount * 100) / 100);
  return amount >= 1024 ? `${(amount / 1024).toFixed(1)} GiB` : `${Math.round(amount)} MiB`;
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
