/** Whether an operator's call to the master is complete (reference §7). */
import type { OperatorCall } from './v1/master.ts';

const BODIES = {
  GET_METRICS: 'get_metrics',
  SET_LOGGING_LEVEL: 'set_logging_level',
  LIST_FILES: 'list_files',
  READ_FILE: 'read_file',
  UPDATE_WEIGHTS: 'update_weights',
  UPDATE_QUOTA: 'update_quota',
  SET_QUOTA: 'set_quota',
  REMOVE_QUOTA: 'remove_quota',
  RESERVE_RESOURCES: 'reserve_resources',
  UNRESERVE_RESOURCES: 'unreserve_resources',
  CREATE_VOLUMES: 'create_volumes',
  DESTROY_VOLUMES: 'destroy_volumes',
  GROW_VOLUME: 'grow_volume',
  SHRINK_VOLUME: 'shrink_volume',
  UPDATE_MAINTENANCE_SCHEDULE: 'update_maintenance_schedule',
  START_MAINTENANCE: 'start_maintenance',
  STOP_MAINTENANCE: 'stop_maintenance',
  DRAIN_AGENT: 'drain_agent',
  DEACTIVATE_AGENT: 'deactivate_agent',
  REACTIVATE_AGENT: 'reactivate_agent',
  TEARDOWN: 'teardown',
  MARK_AGENT_GONE: 'mark_agent_gone',
} as const satisfies Record<string, keyof OperatorCall>;

/** @returns `null`: nothing is wrong */
export function operatorCallProblem(call: OperatorCall): string | null {
  const { type } = call;
  if (type === undefined || type === 'UNKNOWN') return "Expecting 'type' to be present";
  const body = Object.hasOwn(BODIES, type) ? BODIES[type as keyof typeof BODIES] : null;
  return body !== null && call[body] === undefined ? `Expecting '${body}' to be present` : null;
}
