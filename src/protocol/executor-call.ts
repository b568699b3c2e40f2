/** Whether an executor's call is complete (reference §5.1). */
import { isUuidBytes } from './uuid.ts';
import type { ExecutorCall } from './v1/executor.ts';
import type { CheckStatusInfo, ExecutorID, TaskStatus } from './v1/mesos.ts';

/** @returns `null`: nothing is wrong */
export function executorCallProblem({
  type,
  subscribe,
  update,
  message,
  executor_id,
}: ExecutorCall): string | null {
  switch (type) {
    case 'SUBSCRIBE':
      return subscribe === undefined ? "Expecting 'subscribe' to be present" : null;
    case 'MESSAGE':
      return message === undefined ? "Expecting 'message' to be present" : null;
    case 'HEARTBEAT':
      return null;
    case 'UPDATE':
      return update?.status === undefined
        ? "Expecting 'update' to be present"
        : statusProblem(update.status, executor_id);
    default:
      return "Expecting 'type' to be present";
  }
}

function statusProblem(status: TaskStatus, executorId: ExecutorID): string | null {
  const { uuid, executor_id, source, state, check_status } = status;
  if (uuid === undefined || !isUuidBytes(uuid)) return "Not a valid UUID in 'status'";
  if (executor_id !== undefined && executor_id.value !== executorId.value)
    return 'ExecutorID in the call does not match that in the status';
  if (source !== 'SOURCE_EXECUTOR') return 'Received an update with a source other than SOURCE_EXECUTOR';
  if (state === 'TASK_STAGING') return 'Received an update in TASK_STAGING state';
  return check_status === undefined ? null : checkStatusProblem(check_status);
}

function checkStatusProblem({ type, command, http, tcp }: CheckStatusInfo): string | null {
  if (type === undefined || type === 'UNKNOWN') return "CheckStatusInfo must specify 'type'";
  const bodies = { COMMAND: command, HTTP: http, TCP: tcp };
  if (bodies[type] === undefined)
    return `Expecting '${type.toLowerCase()}' to be set for ${type} check's status`;
  const code = http?.status_code;
  return code !== undefined && (code < 100 || code >= 600) ? `HTTP status code ${code} is not one` : null;
}
