/** Messages of agents, each to the module that knows it. */
import type { AgentMessage } from '../protocol/internal.ts';
import { pong } from './agent-health.ts';
import { registerAgent } from './agent-registration.ts';
import { removeAgentNow } from './agent-removal.ts';
import { reregisterAgent } from './agent-reregistration.ts';
import { updateAgent } from './agent-update.ts';
import { disconnectAgent } from './agents.ts';
import type { MasterContext } from './context.ts';
import { executorExited, executorMessage } from './executor-messages.ts';
import { operationStatus } from './operations.ts';
import { statusUpdate } from './status-updates.ts';

/** Dropped while this master does not lead: the agent tries again. */
export function agentMessage(master: MasterContext, link: string, message: AgentMessage): void {
  if (master.state.phase !== 'leading') return;
  switch (message.type) {
    case 'REGISTER':
      registerAgent(master, link, message);
      break;
    case 'REREGISTER':
      reregisterAgent(master, link, message);
      break;
    case 'UNREGISTER':
      unregisterAgent(master, link, message.agentId.value);
      break;
    case 'PONG':
      pong(master, link);
      break;
    case 'STATUS_UPDATE':
      statusUpdate(master, message);
      break;
    case 'EXITED_EXECUTOR':
      executorExited(master, message);
      break;
    case 'EXECUTOR_TO_FRAMEWORK':
      executorMessage(master, message);
      break;
    case 'UPDATE_AGENT':
      updateAgent(master, link, message);
      break;
    case 'OPERATION_STATUS':
      operationStatus(master, message);
  }
}

/** An agent speaks for itself only. */
function unregisterAgent(master: MasterContext, link: string, id: string): void {
  master.counters.add('messages_unregister_slave');
  const agent = master.state.agents.get(id);
  if (agent !== undefined && agent !== master.state.agentOfLink.get(link)) return;
  if (agent?.transition === 'none') removeAgentNow(master, agent, 'Agent unregistered', 'unregistered');
}

export function linkBroken(master: MasterContext, link: string): void {
  const { registering, reregistering } = master.state;
  registering.delete(link);
  for (const [id, present] of reregistering) if (present === link) reregistering.set(id, null);
  const agent = master.state.agentOfLink.get(link);
  if (agent !== undefined) disconnectAgent(master, agent);
}
