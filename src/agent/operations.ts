/** Operations on the agent's resources (reference §3.3–3.5): durable first, then told until the master has heard. */

import type { AgentOperation } from '../protocol/internal.ts';
import { cancelTimer } from '../protocol/timers.ts';
import { uuidBytes } from '../protocol/uuid.ts';
import type { FrameworkID, OfferOperation, OperationState } from '../protocol/v1/mesos.ts';
import { type Conversion, conversionsOf, convertedBy } from '../resources/operations.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { saveOperation, saveResources } from './checkpoint.ts';
import type { AgentContext } from './context.ts';
import { FIRST_UPDATE_RETRY_US, MAX_UPDATE_RETRY_US } from './flags.ts';
import type { OperationRecord } from './state.ts';

export function applyOperation(
  agent: AgentContext,
  uuid: string,
  frameworkId: FrameworkID | null,
  info: OfferOperation,
): void {
  const { state } = agent;
  if (state.operations.has(uuid)) return;
  const conversions = applicable(agent, info);
  if (typeof conversions !== 'string') state.total = convertedBy(state.total, conversions)!;
  const isDone = typeof conversions !== 'string';
  const outcome: OperationState = isDone ? 'OPERATION_FINISHED' : 'OPERATION_DROPPED';
  const operation: AgentOperation = {
    uuid,
    frameworkId,
    info,
    status: {
      operation_id: info.id,
      state: outcome,
      agent_id: { value: state.id! },
      uuid: { value: uuidBytes(agent.random) },
      ...(isDone
        ? { converted_resources: conversions.flatMap(({ converted }) => converted.toWire()) }
        : { message: conversions }),
    },
  };
  const record = keepOperation(agent, operation);
  agent.save([saveResources(state.total.checkpointed().toWire()), saveOperation(uuid, operation)], () => {
    send(agent, record);
    if (!isDone) correctMaster(agent);
  });
}

/** It counts the operation as done. */
function correctMaster(agent: AgentContext): void {
  const { state } = agent;
  if (state.phase !== 'running') return;
  agent.tell({
    type: 'UPDATE_AGENT',
    agentId: { value: state.id! },
    checkpointedResources: state.total.checkpointed().toWire(),
    operations: [...state.operations.keys()],
  });
}

export function keepOperation({ state }: AgentContext, operation: AgentOperation): OperationRecord {
  const record: OperationRecord = { operation, retryTimer: null, retryUs: FIRST_UPDATE_RETRY_US };
  state.operations.set(operation.uuid, record);
  return record;
}

export function acknowledgeOperation(agent: AgentContext, uuid: string, statusUuid: string): void {
  const record = agent.state.operations.get(uuid);
  if (record === undefined || record.operation.status.uuid?.value !== statusUuid) return;
  cancelTimer(record.retryTimer);
  agent.state.operations.delete(uuid);
  agent.save([saveOperation(uuid, null)]);
}

export function resendOperations(agent: AgentContext): void {
  for (const record of agent.state.operations.values()) {
    record.retryUs = FIRST_UPDATE_RETRY_US;
    send(agent, record);
  }
}

/** What it makes of what, or why it cannot be done. */
function applicable({ state }: AgentContext, info: OfferOperation): readonly Conversion[] | string {
  try {
    const conversions = conversionsOf(info);
    if (conversions.length === 0) return `Operation ${info.type} is not supported`;
    if (convertedBy(state.total, conversions) !== null) return conversions;
    const consumed = conversions.map((conversion) => conversion.consumed).join(', ');
    return `Agent does not have ${consumed}`;
  } catch (error) {
    if (error instanceof ResourceError) return error.message;
    throw error;
  }
}

function send(agent: AgentContext, record: OperationRecord): void {
  const { operation } = record;
  record.retryTimer = cancelTimer(record.retryTimer);
  if (agent.state.phase !== 'running') return;
  agent.tell({
    type: 'OPERATION_STATUS',
    agentId: { value: agent.state.id! },
    operationUuid: operation.uuid,
    frameworkId: operation.frameworkId,
    status: operation.status,
  });
  record.retryTimer = agent.timers.set(agent.nowUs + record.retryUs, () => {
    record.retryUs = Math.min(2 * record.retryUs, MAX_UPDATE_RETRY_US);
    send(agent, record);
  });
}
