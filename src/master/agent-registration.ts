/** New agents are admitted (reference §10.2): the registry first, then the books, then the answer. */
import type { AgentMessage } from '../protocol/internal.ts';
import type { AgentInfo } from '../protocol/v1/mesos.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { beginPings } from './agent-health.ts';
import { removeAgentNow } from './agent-removal.ts';
import { agentTermsOf, connectAgent, disconnectAgent, newAgent } from './agents.ts';
import type { MasterContext } from './context.ts';
import { newAgentId } from './ids.ts';
import { isDown, unavailabilityOf } from './machines.ts';
import { tellAgentAdded } from './operator-events.ts';
import { admitAgent } from './registry.ts';
import { sendAgent } from './send.ts';
import type { AgentRecord } from './state.ts';
import { usedOn } from './usage.ts';

type Registration = AgentMessage & { readonly type: 'REGISTER' };

export function registerAgent(master: MasterContext, link: string, message: Registration): void {
  master.counters.add('messages_register_slave');
  const { state } = master;
  const known = state.agentOfLink.get(link);
  if (known !== undefined) {
    greet(master, known);
    return;
  }
  if (state.registering.has(link) || isIgnored(master, message.info)) return;
  const problem = admissionProblem(master, message);
  if (problem !== null) {
    refuse(master, link, problem);
    return;
  }
  const agent = readAgent(master, link, newAgentId(master), message);
  if (agent === null) return;
  state.registering.set(link, agent.id);
  const { info } = agent;
  master.registrar.commit([admitAgent(agent.id, { info, drainInfo: null, isDeactivated: false })], () => {
    agent.registeredUs = master.nowUs;
    agent.unavailability = unavailabilityOf(master, info);
    state.agents.set(agent.id, agent);
    master.allocator.addAgent(agent.id, agentTermsOf(agent), agent.total, usedOn(agent));
    master.counters.add('slave_registrations');
    const isStillThere = state.registering.get(link) === agent.id;
    state.registering.delete(link);
    replaceFormer(master, link, agent);
    connectAgent(master, agent, link);
    beginPings(master, agent);
    tellAgentAdded(master, agent);
    greet(master, agent);
    if (!isStillThere) disconnectAgent(master, agent);
  });
}

/** An agent whose domain does not fit is not answered, so that its tasks may run on until that is mended. */
export function isIgnored(master: MasterContext, { domain }: AgentInfo): boolean {
  return domain?.fault_domain === undefined
    ? master.flags.requireAgentDomain
    : master.info.domain?.fault_domain === undefined;
}

/** Why an agent is told to shut down; `null`: it may join. */
export function admissionProblem(
  master: MasterContext,
  { info, version }: Pick<Registration, 'info' | 'version'>,
): string | null {
  if (!(Number.parseInt(version, 10) >= 1))
    return `agent version ${version} is not supported; it must be 1.0.0 or later`;
  if (isDown(master, info)) return 'the agent is on a machine that is down for maintenance';
  return null;
}

/** Reads an agent's description; one whose resources contradict each other is told to shut down. */
export function readAgent(
  master: MasterContext,
  link: string,
  id: string,
  message: Pick<Registration, 'info' | 'version' | 'capabilities' | 'checkpointedResources' | 'ip'>,
): AgentRecord | null {
  try {
    return newAgent(id, message);
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    refuse(master, link, error.message);
    return null;
  }
}

export function refuse(master: MasterContext, link: string, reason: string): void {
  master.emit({ kind: 'agent-message', link, message: { type: 'SHUTDOWN', reason } });
}

/** A new agent at the address of one that is disconnected has taken its place. */
export function replaceFormer(master: MasterContext, link: string, agent: AgentRecord): void {
  const former = master.state.agentOfAddress.get(link);
  if (former === undefined || former === agent || former.link !== null || former.transition !== 'none')
    return;
  removeAgentNow(master, former, 'A new agent registered at the same address', 'registered');
}

function greet(master: MasterContext, agent: AgentRecord): void {
  const { agentPingTimeoutUs, maxAgentPingTimeouts } = master.flags;
  const totalPingTimeoutUs = agentPingTimeoutUs * maxAgentPingTimeouts;
  sendAgent(master, agent, { type: 'REGISTERED', agentId: agent.wireId, totalPingTimeoutUs });
}
