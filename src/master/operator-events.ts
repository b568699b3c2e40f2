/** Events to operators that subscribed (reference §7.2): nothing is built while nobody listens. */
import type { OperatorEvent } from '../protocol/v1/master.ts';
import type { TaskStatus } from '../protocol/v1/mesos.ts';
import type { MasterContext } from './context.ts';
import { frameworkMessage } from './framework-message.ts';
import { operatorAgent } from './operator-agent.ts';
import type { AgentRecord, FrameworkRecord, TaskRecord } from './state.ts';
import { taskMessage } from './task-message.ts';

export function tellTaskAdded(master: MasterContext, task: TaskRecord): void {
  if (isHeard(master)) publish(master, { type: 'TASK_ADDED', task_added: { task: taskMessage(task) } });
}

export function tellTaskUpdated(master: MasterContext, task: TaskRecord, status: TaskStatus): void {
  if (!isHeard(master)) return;
  publish(master, {
    type: 'TASK_UPDATED',
    task_updated: { framework_id: task.framework.wireId, status, state: task.state },
  });
}

export function tellFrameworkAdded(master: MasterContext, framework: FrameworkRecord): void {
  if (isHeard(master))
    publish(master, {
      type: 'FRAMEWORK_ADDED',
      framework_added: { framework: frameworkMessage(framework) },
    });
}

export function tellFrameworkUpdated(master: MasterContext, framework: FrameworkRecord): void {
  if (isHeard(master))
    publish(master, {
      type: 'FRAMEWORK_UPDATED',
      framework_updated: { framework: frameworkMessage(framework) },
    });
}

export function tellFrameworkRemoved(master: MasterContext, framework: FrameworkRecord): void {
  if (isHeard(master))
    publish(master, { type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info: framework.info } });
}

export function tellAgentAdded(master: MasterContext, agent: AgentRecord): void {
  if (isHeard(master)) publish(master, { type: 'AGENT_ADDED', agent_added: { agent: operatorAgent(agent) } });
}

export function tellAgentRemoved(master: MasterContext, id: string): void {
  if (isHeard(master)) publish(master, { type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: id } } });
}

function isHeard(master: MasterContext): boolean {
  return master.state.operatorStreams.size > 0;
}

function publish(master: MasterContext, event: OperatorEvent): void {
  for (const stream of master.state.operatorStreams.keys())
    master.emit({ kind: 'operator-event', stream, event });
}
