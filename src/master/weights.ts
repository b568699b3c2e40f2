/** Weights of roles (reference §14.4): kept in the registry, in force from the next allocation on. */
import { roleProblem } from '../protocol/role-names.ts';
import type { WeightInfo } from '../protocol/v1/mesos.ts';
import type { MasterContext } from './context.ts';
import { rescindOffer } from './offers.ts';
import { storeWeights } from './registry.ts';

/** @returns `null`: nothing is wrong */
export function weightsProblem(infos: readonly WeightInfo[]): string | null {
  for (const { role = '', weight } of infos) {
    const problem = roleProblem(role);
    if (problem !== null) return problem;
    if (!(weight > 0) || !Number.isFinite(weight)) return `Weight ${weight} of role '${role}' is not above 0`;
  }
  return null;
}

/** All offers go back where a role that has frameworks is concerned. @param then once it is durable */
export function updateWeights(master: MasterContext, infos: readonly WeightInfo[], then: () => void): void {
  const { state, allocator } = master;
  const weights = new Map(state.weights);
  for (const { role, weight } of infos) weights.set(role!, weight);
  master.registrar.commit([storeWeights(weights)], () => {
    for (const { role, weight } of infos) {
      state.weights.set(role!, weight);
      allocator.setWeight(role!, weight);
    }
    const changed = new Set(infos.map(({ role }) => role!));
    const isFelt = [...state.frameworks.values()].some(({ roles }) =>
      roles.some((role) => changed.has(role)),
    );
    if (isFelt) for (const offer of state.offers.values()) rescindOffer(master, offer);
    then();
  });
}
