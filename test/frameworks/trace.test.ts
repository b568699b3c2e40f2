/** What the trace framework makes of a workload: arrival times, stages, gangs, limits per agent. */
import { expect, it } from 'vitest';
import { OpenOffer } from '../../src/frameworks/open-offer.ts';
import { Trace } from '../../src/frameworks/trace.ts';
import type { Offer } from '../../src/protocol/v1/mesos.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';

const SECOND = 1_000_000;

let count = 0;
function offer(agent: string, cpus: number): OpenOffer {
  const resources: Offer['resources'] = [{ name: 'cpus', type: 'SCALAR', scalar: { value: cpus } }];
  const id = { value: `O${count++}` };
  return new OpenOffer({
    id,
    framework_id: { value: 'F' },
    agent_id: { value: agent },
    hostname: agent,
    resources,
  });
}

function place(trace: Trace, offers: OpenOffer[], nowUs: number) {
  const uses = trace.place(offers, nowUs);
  return {
    tasks: uses.flatMap(({ tasks }) => tasks.map(({ name }) => name)),
    commands: uses.flatMap(({ tasks }) => tasks.map(({ command }) => command!.value)),
    ids: uses.flatMap(({ tasks }) => tasks.map(({ task_id }) => task_id.value)),
    held: uses.filter(({ isHeld }) => isHeld).length,
  };
}

function finish(trace: Trace, ids: string[], nowUs: number): void {
  for (const value of ids)
    trace.taskChanged(value, 'A', { task_id: { value }, state: 'TASK_FINISHED' }, nowUs);
}

it('wants offers from the time when the first job comes', () => {
  const builder = new WorkloadBuilder('w');
  builder.job({ role: 'r', submitUs: 3 * SECOND });
  builder.tasks(1, builder.request({ cpus: 1 }), 2 * SECOND);
  const trace = new Trace(builder.finish(), 0);
  trace.start({}, 0);
  expect([trace.wantsOffers, trace.nextTimerUs]).toEqual([false, 3 * SECOND]);
  trace.tick(3 * SECOND);
  expect(place(trace, [offer('A', 1)], 3 * SECOND).commands).toEqual(['sleep 2']);
});

it('starts a stage when those before it have ended', () => {
  const builder = new WorkloadBuilder('w');
  builder.job({ role: 'r', submitUs: 0 });
  builder.stage();
  builder.tasks(2, builder.request({ cpus: 1 }), SECOND);
  builder.stage([0]);
  builder.tasks(1, builder.request({ cpus: 1 }), SECOND);
  const trace = new Trace(builder.finish(), 0);
  trace.start({}, 0);
  const { tasks, ids } = place(trace, [offer('A', 8)], 0);
  expect(tasks).toEqual(['0', '1']);
  finish(trace, ids.slice(0, 1), SECOND);
  expect(trace.wantsOffers).toBe(false);
  finish(trace, ids.slice(1), SECOND);
  expect(place(trace, [offer('A', 8)], SECOND).tasks).toEqual(['2']);
});

it('holds offers for a gang, then lets others have their turn', () => {
  const builder = new WorkloadBuilder('w');
  builder.job({ role: 'r', submitUs: 0, isGang: true });
  builder.tasks(3, builder.request({ cpus: 1 }), SECOND);
  builder.job({ role: 'r', submitUs: 0 });
  builder.tasks(1, builder.request({ cpus: 1 }), SECOND);
  const workload = builder.finish();
  const trace = new Trace(workload, 0);
  trace.start({}, 0);
  const first = offer('A', 2);
  expect(place(trace, [first], 0)).toMatchObject({ tasks: [], held: 1 });
  expect(place(trace, [first, offer('B', 1)], SECOND).tasks).toEqual(['0', '1', '2']);

  const impatient = new Trace(workload, 0);
  impatient.start({}, 0);
  const only = offer('A', 2);
  place(impatient, [only], 0);
  impatient.tick(5 * SECOND);
  expect(place(impatient, [only], 5 * SECOND)).toMatchObject({ tasks: ['3'], held: 0 });
});

it('keeps to the most tasks of a job on one agent', () => {
  const builder = new WorkloadBuilder('w');
  builder.job({ role: 'r', submitUs: 0, maxPerAgent: 1 });
  builder.tasks(2, builder.request({ cpus: 1 }), SECOND);
  const trace = new Trace(builder.finish(), 0);
  trace.start({}, 0);
  expect(place(trace, [offer('A', 8)], 0).tasks).toEqual(['0']);
  expect(place(trace, [offer('A', 8)], 0).tasks).toEqual([]);
  expect(place(trace, [offer('B', 8)], 0).tasks).toEqual(['1']);
});
