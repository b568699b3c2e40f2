/** Acknowledgements of frameworks on their way to agents (reference §2.6): the end of a terminal task or operation. */

import { isTerminal } from '../protocol/task-states.ts';
import type {
  SchedulerCallAcknowledge,
  SchedulerCallAcknowledgeOperationStatus,
} from '../protocol/v1/scheduler.ts';
import type { MasterContext } from './context.ts';
import { acknowledgeAtAgent, isTerminalOperation, removeOperation } from './operations.ts';
import { sendAgent } from './send.ts';
import type { FrameworkRecord } from './state.ts';
import { removeTask } from './tasks.ts';

/** Dropped where the agent is not connected: it sends its update again. */
export function acknowledge(
  master: MasterContext,
  framework: FrameworkRecord,
  { agent_id, task_id, uuid }: SchedulerCallAcknowledge,
): void {
  const agent = master.state.agents.get(agent_id.value);
  if (agent === undefined || agent.link === null) {
    master.counters.add('invalid_status_update_acknowledgements');
    return;
  }
  const task = framework.tasks.get(task_id.value);
  if (task !== undefined && task.agentId.value === agent.id) {
    if (task.forwardedState === null) {
      master.counters.add('invalid_status_update_acknowledgements');
      return;
    }
    if (isTerminal(task.forwardedState) && task.forwardedUuid === uuid) removeTask(master, task);
  }
  master.counters.add('valid_status_update_acknowledgements');
  sendAgent(master, agent, {
    type: 'ACKNOWLEDGE',
    frameworkId: framework.wireId,
    taskId: task_id,
    uuid,
  });
}

export function acknowledgeOperation(
  master: MasterContext,
  framework: FrameworkRecord,
  { operation_id, uuid }: SchedulerCallAcknowledgeOperationStatus,
): void {
  const operation = framework.operationsById.get(operation_id.value);
  if (operation === undefined || operation.agent.link === null || operation.status.uuid?.value !== uuid) {
    master.counters.add('invalid_operation_status_update_acknowledgements');
    return;
  }
  master.counters.add('valid_operation_status_update_acknowledgements');
  acknowledgeAtAgent(master, operation, uuid);
  if (isTerminalOperation(operation.status.state)) removeOperation(master, operation);
}
