/** Agents are admitted (reference §10.2): the registry first, then the books, then the answer. */
import type { AgentMessage } from '../protocol/internal.ts';
import { agentTermsOf, connectAgent, newAgent } from './agents.ts';
import type { MasterContext } from './context.ts';
import { newAgentId } from './ids.ts';
import { admitAgent } from './registry.ts';
import { sendAgent } from './send.ts';
import { usedOn } from './usage.ts';

export function registerAgent(
  master: MasterContext,
  link: string,
  message: AgentMessage & { readonly type: 'REGISTER' },
): void {
  master.counters.add('messages_register_slave');
  const { state, flags } = master;
  const known = state.agentOfLink.get(link);
  const totalPingTimeoutUs = flags.agentPingTimeoutUs * flags.maxAgentPingTimeouts;
  if (known !== undefined) {
    sendAgent(master, known, { type: 'REGISTERED', agentId: known.wireId, totalPingTimeoutUs });
    return;
  }
  const agent = newAgent(newAgentId(master), message);
  const admitted = { info: agent.info, drainInfo: null, isDeactivated: false };
  master.registrar.commit([admitAgent(agent.id, admitted)], () => {
    agent.registeredUs = master.nowUs;
    state.agents.set(agent.id, agent);
    connectAgent(master, agent, link);
    master.allocator.addAgent(agent.id, agentTermsOf(agent), agent.total, usedOn(agent));
    master.counters.add('slave_registrations');
    sendAgent(master, agent, { type: 'REGISTERED', agentId: agent.wireId, totalPingTimeoutUs });
  });
}
