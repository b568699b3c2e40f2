/** Status updates of tasks, from agents to frameworks (reference §2.6). */
import type { AgentMessage } from '../protocol/internal.ts';
import type { MasterContext } from './context.ts';
import { sendEvent } from './send.ts';
import { updateTask } from './tasks.ts';

/** Those of agents that are not registered, or of unknown frameworks, are dropped. */
export function statusUpdate(
  master: MasterContext,
  { agentId, frameworkId, status, latestState }: AgentMessage & { readonly type: 'STATUS_UPDATE' },
): void {
  master.counters.add('messages_status_update');
  const agent = master.state.agents.get(agentId.value);
  const framework = master.state.frameworks.get(frameworkId.value);
  if (agent === undefined || framework === undefined) {
    master.counters.add('invalid_status_updates');
    return;
  }
  master.counters.add('valid_status_updates');
  sendEvent(master, framework, { type: 'UPDATE', update: { status } });
  const task = framework.tasks.get(status.task_id.value);
  if (task !== undefined && task.agentId.value === agent.id) updateTask(master, task, status, latestState);
}
