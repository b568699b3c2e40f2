/** Quota of top-level roles (reference §14.3): guarantees that are held free, and limits that are not passed. */
import { MILLI, toMilli } from '../cluster/resources.ts';
import { topLevelRole } from '../protocol/role-names.ts';
import type { ValueScalar } from '../protocol/v1/mesos.ts';
import type { QuotaConfig } from '../protocol/v1/quota.ts';
import { Quantities } from '../resources/quantities.ts';
import type { Resources } from '../resources/resources.ts';
import type { MasterContext } from './context.ts';
import { rescindOffer } from './offers.ts';
import { storeQuota } from './registry.ts';
import type { AgentRecord } from './state.ts';
import { usedOn } from './usage.ts';

/** What the cluster as it is does not allow; `force` leaves this out. */
export function quotaConflict(master: MasterContext, configs: readonly QuotaConfig[]): string | null {
  const quotas = new Map(master.state.quotas);
  for (const config of configs) quotas.set(config.role, config);
  let guaranteed = Quantities.empty;
  for (const { guarantees = {} } of quotas.values()) guaranteed = guaranteed.plus(quantitiesOf(guarantees));
  let capacity = Quantities.empty;
  for (const { total } of master.state.agents.values())
    capacity = capacity.plus(total.nonRevocable().quantities());
  if (!capacity.contains(guaranteed))
    return `Guarantees ${guaranteed} are more than the cluster has, ${capacity}; use force to set them all the same`;
  for (const { role, limits = {} } of configs) {
    const consumed = consumedBy(master, role);
    for (const [name, { value }] of Object.entries(limits))
      if (consumed.get(name) > toMilli(value))
        return `Role '${role}' consumes ${consumed.get(name) / MILLI} ${name}, more than the limit ${value}; use force to set it all the same`;
  }
  return null;
}

/** All configurations or none. @param then once it is durable */
export function updateQuota(master: MasterContext, configs: readonly QuotaConfig[], then: () => void): void {
  const changes = configs.map((config) => storeQuota(config.role, isDefault(config) ? null : config));
  master.registrar.commit(changes, () => {
    for (const config of configs) applyQuota(master, config.role, isDefault(config) ? null : config);
    rescindForQuota(master, configs);
    then();
  });
}

/** @param config null: none */
export function applyQuota(master: MasterContext, role: string, config: QuotaConfig | null): void {
  const { state, allocator } = master;
  if (config === null) {
    state.quotas.delete(role);
    allocator.setQuota(role, null);
    return;
  }
  state.quotas.set(role, config);
  const limits = Object.entries(config.limits ?? {}).map(
    ([name, { value }]) => [name, toMilli(value)] as const,
  );
  allocator.setQuota(role, {
    guarantees: quantitiesOf(config.guarantees ?? {}),
    limits: new Map(limits),
  });
}

/** Reservations for the role and those below it, and what else is allocated to them; nothing revocable, and no offers. */
export function consumedBy(master: MasterContext, role: string): Quantities {
  return heldBy(master, role, (agent) => [...usedOn(agent).values()]);
}

/** What the role consumes, and what is offered to it and those below it. */
function takenBy(master: MasterContext, role: string): Quantities {
  return heldBy(master, role, (agent) => [
    ...usedOn(agent).values(),
    ...Array.from(agent.offers, ({ resources }) => resources),
  ]);
}

function heldBy(
  master: MasterContext,
  role: string,
  heldOn: (agent: AgentRecord) => readonly Resources[],
): Quantities {
  let held = Quantities.empty;
  const isBelow = (name: string | null) => name !== null && topLevelRole(name) === role;
  for (const agent of master.state.agents.values()) {
    const reserved = agent.total.filter((kind) => isBelow(kind.role) && !kind.isRevocable);
    held = held.plus(reserved.quantities());
    for (const part of heldOn(agent)) {
      const unreserved = part.filter(
        (kind) => isBelow(kind.allocationRole) && kind.role === null && !kind.isRevocable,
      );
      held = held.plus(unreserved.quantities());
    }
  }
  return held;
}

/** First offers of roles that are over their limits; then, agent by agent, as many as the guarantees call for. */
function rescindForQuota(master: MasterContext, configs: readonly QuotaConfig[]): void {
  const { state } = master;
  for (const { role, limits = {} } of configs) {
    for (const offer of state.offers.values()) {
      if (topLevelRole(offer.role) !== role) continue;
      const taken = takenBy(master, role);
      const isOver = Object.entries(limits).some(([name, { value }]) => taken.get(name) > toMilli(value));
      if (!isOver) break;
      rescindOffer(master, offer);
    }
  }
  let lacking = Quantities.empty;
  for (const { role, guarantees = {} } of configs)
    lacking = lacking.plus(quantitiesOf(guarantees).minus(takenBy(master, role)));
  const roles = new Set(configs.map(({ role }) => role));
  for (const agent of state.agents.values()) {
    if (lacking.isEmpty) return;
    const offers = [...agent.offers].filter((offer) => !roles.has(topLevelRole(offer.role)));
    for (const offer of offers) {
      lacking = lacking.minus(offer.resources.quantities());
      rescindOffer(master, offer);
    }
  }
}

function isDefault({ guarantees = {}, limits = {} }: QuotaConfig): boolean {
  return Object.keys(guarantees).length === 0 && Object.keys(limits).length === 0;
}

function quantitiesOf(amounts: Readonly<Record<string, ValueScalar>>): Quantities {
  return Quantities.of(Object.entries(amounts).map(([name, { value }]) => [name, toMilli(value)] as const));
}
