/** Draining and deactivation (reference §14.6): an agent is emptied, or just not offered, until an operator says otherwise. */
import type { DrainConfig, DrainInfo } from '../protocol/v1/mesos.ts';
import { markGone } from './agent-removal.ts';
import type { MasterContext } from './context.ts';
import { rescindInverseOffer } from './inverse-offers.ts';
import { rescindOffer } from './offers.ts';
import { admitAgent } from './registry.ts';
import { sendAgent } from './send.ts';
import type { AgentRecord } from './state.ts';

/** @param then once it is durable */
export function drainAgent(
  master: MasterContext,
  agent: AgentRecord,
  config: DrainConfig,
  then: () => void,
): void {
  store(master, agent, { state: 'DRAINING', config }, true, () => {
    stopOffering(master, agent);
    beginDrain(master, agent);
    then();
  });
}

/** Tells the agent, and watches for it to be empty. */
export function beginDrain(master: MasterContext, agent: AgentRecord): void {
  const { drainInfo } = agent;
  if (drainInfo === null || drainInfo.state !== 'DRAINING') return;
  master.state.draining.add(agent);
  sendAgent(master, agent, { type: 'DRAIN', config: drainInfo.config });
}

/** Those that are empty are drained: no task is left unacknowledged, and no operation. To be called after each step. */
export function finishDrains(master: MasterContext): void {
  for (const agent of master.state.draining) {
    if (agent.tasks.size > 0 || agent.operations.size > 0 || agent.transition !== 'none') continue;
    master.state.draining.delete(agent);
    const { config } = agent.drainInfo!;
    if (config.mark_gone) markGone(master, agent, () => {});
    else store(master, agent, { state: 'DRAINED', config }, true, () => {});
  }
}

export function deactivateAgent(master: MasterContext, agent: AgentRecord, then: () => void): void {
  store(master, agent, agent.drainInfo, true, () => {
    stopOffering(master, agent);
    then();
  });
}

export function reactivateAgent(master: MasterContext, agent: AgentRecord, then: () => void): void {
  store(master, agent, null, false, () => {
    if (agent.link !== null) master.allocator.activateAgent(agent.id);
    then();
  });
}

function store(
  master: MasterContext,
  agent: AgentRecord,
  drainInfo: DrainInfo | null,
  isDeactivated: boolean,
  then: () => void,
): void {
  master.registrar.commit([admitAgent(agent.id, { info: agent.info, drainInfo, isDeactivated })], () => {
    if (!master.state.agents.has(agent.id)) return;
    agent.drainInfo = drainInfo;
    agent.isDeactivated = isDeactivated;
    then();
  });
}

function stopOffering(master: MasterContext, agent: AgentRecord): void {
  master.allocator.deactivateAgent(agent.id);
  for (const offer of agent.offers) rescindOffer(master, offer);
  for (const inverseOffer of agent.inverseOffers) rescindInverseOffer(master, inverseOffer);
}
