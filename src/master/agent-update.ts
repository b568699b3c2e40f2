/**
 * An agent says what it has: an operation that the books count as done could not be applied there (Mesos's
 * UpdateSlaveMessage, reference §10.1).
 */
import type { AgentMessage } from '../protocol/internal.ts';
import { applyCheckpointed } from '../resources/checkpointed.ts';
import { conversionsOf, convertedBy } from '../resources/operations.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { Resources } from '../resources/resources.ts';
import { refuse } from './agent-registration.ts';
import { agentTermsOf } from './agents.ts';
import type { MasterContext } from './context.ts';
import { rescindOffer } from './offers.ts';
import type { AgentRecord } from './state.ts';

type Update = AgentMessage & { readonly type: 'UPDATE_AGENT' };

export function updateAgent(master: MasterContext, link: string, update: Update): void {
  master.counters.add('messages_update_slave');
  const agent = master.state.agentOfLink.get(link);
  if (agent === undefined) return;
  let total: Resources;
  try {
    total = applyCheckpointed(Resources.of(agent.info.resources), Resources.of(update.checkpointedResources));
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    refuse(master, link, error.message);
    return;
  }
  total = withOperationsUnderWay(agent, total, new Set(update.operations));
  if (total.equals(agent.total)) return;
  agent.total = total;
  for (const offer of agent.offers)
    if (!total.contains(offer.resources.unallocated().withoutCopies())) rescindOffer(master, offer);
  master.allocator.updateAgent(agent.id, agentTermsOf(agent), total);
}

/** Those that the agent has not met yet still count as done, as far as it has what they consume. */
function withOperationsUnderWay(
  { operations }: AgentRecord,
  total: Resources,
  known: ReadonlySet<string>,
): Resources {
  let result = total;
  for (const { uuid, status, info } of operations)
    if (status.state === 'OPERATION_PENDING' && !known.has(uuid))
      result = convertedBy(result, conversionsOf(info)) ?? result;
  return result;
}
