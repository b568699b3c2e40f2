/** Asking frameworks to leave agents with scheduled maintenance (reference §2.9): one outstanding question a framework and agent. */
import type { Unavailability } from '../../protocol/v1/mesos.ts';
import type { AgentState } from './agent.ts';
import type { FrameworkState } from './framework.ts';

export interface InverseOffer {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly unavailability: Unavailability;
}

/** To all active frameworks that hold something on the agents, and have not said that they do not want to be asked now. */
export function inverseOffers(
  agents: Iterable<AgentState>,
  frameworks: ReadonlyMap<string, FrameworkState>,
  nowUs: number,
): InverseOffer[] {
  const offers: InverseOffer[] = [];
  for (const { id, held, maintenance } of agents) {
    if (maintenance === null) continue;
    for (const frameworkId of held.keys()) {
      const framework = frameworks.get(frameworkId);
      if (!framework?.isActive || maintenance.outstanding.has(frameworkId)) continue;
      const refusedUntilUs = framework.refusedInverseOffers.get(id);
      if (refusedUntilUs !== undefined && nowUs < refusedUntilUs) continue;
      maintenance.outstanding.add(frameworkId);
      offers.push({ frameworkId, agentId: id, unavailability: maintenance.unavailability });
    }
  }
  return offers;
}
