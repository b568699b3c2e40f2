import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancelTimer, type Timer, Timers } from '../../src/protocol/timers.ts';

describe('timers', () => {
  it('fire by due time, then in the order in which they were set, and not once cancelled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ dueUs: fc.integer({ min: 0, max: 9 }), isCancelled: fc.boolean() })),
        fc.integer({ min: 0, max: 10 }),
        (plan, nowUs) => {
          const timers = new Timers();
          const fired: number[] = [];
          const set: Timer[] = plan.map(({ dueUs }, i) => timers.set(dueUs, () => fired.push(i)));
          for (const [i, { isCancelled }] of plan.entries()) if (isCancelled) cancelTimer(set[i]);
          timers.fireDue(nowUs);
          const kept = plan.map((one, i) => ({ ...one, i })).filter(({ isCancelled }) => !isCancelled);
          const due = kept.filter(({ dueUs }) => dueUs <= nowUs).sort((a, b) => a.dueUs - b.dueUs);
          expect(fired).toEqual(due.map(({ i }) => i));
          const later = kept.filter(({ dueUs }) => dueUs > nowUs).map(({ dueUs }) => dueUs);
          expect(timers.nextUs).toBe(Math.min(Number.POSITIVE_INFINITY, ...later));
        },
      ),
    );
  });

  it('what a timer sets that is due by then fires, too', () => {
    const timers = new Timers();
    const fired: string[] = [];
    timers.set(1, () => {
      fired.push('first');
      timers.set(2, () => fired.push('second'));
      timers.set(4, () => fired.push('third'));
    });
    timers.fireDue(3);
    expect(fired).toEqual(['first', 'second']);
    expect(timers.nextUs).toBe(4);
  });
});
