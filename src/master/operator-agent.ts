/** An agent as operators see it (reference §7.1). */
import type { OperatorResponseGetAgentsAgent } from '../protocol/v1/master.ts';
import { Resources } from '../resources/resources.ts';
import { timeMessage } from './framework-message.ts';
import type { AgentRecord } from './state.ts';
import { usedOn } from './usage.ts';

/** As libprocess names an agent's process (reference §1.1). */
function pidOf({ url }: AgentRecord): string {
  const { ip, hostname, port } = url.address;
  return `slave(1)@${ip ?? hostname}:${port}`;
}

export function operatorAgent(agent: AgentRecord): OperatorResponseGetAgentsAgent {
  let allocated = Resources.empty;
  for (const resources of usedOn(agent).values()) allocated = allocated.plus(resources);
  let offered = Resources.empty;
  for (const offer of agent.offers) offered = offered.plus(offer.resources);
  return {
    agent_info: agent.info,
    active: agent.link !== null && !agent.isDeactivated,
    deactivated: agent.isDeactivated,
    version: agent.version,
    pid: pidOf(agent),
    registered_time: timeMessage(agent.registeredUs),
    reregistered_time: timeMessage(agent.reregisteredUs),
    total_resources: agent.total.toWire(),
    allocated_resources: allocated.toWire(),
    offered_resources: offered.toWire(),
    capabilities: Array.from(agent.capabilities, (type) => ({ type })),
    drain_info: agent.drainInfo ?? undefined,
  };
}
