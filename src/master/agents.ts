/** Agents join the books, and lose their links (reference §10.2, 10.3). */

import type { AgentTerms } from '../allocator/hierarchical/terms.ts';
import type { AgentMessage } from '../protocol/internal.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { AgentInfoCapabilityType } from '../protocol/v1/mesos.ts';
import { applyCheckpointed } from '../resources/checkpointed.ts';
import { Resources } from '../resources/resources.ts';
import { loseTasksWithoutCheckpoint, markUnreachable } from './agent-removal.ts';
import type { MasterContext } from './context.ts';
import { rescindInverseOffer } from './inverse-offers.ts';
import { rescindOffer } from './offers.ts';
import { AgentRecord } from './state.ts';

const DEFAULT_PORT = 5051;

type Description = Pick<
  AgentMessage & { readonly type: 'REGISTER' },
  'info' | 'version' | 'capabilities' | 'checkpointedResources' | 'ip'
>;

/** Takes over what an agent says of itself. */
export function describeAgent(agent: AgentRecord, description: Description): void {
  const { info, ip } = description;
  const port = info.port ?? DEFAULT_PORT;
  agent.info = info.port === undefined || info.id === undefined ? { ...info, id: agent.wireId, port } : info;
  agent.version = description.version;
  agent.capabilities = new Set(
    description.capabilities.flatMap(({ type }): AgentInfoCapabilityType[] => (type ? [type] : [])),
  );
  const address = { hostname: info.hostname, ...(ip !== undefined && { ip }), port };
  agent.url = { scheme: 'http', address, path: '/slave(1)' };
  agent.total = applyCheckpointed(
    Resources.of(info.resources),
    Resources.of(description.checkpointedResources),
  );
}

export function agentTermsOf(agent: AgentRecord): AgentTerms {
  return {
    hostname: agent.info.hostname,
    attributes: agent.info.attributes ?? [],
    capabilities: agent.capabilities,
    domain: agent.info.domain ?? null,
    unavailability: agent.unavailability,
  };
}

export function newAgent(id: string, description: Description): AgentRecord {
  const agent = new AgentRecord(id);
  describeAgent(agent, description);
  return agent;
}

export function connectAgent(master: MasterContext, agent: AgentRecord, link: string): void {
  const { state } = master;
  if (agent.link !== null) state.agentOfLink.delete(agent.link);
  if (agent.address !== null && state.agentOfAddress.get(agent.address) === agent)
    state.agentOfAddress.delete(agent.address);
  agent.link = link;
  agent.address = link;
  state.agentOfLink.set(link, agent);
  state.agentOfAddress.set(link, agent);
}

/** Its link broke: nothing is offered of it, and it is given up unless it is back in time. */
export function disconnectAgent(master: MasterContext, agent: AgentRecord): void {
  if (agent.link === null) return;
  master.state.agentOfLink.delete(agent.link);
  agent.link = null;
  master.allocator.deactivateAgent(agent.id);
  for (const offer of agent.offers) rescindOffer(master, offer);
  for (const inverseOffer of agent.inverseOffers) rescindInverseOffer(master, inverseOffer);
  if (agent.transition !== 'none') return;
  loseTasksWithoutCheckpoint(master, agent);
  cancelTimer(agent.reregisterTimer);
  agent.reregisterTimer = master.timers.set(master.nowUs + master.flags.agentReregisterTimeoutUs, () => {
    agent.reregisterTimer = null;
    if (agent.transition === 'none') markUnreachable(master, agent, 'did not come back in time');
  });
}
