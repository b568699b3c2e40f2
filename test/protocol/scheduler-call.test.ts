import { describe, expect, it } from 'vitest';
import { schedulerCallProblem } from '../../src/protocol/scheduler-call.ts';
import type { SchedulerCall, SchedulerCallType } from '../../src/protocol/v1/scheduler.ts';

const framework_id = { value: 'f' };
const uuid = Buffer.alloc(16).toString('base64');
const agent_id = { value: 'a' };
const info = { user: 'u', name: 'n' };

const subscribe = (id?: string, callId?: string, principal?: string): SchedulerCall => ({
  type: 'SUBSCRIBE',
  ...(callId !== undefined && { framework_id: { value: callId } }),
  subscribe: {
    framework_info: {
      ...info,
      ...(id !== undefined && { id: { value: id } }),
      ...(principal && { principal }),
    },
  },
});

describe('§2.1 a type and its body', () => {
  it.each<SchedulerCall>([{}, { type: 'UNKNOWN' }, { type: 'NEW' as SchedulerCallType }])('%j', (call) => {
    expect(schedulerCallProblem({ framework_id, ...call }, null)).toContain("'type'");
  });

  it.each<SchedulerCallType>([
    'SUBSCRIBE',
    'ACCEPT',
    'DECLINE',
    'ACCEPT_INVERSE_OFFERS',
    'DECLINE_INVERSE_OFFERS',
    'KILL',
    'SHUTDOWN',
    'ACKNOWLEDGE',
    'ACKNOWLEDGE_OPERATION_STATUS',
    'RECONCILE',
    'RECONCILE_OPERATIONS',
    'MESSAGE',
    'REQUEST',
    'UPDATE_FRAMEWORK',
  ])('%s needs a body', (type) => {
    expect(schedulerCallProblem({ framework_id, type }, null)).toBe(
      `Expecting '${type.toLowerCase()}' to be present`,
    );
  });

  it.each<SchedulerCallType>(['TEARDOWN', 'REVIVE', 'SUPPRESS'])('%s needs none', (type) => {
    expect(schedulerCallProblem({ framework_id, type }, null)).toBeNull();
  });
});

describe('§2.1 SUBSCRIBE', () => {
  it.each([
    ['without ids', subscribe()],
    ['with equal ids', subscribe('f', 'f')],
    ['with an empty id', subscribe('')],
  ])('%s', (_, call) => {
    expect(schedulerCallProblem(call, null)).toBeNull();
  });

  it.each([
    ['the id only in the description', subscribe('f')],
    ['the id only in the call', subscribe(undefined, 'f')],
    ['two ids', subscribe('f', 'g')],
  ])('refused: %s', (_, call) => {
    expect(schedulerCallProblem(call, null)).toContain('differs');
  });

  it('the principal of the request must be the one that is set', () => {
    expect(schedulerCallProblem(subscribe(undefined, undefined, 'alice'), 'alice')).toBeNull();
    expect(schedulerCallProblem(subscribe(), 'alice')).toBeNull();
    expect(schedulerCallProblem(subscribe(undefined, undefined, 'alice'), null)).toBeNull();
    expect(schedulerCallProblem(subscribe(undefined, undefined, 'bob'), 'alice')).toContain(
      "'alice' does not match principal 'bob'",
    );
  });
});

describe('§2.1 all other calls', () => {
  it('need framework_id', () => {
    expect(schedulerCallProblem({ type: 'TEARDOWN' }, null)).toBe("Expecting 'framework_id' to be present");
  });

  it('ACKNOWLEDGE needs a uuid of 16 bytes', () => {
    const acknowledge = (given: string): SchedulerCall => ({
      framework_id,
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id, task_id: { value: 't' }, uuid: given },
    });
    expect(schedulerCallProblem(acknowledge(uuid), null)).toBeNull();
    expect(schedulerCallProblem(acknowledge(Buffer.alloc(15).toString('base64')), null)).toContain('UUID');
  });

  it('ACKNOWLEDGE_OPERATION_STATUS needs a uuid of 16 bytes and an agent', () => {
    const acknowledge = (body: object): SchedulerCall => ({
      framework_id,
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledge_operation_status: { operation_id: { value: 'o' }, uuid, agent_id, ...body },
    });
    expect(schedulerCallProblem(acknowledge({}), null)).toBeNull();
    expect(schedulerCallProblem(acknowledge({ uuid: 'x' }), null)).toContain('UUID');
    expect(schedulerCallProblem(acknowledge({ agent_id: undefined }), null)).toContain('agent_id');
  });

  it('UPDATE_FRAMEWORK needs equal ids and the same principal', () => {
    const update = (id: string | undefined, principal?: string): SchedulerCall => ({
      framework_id,
      type: 'UPDATE_FRAMEWORK',
      update_framework: {
        framework_info: { ...info, ...(id && { id: { value: id } }), ...(principal && { principal }) },
      },
    });
    expect(schedulerCallProblem(update('f', 'alice'), 'alice')).toBeNull();
    expect(schedulerCallProblem(update('g'), null)).toContain('differs');
    expect(schedulerCallProblem(update(undefined), null)).toContain('differs');
    expect(schedulerCallProblem(update('f', 'bob'), 'alice')).toContain('does not match');
  });
});
