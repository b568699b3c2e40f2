/** Operations on offers other than launches (reference §3.3–3.5): applied at once in the books, made real by the agent. */
import type { AgentMessage } from '../protocol/internal.ts';
import { uuidText } from '../protocol/uuid.ts';
import type { OfferOperation, OperationState, OperationStatus } from '../protocol/v1/mesos.ts';
import type { MasterContext } from './context.ts';
import { sendAgent, sendEvent } from './send.ts';
import type { AgentRecord, FrameworkRecord, OperationRecord } from './state.ts';

/** Enters an operation as pending and sends it to its agent. @param framework null: an operator's */
export function startOperation(
  master: MasterContext,
  framework: FrameworkRecord | null,
  agent: AgentRecord,
  info: OfferOperation,
): OperationRecord {
  const uuid = uuidText(master.random);
  const status: OperationStatus = {
    operation_id: info.id,
    state: 'OPERATION_PENDING',
    agent_id: agent.wireId,
  };
  const operation = addOperation(master, framework, agent, uuid, info, status);
  sendAgent(master, agent, {
    type: 'APPLY_OPERATION',
    operationUuid: uuid,
    frameworkId: framework?.wireId ?? null,
    info,
  });
  return operation;
}

export function addOperation(
  master: MasterContext,
  framework: FrameworkRecord | null,
  agent: AgentRecord,
  uuid: string,
  info: OfferOperation,
  status: OperationStatus,
): OperationRecord {
  const id = framework === null ? null : (info.id?.value ?? null);
  const operation: OperationRecord = { uuid, framework, agent, id, info, status, statuses: [status] };
  master.state.operations.set(uuid, operation);
  agent.operations.add(operation);
  framework?.operations.add(operation);
  if (id !== null) framework!.operationsById.set(id, operation);
  return operation;
}

export function removeOperation(master: MasterContext, operation: OperationRecord): void {
  master.state.operations.delete(operation.uuid);
  operation.agent.operations.delete(operation);
  operation.framework?.operations.delete(operation);
  if (operation.id !== null) operation.framework?.operationsById.delete(operation.id);
}

/** What the agent tells of an operation. Where its framework gave no id, or is gone, the master acknowledges. */
export function operationStatus(
  master: MasterContext,
  { operationUuid, status }: AgentMessage & { readonly type: 'OPERATION_STATUS' },
): void {
  master.counters.add('messages_operation_status_update');
  const operation = master.state.operations.get(operationUuid);
  if (operation === undefined) {
    master.counters.add('invalid_operation_status_updates');
    return;
  }
  master.counters.add('valid_operation_status_updates');
  if (!isTerminalOperation(operation.status.state)) {
    operation.status = status;
    operation.statuses = [...operation.statuses, status];
  }
  if (operation.framework !== null && operation.id !== null) {
    sendEvent(master, operation.framework, {
      type: 'UPDATE_OPERATION_STATUS',
      update_operation_status: { status },
    });
    return;
  }
  if (status.uuid !== undefined) acknowledgeAtAgent(master, operation, status.uuid.value);
  if (isTerminalOperation(status.state)) removeOperation(master, operation);
}

export function acknowledgeAtAgent(
  master: MasterContext,
  operation: OperationRecord,
  statusUuid: string,
): void {
  sendAgent(master, operation.agent, {
    type: 'ACKNOWLEDGE_OPERATION',
    operationUuid: operation.uuid,
    statusUuid,
  });
}

/** Refused by the master (§3.5): only operations with an id are answered. */
export function dropOperation(
  master: MasterContext,
  framework: FrameworkRecord,
  info: OfferOperation,
  message: string,
): void {
  if (info.id === undefined) return;
  sendEvent(master, framework, {
    type: 'UPDATE_OPERATION_STATUS',
    update_operation_status: { status: { operation_id: info.id, state: 'OPERATION_ERROR', message } },
  });
}

const TERMINAL: ReadonlySet<OperationState> = new Set<OperationState>([
  'OPERATION_FINISHED',
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_GONE_BY_OPERATOR',
]);

export function isTerminalOperation(state: OperationState): boolean {
  return TERMINAL.has(state);
}

/** The agent does not know it: it never arrived there. Its resources are as the agent reports them. */
export function dropLostOperation(master: MasterContext, operation: OperationRecord): void {
  abandonOperation(master, operation, 'OPERATION_DROPPED');
}

/** Nothing more is heard of an operation; its framework is told what the master knows. */
export function abandonOperation(
  master: MasterContext,
  operation: OperationRecord,
  state: OperationState,
): void {
  removeOperation(master, operation);
  if (operation.framework === null || operation.id === null || isTerminalOperation(operation.status.state))
    return;
  const status = { operation_id: { value: operation.id }, state, agent_id: operation.agent.wireId };
  sendEvent(master, operation.framework, {
    type: 'UPDATE_OPERATION_STATUS',
    update_operation_status: { status },
  });
}
