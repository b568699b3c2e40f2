/** What agents tell of executors: messages to their frameworks, and their ends. */
import type { AgentMessage } from '../protocol/internal.ts';
import type { MasterContext } from './context.ts';
import { findExecutor, removeExecutor } from './executors.ts';
import { sendEvent } from './send.ts';

export function executorMessage(
  master: MasterContext,
  message: AgentMessage & { readonly type: 'EXECUTOR_TO_FRAMEWORK' },
): void {
  master.counters.add('messages_executor_to_framework');
  const framework = master.state.frameworks.get(message.frameworkId.value);
  if (framework === undefined || !master.state.agents.has(message.agentId.value)) {
    master.counters.add('invalid_executor_to_framework_messages');
    return;
  }
  master.counters.add('valid_executor_to_framework_messages');
  sendEvent(master, framework, {
    type: 'MESSAGE',
    message: { agent_id: message.agentId, executor_id: message.executorId, data: message.data },
  });
}

/** Its resources go back; its framework is told, with how it ended. */
export function executorExited(
  master: MasterContext,
  message: AgentMessage & { readonly type: 'EXITED_EXECUTOR' },
): void {
  master.counters.add('messages_exited_executor');
  const framework = master.state.frameworks.get(message.frameworkId.value);
  const agent = master.state.agents.get(message.agentId.value);
  if (framework === undefined || agent === undefined) return;
  const executor = findExecutor(agent, framework, message.executorId.value);
  if (executor === undefined) return;
  removeExecutor(master, executor);
  sendEvent(master, framework, {
    type: 'FAILURE',
    failure: { agent_id: agent.wireId, executor_id: message.executorId, status: message.status },
  });
}
