import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkloadBuilder } from '../../../src/workload/builder.ts';
import { newImportReport } from '../../../src/workload/import-report.ts';
import { ENDED, SCHEDULED, SUBMITTED, TaskLog } from '../../../src/workload/importers/task-log.ts';
import { UnorderedEvents } from '../../../src/workload/importers/unordered-events.ts';
import { OUTCOME_KILLED, type Workload } from '../../../src/workload/workload.ts';

interface LoggedEvent {
  readonly task: number;
  readonly kind: number;
  readonly timeUs: number;
}

/** Events of a few tasks, each at its own time. */
const events: fc.Arbitrary<LoggedEvent[]> = fc.uniqueArray(
  fc.record({
    task: fc.nat(4),
    kind: fc.constantFrom(SUBMITTED, SCHEDULED, ENDED, ENDED + OUTCOME_KILLED),
    timeUs: fc.nat(1000),
  }),
  { selector: ({ timeUs }) => timeUs, maxLength: 60 },
);

function newLog(keepsAttempts: boolean): TaskLog {
  const log = new TaskLog(keepsAttempts);
  for (let task = 0; task < 5; task++) log.task(`job ${task % 2}`, task, 0);
  return log;
}

function workloadOf(log: TaskLog): Workload {
  const builder = new WorkloadBuilder('trace');
  builder.request({ cpus: 1 });
  log.finish(builder, newImportReport(false), Number.POSITIVE_INFINITY, () => ({ role: 'all' }));
  return builder.finish();
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

function inOrder(logged: readonly LoggedEvent[], keepsAttempts = false): Workload {
  const log = newLog(keepsAttempts);
  const sorted = [...logged].sort((a, b) => a.timeUs - b.timeUs);
  for (const { task, kind, timeUs } of sorted) log.apply(task, kind, timeUs, 0);
  return workloadOf(log);
}

describe('a log of task events', () => {
  it('tells the same when its events come in any order', () => {
    fc.assert(
      fc.property(events, (logged) => {
        const unordered = new UnorderedEvents();
        for (const { task, kind, timeUs } of logged) unordered.add(task, kind, timeUs, 0);
        const log = newLog(false);
        unordered.play(log);
        expect(workloadOf(log)).toEqual(inOrder(logged));
      }),
    );
  });

  it('has the same work in all, attempt by attempt or at once', () => {
    fc.assert(
      fc.property(events, (logged) => {
        expect(sum(inOrder(logged, true).tasks.durationUs)).toBe(sum(inOrder(logged).tasks.durationUs));
      }),
    );
  });

  it('never has a task run longer than the log', () => {
    fc.assert(
      fc.property(events, (logged) => {
        const last = Math.max(0, ...logged.map(({ timeUs }) => timeUs));
        expect(inOrder(logged).tasks.durationUs.every((us) => us >= 0 && us <= last)).toBe(true);
      }),
    );
  });
});
