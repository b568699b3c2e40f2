/** Reservations and volumes by operators (reference §7, write path): what is free of an agent, or what offers give back. */

import { operationProblem } from '../protocol/operation.ts';
import type { OperatorCall } from '../protocol/v1/master.ts';
import type { AgentID, OfferOperation } from '../protocol/v1/mesos.ts';
import { type Conversion, conversionsOf } from '../resources/operations.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { mayOperate } from './authorization.ts';
import type { MasterContext } from './context.ts';
import { rescindOffer } from './offers.ts';
import { startOperation } from './operations.ts';
import { answer } from './send.ts';

/** As for a decline without filters. */
const REFUSE_US = 5_000_000;

interface Request {
  readonly agentId: AgentID | undefined;
  readonly operation: OfferOperation;
}

/** `null`: the call is no such operation. */
export function operationOf(call: OperatorCall): Request | null {
  switch (call.type) {
    case 'RESERVE_RESOURCES': {
      const { agent_id, resources, source } = call.reserve_resources!;
      return { agentId: agent_id, operation: { type: 'RESERVE', reserve: { resources, source } } };
    }
    case 'UNRESERVE_RESOURCES': {
      const { agent_id, resources } = call.unreserve_resources!;
      return { agentId: agent_id, operation: { type: 'UNRESERVE', unreserve: { resources } } };
    }
    case 'CREATE_VOLUMES': {
      const { agent_id, volumes } = call.create_volumes!;
      return { agentId: agent_id, operation: { type: 'CREATE', create: { volumes } } };
    }
    case 'DESTROY_VOLUMES': {
      const { agent_id, volumes } = call.destroy_volumes!;
      return { agentId: agent_id, operation: { type: 'DESTROY', destroy: { volumes } } };
    }
    case 'GROW_VOLUME': {
      const { agent_id, ...grow_volume } = call.grow_volume!;
      return { agentId: agent_id, operation: { type: 'GROW_VOLUME', grow_volume } };
    }
    case 'SHRINK_VOLUME': {
      const { agent_id, ...shrink_volume } = call.shrink_volume!;
      return { agentId: agent_id, operation: { type: 'SHRINK_VOLUME', shrink_volume } };
    }
    default:
      return null;
  }
}

export function operate(
  master: MasterContext,
  exchange: string,
  { agentId, operation }: Request,
  principal: string | null,
): void {
  const agent = master.state.agents.get(agentId?.value ?? '');
  if (agent === undefined || agent.link === null) {
    answer(master, exchange, 400, `No agent ${agentId?.value ?? ''} is connected`);
    return;
  }
  const refusal = mayOperate(master, principal, operation);
  if (refusal !== null) {
    answer(master, exchange, 403, refusal);
    return;
  }
  const problem = operationProblem(operation, { principal, agent: agent.capabilities, framework: null });
  if (problem !== null) {
    answer(master, exchange, 400, problem);
    return;
  }
  let conversions: readonly Conversion[];
  try {
    conversions = conversionsOf(operation);
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    answer(master, exchange, 400, error.message);
    return;
  }
  const consumed = conversions[0].consumed.unallocated();
  if (!agent.total.contains(consumed)) {
    answer(master, exchange, 409, `Agent ${agent.id} does not have ${consumed}`);
    return;
  }
  if (!master.allocator.updateAvailable(agent.id, conversions)) {
    // Offers are taken back one by one, as far as they hold any of it.
    let isDone = false;
    for (const offer of agent.offers) {
      const offered = offer.resources.unallocated();
      if (!consumed.kinds.some((kind) => offered.kinds.includes(kind))) continue;
      rescindOffer(master, offer, REFUSE_US);
      isDone = master.allocator.updateAvailable(agent.id, conversions);
      if (isDone) break;
    }
    if (!isDone) {
      answer(master, exchange, 409, `Agent ${agent.id} does not have ${consumed} free`);
      return;
    }
  }
  for (const { consumed: from, converted } of conversions)
    agent.total = agent.total.minus(from.unallocated()).plus(converted.unallocated());
  startOperation(master, null, agent, operation);
  answer(master, exchange, 202);
}
