import { describe, expect, it } from 'vitest';
import type { SchedulerCall } from '../../src/protocol/v1/scheduler.ts';
import { DrivenMaster } from './driven-master.ts';

const SUPPRESS: SchedulerCall = { type: 'SUPPRESS' };

describe('§1.5 the order of checks in the scheduler endpoint', () => {
  it('answers 503 while no leader is known, and redirects with 307 once one is', () => {
    const driven = new DrivenMaster();
    expect(driven.call(SUPPRESS, null)?.status).toBe(503);
    const leader = { id: 'other', ip: 1, port: 5050 };
    driven.step({ kind: 'leader', master: leader });
    expect(driven.call(SUPPRESS, null)).toMatchObject({ status: 307, leader });
  });

  it('answers 503 until the registry is written anew', () => {
    const driven = new DrivenMaster();
    driven.holdsStores = true;
    driven.step({ kind: 'elected', entries: {} });
    expect(driven.call(SUPPRESS, null)?.status).toBe(503);
    driven.releaseStores();
    expect(driven.call({ ...SUPPRESS, framework_id: { value: 'f' } }, null)?.status).toBe(400);
  });

  it('refuses an incomplete call before it looks for the framework', () => {
    const driven = DrivenMaster.leading();
    expect(driven.call({ type: 'ACCEPT', framework_id: { value: 'unknown' } }, null)).toMatchObject({
      status: 400,
      problem: "Expecting 'accept' to be present",
    });
  });

  it('refuses SUBSCRIBE with a stream id', () => {
    const framework = DrivenMaster.leading().subscribe({}, { stream: 'some' });
    expect(framework.answer?.status).toBe(400);
  });

  it('refuses calls of unknown frameworks with 400', () => {
    const driven = DrivenMaster.leading();
    expect(driven.call({ ...SUPPRESS, framework_id: { value: 'unknown' } }, 'stream')).toMatchObject({
      status: 400,
      problem: 'Framework cannot be found',
    });
  });

  it('looks at the principal before the subscription', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe({ failover_timeout: 60 }, { principal: 'alice' });
    framework.closeStream();
    const call = { ...SUPPRESS, framework_id: { value: framework.id } };
    expect(driven.call(call, null, 'mallory')?.status).toBe(400);
    expect(driven.call(call, null, 'alice')).toMatchObject({
      status: 403,
      problem: 'Framework is not subscribed',
    });
  });

  it('needs the stream id of the present subscription', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe();
    const call = { ...SUPPRESS, framework_id: { value: framework.id } };
    expect(driven.call(call, null)?.status).toBe(400);
    expect(driven.call(call, 'another')?.status).toBe(400);
    expect(driven.call(call, framework.stream)?.status).toBe(202);
  });
});
