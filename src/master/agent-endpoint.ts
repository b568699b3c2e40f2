/** Messages of agents, each to the module that knows it. */
import type { AgentMessage } from '../protocol/internal.ts';
import { registerAgent } from './agent-registration.ts';
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
      return registerAgent(master, link, message);
    case 'STATUS_UPDATE':
      return statusUpdate(master, message);
    case 'EXITED_EXECUTOR':
      return executorExited(master, message);
    case 'EXECUTOR_TO_FRAMEWORK':
      return executorMessage(master, message);
    case 'OPERATION_STATUS':
      return operationStatus(master, message);
  }
}

export function linkBroken(master: MasterContext, link: string): void {
  const agent = master.state.agentOfLink.get(link);
  if (agent !== undefined) disconnectAgent(master, agent);
}
