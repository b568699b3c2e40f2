import { describe, expect, it } from 'vitest';
import { operatorCallProblem } from '../../src/protocol/operator-call.ts';
import type { OperatorCallType } from '../../src/protocol/v1/master.ts';

describe("§7 an operator's calls", () => {
  it('need a type', () => {
    expect(operatorCallProblem({})).toBe("Expecting 'type' to be present");
    expect(operatorCallProblem({ type: 'UNKNOWN' })).toBe("Expecting 'type' to be present");
  });

  it.each<OperatorCallType>([
    'GET_METRICS',
    'SET_LOGGING_LEVEL',
    'LIST_FILES',
    'READ_FILE',
    'UPDATE_WEIGHTS',
    'RESERVE_RESOURCES',
    'UNRESERVE_RESOURCES',
    'CREATE_VOLUMES',
    'DESTROY_VOLUMES',
    'GROW_VOLUME',
    'SHRINK_VOLUME',
    'UPDATE_MAINTENANCE_SCHEDULE',
    'START_MAINTENANCE',
    'STOP_MAINTENANCE',
    'DRAIN_AGENT',
    'DEACTIVATE_AGENT',
    'REACTIVATE_AGENT',
    'UPDATE_QUOTA',
    'SET_QUOTA',
    'REMOVE_QUOTA',
    'TEARDOWN',
    'MARK_AGENT_GONE',
  ])('%s needs a body', (type) => {
    const body = type.toLowerCase();
    expect(operatorCallProblem({ type })).toBe(`Expecting '${body}' to be present`);
    expect(operatorCallProblem({ type, [body]: {} })).toBeNull();
  });

  it.each<OperatorCallType>([
    'GET_HEALTH',
    'GET_FLAGS',
    'GET_VERSION',
    'GET_LOGGING_LEVEL',
    'GET_STATE',
    'GET_AGENTS',
    'GET_FRAMEWORKS',
    'GET_EXECUTORS',
    'GET_OPERATIONS',
    'GET_TASKS',
    'GET_ROLES',
    'GET_WEIGHTS',
    'GET_MASTER',
    'SUBSCRIBE',
    'GET_MAINTENANCE_STATUS',
    'GET_MAINTENANCE_SCHEDULE',
    'GET_QUOTA',
  ])('%s needs none', (type) => {
    expect(operatorCallProblem({ type })).toBeNull();
  });
});
