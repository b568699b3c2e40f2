/** An agent's resources with the dynamic reservations and volumes that it has checkpointed. */
import { ResourceError } from './resource-error.ts';
import type { Resources } from './resources.ts';

/**
 * @param total as the agent was configured
 * @param checkpointed what of it is dynamically reserved or a persistent volume
 * @throws ResourceError where it cannot have come from `total`
 */
export function applyCheckpointed(total: Resources, checkpointed: Resources): Resources {
  const origin = checkpointed.restored();
  if (!total.contains(origin))
    throw new ResourceError('(checkpointed)', `${checkpointed} cannot have come from ${total}`);
  return total.minus(origin).plus(checkpointed);
}
