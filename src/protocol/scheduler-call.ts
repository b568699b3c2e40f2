/** Whether a scheduler's call is complete (reference §2.1). */
import { isUuidBytes } from './uuid.ts';
import type { SchedulerCall } from './v1/scheduler.ts';

/** What a call of each type must have; `null`: nothing. */
const BODIES = {
  SUBSCRIBE: 'subscribe',
  ACCEPT: 'accept',
  DECLINE: 'decline',
  ACCEPT_INVERSE_OFFERS: 'accept_inverse_offers',
  DECLINE_INVERSE_OFFERS: 'decline_inverse_offers',
  KILL: 'kill',
  SHUTDOWN: 'shutdown',
  ACKNOWLEDGE: 'acknowledge',
  ACKNOWLEDGE_OPERATION_STATUS: 'acknowledge_operation_status',
  RECONCILE: 'reconcile',
  RECONCILE_OPERATIONS: 'reconcile_operations',
  MESSAGE: 'message',
  REQUEST: 'request',
  UPDATE_FRAMEWORK: 'update_framework',
  TEARDOWN: null,
  REVIVE: null,
  SUPPRESS: null,
} as const satisfies Record<string, keyof SchedulerCall | null>;

/** @param principal of the request, `null` where it is not authenticated; @returns `null`: nothing is wrong */
export function schedulerCallProblem(call: SchedulerCall, principal: string | null): string | null {
  const { type } = call;
  if (type === undefined || type === 'UNKNOWN' || !Object.hasOwn(BODIES, type))
    return "Expecting 'type' to be present";
  const body = BODIES[type];
  if (body !== null && call[body] === undefined) return `Expecting '${body}' to be present`;
  const id = call.framework_id?.value;
  if (type === 'SUBSCRIBE') {
    const info = call.subscribe!.framework_info;
    if ((info.id?.value ?? '') !== (id ?? ''))
      return "'framework_id' differs from 'subscribe.framework_info.id'";
    return principalProblem(principal, info.principal);
  }
  if (id === undefined) return "Expecting 'framework_id' to be present";
  if (type === 'ACKNOWLEDGE' && !isUuidBytes(call.acknowledge!.uuid))
    return "Not a valid UUID in 'acknowledge'";
  if (type === 'ACKNOWLEDGE_OPERATION_STATUS') {
    const acknowledgement = call.acknowledge_operation_status!;
    if (!isUuidBytes(acknowledgement.uuid)) return "Not a valid UUID in 'acknowledge_operation_status'";
    if (acknowledgement.agent_id === undefined) return "Expecting 'agent_id' to be present";
  }
  if (type === 'UPDATE_FRAMEWORK') {
    const info = call.update_framework!.framework_info;
    if (info.id?.value !== id) return "'framework_id' differs from 'update_framework.framework_info.id'";
    return principalProblem(principal, info.principal);
  }
  return null;
}

function principalProblem(principal: string | null, stated: string | undefined): string | null {
  if (principal === null || stated === undefined || principal === stated) return null;
  return `Authenticated principal '${principal}' does not match principal '${stated}' set in FrameworkInfo`;
}
