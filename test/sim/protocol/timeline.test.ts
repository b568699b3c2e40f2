import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timeline } from '../../../src/sim/protocol/timeline.ts';

test('events happen by time, of equal times in the order they were made', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 3000 }), (times) => {
      const timeline = new Timeline();
      const seen: [number, number][] = [];
      const actor = { occur: (what: number) => void seen.push([timeline.nowUs, what]) };
      times.forEach((time, order) => {
        timeline.at(time, actor, order, null);
      });
      while (timeline.playNext());
      const expected = times.map((time, order) => [time, order]);
      expect(seen).toEqual(expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    }),
  );
});

test('an event made by an event at the same time comes after those made before', () => {
  const timeline = new Timeline();
  const seen: number[] = [];
  const actor = {
    occur(what: number) {
      seen.push(what);
      if (what === 1) timeline.at(timeline.nowUs, actor, 3, null);
    },
  };
  timeline.at(5, actor, 1, null);
  timeline.at(5, actor, 2, null);
  while (timeline.playNext());
  expect(seen).toEqual([1, 2, 3]);
  expect(() => timeline.at(4, actor, 0, null)).toThrow('it is 5 µs already');
});

test('what is cancelled does not happen; all else does, whatever slots are used again', () => {
  const step = fc.record({ delay: fc.nat(20), cancels: fc.option(fc.nat(50)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const timeline = new Timeline();
      const expected = new Set<number>();
      const handles = new Map<number, number>();
      const actor = {
        occur(what: number) {
          expect(expected.delete(what)).toBe(true);
          handles.delete(what);
        },
      };
      steps.forEach(({ delay, cancels }, number) => {
        handles.set(number, timeline.at(timeline.nowUs + delay, actor, number, null));
        expected.add(number);
        if (cancels !== null && handles.has(cancels)) {
          timeline.cancel(handles.get(cancels)!);
          handles.delete(cancels);
          expected.delete(cancels);
        }
        if (number % 3 === 0) timeline.playNext();
      });
      while (timeline.playNext());
      expect(expected.size).toBe(0);
      expect(timeline.at(Number.POSITIVE_INFINITY, actor, -1, null)).toBeLessThan(0);
      expect(timeline.playNext()).toBe(false);
    }),
  );
});
