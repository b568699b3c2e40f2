/** Reconciliation (reference §2.7): what the master knows of tasks and operations, told anew. */
import { stateFor } from '../protocol/task-states.ts';
import type { OperationStatus, TaskState, TaskStatus } from '../protocol/v1/mesos.ts';
import type {
  SchedulerCallReconcileOperationsOperation,
  SchedulerCallReconcileTask,
} from '../protocol/v1/scheduler.ts';
import type { MasterContext } from './context.ts';
import { sendEvent } from './send.ts';
import type { FrameworkRecord, OperationRecord, TaskRecord } from './state.ts';
import { masterStatus } from './tasks.ts';

/** @param tasks none: all of the framework's */
export function reconcileTasks(
  master: MasterContext,
  framework: FrameworkRecord,
  tasks: readonly SchedulerCallReconcileTask[],
): void {
  if (tasks.length === 0) {
    for (const task of framework.tasks.values()) sendStatus(master, framework, knownStatus(master, task));
    return;
  }
  for (const asked of tasks) {
    const task = framework.tasks.get(asked.task_id.value);
    const status = task === undefined ? unknownStatus(master, framework, asked) : knownStatus(master, task);
    if (status !== null) sendStatus(master, framework, status);
  }
}

function sendStatus(master: MasterContext, framework: FrameworkRecord, status: TaskStatus): void {
  sendEvent(master, framework, { type: 'UPDATE', update: { status } });
}

const REASON = 'REASON_RECONCILIATION';

/** With what the last forwarded status said of health, checks and the container. */
function knownStatus(master: MasterContext, task: TaskRecord): TaskStatus {
  const last = task.statuses.at(-1);
  const state = stateFor(task.framework.isPartitionAware, task.forwardedState ?? task.state);
  return masterStatus(master, task, state, REASON, 'Reconciliation: Latest task state', {
    healthy: last?.healthy,
    check_status: last?.check_status,
    container_status: last?.container_status,
    labels: last?.labels,
    unreachable_time: last?.unreachable_time,
  });
}

/** `null`: no answer while the agent may yet come back and tell. */
function unknownStatus(
  master: MasterContext,
  framework: FrameworkRecord,
  { task_id, agent_id }: SchedulerCallReconcileTask,
): TaskStatus | null {
  const tell = (state: TaskState, message: string, extra?: Partial<TaskStatus>) =>
    masterStatus(
      master,
      { wireId: task_id, agentId: agent_id },
      stateFor(framework.isPartitionAware, state),
      REASON,
      `Reconciliation: ${message}`,
      extra,
    );
  const place = placeOfAgent(master, agent_id?.value);
  switch (place.kind) {
    case 'recovered':
      return null;
    case 'registered':
      return tell('TASK_GONE', 'Task is unknown to the agent');
    case 'unreachable':
      return tell('TASK_UNREACHABLE', 'Task is unreachable', {
        unreachable_time: { nanoseconds: place.sinceUs * 1000 },
      });
    case 'gone':
      return tell('TASK_GONE_BY_OPERATOR', 'Task is gone');
    case 'unknown':
      return tell('TASK_UNKNOWN', 'Task is unknown');
  }
}

type Place =
  | { readonly kind: 'recovered' | 'registered' | 'gone' | 'unknown' }
  | { readonly kind: 'unreachable'; readonly sinceUs: number };

/** The ladder. @param agentId undefined: any agent may have it */
function placeOfAgent({ state }: MasterContext, agentId: string | undefined): Place {
  if (agentId === undefined) return { kind: state.recoveredAgents.size > 0 ? 'recovered' : 'unknown' };
  if (state.recoveredAgents.has(agentId)) return { kind: 'recovered' };
  if (state.agents.has(agentId)) return { kind: 'registered' };
  const unreachable = state.unreachableAgents.get(agentId);
  if (unreachable !== undefined) return { kind: 'unreachable', sinceUs: unreachable.sinceUs ?? 0 };
  return { kind: state.goneAgents.has(agentId) ? 'gone' : 'unknown' };
}

/** @param operations none: all of the framework's that have ids */
export function reconcileOperations(
  master: MasterContext,
  framework: FrameworkRecord,
  operations: readonly SchedulerCallReconcileOperationsOperation[],
): void {
  if (operations.length === 0) {
    for (const operation of framework.operationsById.values())
      sendOperationStatus(master, framework, knownOperationStatus(operation));
    return;
  }
  for (const { operation_id, agent_id, resource_provider_id } of operations) {
    const operation = framework.operationsById.get(operation_id.value);
    sendOperationStatus(
      master,
      framework,
      operation === undefined
        ? {
            operation_id,
            ...OPERATION_ANSWERS[placeOfAgent(master, agent_id?.value).kind],
            agent_id,
            resource_provider_id,
          }
        : knownOperationStatus(operation),
    );
  }
}

const OPERATION_ANSWERS: Readonly<Record<Place['kind'], Pick<OperationStatus, 'state' | 'message'>>> = {
  recovered: {
    state: 'OPERATION_RECOVERING',
    message: 'Reconciliation: Agent is recovered and has not reregistered yet',
  },
  registered: { state: 'OPERATION_UNKNOWN', message: 'Reconciliation: Operation is unknown' },
  unreachable: { state: 'OPERATION_UNREACHABLE', message: 'Reconciliation: Agent is unreachable' },
  gone: { state: 'OPERATION_GONE_BY_OPERATOR', message: 'Reconciliation: Agent is gone' },
  unknown: { state: 'OPERATION_UNKNOWN', message: 'Reconciliation: Operation and agent are unknown' },
};

/** Without uuid: what was sent with one is acknowledged by that. */
function knownOperationStatus(operation: OperationRecord): OperationStatus {
  const { uuid: _, ...status } = operation.status;
  return status;
}

function sendOperationStatus(
  master: MasterContext,
  framework: FrameworkRecord,
  status: OperationStatus,
): void {
  sendEvent(master, framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });
}
