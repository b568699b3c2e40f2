import { describe, expect, it } from 'vitest';
import { executorCallProblem } from '../../src/protocol/executor-call.ts';
import type { ExecutorCall, ExecutorCallType } from '../../src/protocol/v1/executor.ts';
import type { TaskStatus } from '../../src/protocol/v1/mesos.ts';

const ids = { executor_id: { value: 'e' }, framework_id: { value: 'f' } };
const uuid = Buffer.alloc(16).toString('base64');
const update = (change: Partial<TaskStatus> = {}): ExecutorCall => ({
  ...ids,
  type: 'UPDATE',
  update: {
    status: {
      task_id: { value: 't' },
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      uuid,
      ...change,
    },
  },
});

describe("§5.1 an executor's calls", () => {
  it.each<[string, ExecutorCall]>([
    ['SUBSCRIBE', { ...ids, type: 'SUBSCRIBE', subscribe: {} }],
    ['MESSAGE', { ...ids, type: 'MESSAGE', message: { data: '' } }],
    ['HEARTBEAT', { ...ids, type: 'HEARTBEAT' }],
    ['UPDATE', update()],
    ['UPDATE with its own executor', update({ executor_id: { value: 'e' } })],
    ['UPDATE of a check', update({ check_status: { type: 'COMMAND', command: { exit_code: 1 } } })],
    ['UPDATE of a check without a result', update({ check_status: { type: 'HTTP', http: {} } })],
  ])('%s', (_, call) => {
    expect(executorCallProblem(call)).toBeNull();
  });

  it.each<[string, ExecutorCall, string]>([
    ['no type', ids, "'type'"],
    ['UNKNOWN', { ...ids, type: 'UNKNOWN' }, "'type'"],
    ['a type that is not known', { ...ids, type: 'NEW' as ExecutorCallType }, "'type'"],
    ['SUBSCRIBE without a body', { ...ids, type: 'SUBSCRIBE' }, "'subscribe'"],
    ['MESSAGE without a body', { ...ids, type: 'MESSAGE' }, "'message'"],
    ['UPDATE without a body', { ...ids, type: 'UPDATE' }, "'update'"],
    ['UPDATE without a uuid', update({ uuid: undefined }), 'UUID'],
    ['UPDATE with a short uuid', update({ uuid: 'AAAA' }), 'UUID'],
    ['UPDATE for another executor', update({ executor_id: { value: 'x' } }), 'ExecutorID'],
    ['UPDATE from the agent', update({ source: 'SOURCE_AGENT' }), 'SOURCE_EXECUTOR'],
    ['UPDATE from nobody', update({ source: undefined }), 'SOURCE_EXECUTOR'],
    ['UPDATE to TASK_STAGING', update({ state: 'TASK_STAGING' }), 'TASK_STAGING'],
    ['a check without a type', update({ check_status: {} }), "specify 'type'"],
    [
      'a check with the result of another',
      update({ check_status: { type: 'TCP', command: {} } }),
      "'tcp' to be set",
    ],
    [
      'a check with no HTTP status',
      update({ check_status: { type: 'HTTP', http: { status_code: 1 } } }),
      '1',
    ],
  ])('refused: %s', (_, call, problem) => {
    expect(executorCallProblem(call)).toContain(problem);
  });
});
