import { expect, test } from 'vitest';
import type { SchedulerCall } from '../../../src/protocol/v1/scheduler.ts';
import { Clock } from '../../../src/sim/protocol/clock.ts';
import { Measures } from '../../../src/sim/protocol/measures.ts';
import type { Host } from '../../../src/sim/protocol/network.ts';
import { Traffic } from '../../../src/sim/protocol/traffic.ts';

const SECOND_US = 1_000_000;

function setUp() {
  const time = { seconds: 0 };
  const measures = new Measures(() => time.seconds * SECOND_US);
  const leader = (name: string) => {
    const host: Host = { name, rack: 'r', clock: new Clock(0, 0), partitions: 0, pausedUntilUs: 0 };
    return { host, isRunning: true };
  };
  return { time, measures, first: leader('first'), second: leader('second') };
}

const SUBSCRIBE: SchedulerCall = {
  type: 'SUBSCRIBE',
  subscribe: { framework_info: { user: 'u', name: 'f' } },
};
const SUBSCRIBED = { type: 'SUBSCRIBED' } as const;
const OFFERS = { type: 'OFFERS' } as const;

test('a launch takes from ACCEPT to TASK_RUNNING, once', () => {
  const { time, measures, first } = setUp();
  const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'a' } };
  const running = {
    type: 'UPDATE',
    update: { status: { task_id: task.task_id, state: 'TASK_RUNNING' } },
  } as const;
  time.seconds = 1;
  measures.called('f', {
    type: 'ACCEPT',
    accept: { operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }] },
  });
  time.seconds = 1.5;
  measures.heard('f', running, first);
  time.seconds = 9;
  measures.heard('f', running, first);
  expect(measures.figures().launchSeconds).toMatchObject({ mean: 0.5, max: 0.5 });
});

test('a failover lasts from the loss of the leader to offers of the next', () => {
  const { time, measures, first, second } = setUp();
  measures.elected(first);
  measures.called('f', SUBSCRIBE);
  measures.heard('f', SUBSCRIBED, first);
  time.seconds = 10;
  measures.faultAt(first);
  first.isRunning = false;
  time.seconds = 10.1;
  measures.heard('f', OFFERS, first);
  measures.elected(second);
  measures.called('f', SUBSCRIBE);
  time.seconds = 12;
  measures.heard('f', SUBSCRIBED, second);
  time.seconds = 13;
  measures.heard('f', OFFERS, second);
  expect(measures.figures().failoverSeconds).toMatchObject({ mean: 3, max: 3 });
});

test('while nobody asks the next leader for offers, no time of failover passes', () => {
  const { time, measures, first, second } = setUp();
  measures.elected(first);
  time.seconds = 10;
  measures.faultAt(first);
  measures.elected(second);
  time.seconds = 12;
  measures.heard('f', SUBSCRIBED, second);
  time.seconds = 60;
  measures.called('f', { type: 'REVIVE' });
  time.seconds = 60.5;
  measures.heard('f', OFFERS, second);
  expect(measures.figures()).toMatchObject({ failoverSeconds: { max: 2.5 }, offerSeconds: { max: 0.5 } });
});

test('a leader that goes on after a pause was not lost, nor is a standby that ends', () => {
  const { time, measures, first, second } = setUp();
  measures.elected(first);
  measures.faultAt(second);
  measures.faultAt(first);
  first.host.pausedUntilUs = 5 * SECOND_US;
  time.seconds = 6;
  measures.heard('f', OFFERS, first);
  time.seconds = 7;
  measures.heard('f', OFFERS, second);
  expect(measures.figures().failoverSeconds).toBeNull();
});

test('bytes are those of samples for all: exact where messages of a type are equally long', () => {
  const traffic = new Traffic();
  for (let n = 0; n < 5000; n++) traffic.count('agent/PONG', { type: 'PONG' });
  for (let n = 1; n <= 3; n++) traffic.countItems('event/OFFERS', Array(n).fill({ id: 'offer' }));
  expect(traffic.byType()).toEqual({
    'agent/PONG': { messages: 5000, bytes: 5000 * '{"type":"PONG"}'.length },
    'event/OFFERS': { messages: 3, bytes: 6 * '{"id":"offer"}'.length },
  });
  expect(traffic.total.messages).toBe(5003);
});
