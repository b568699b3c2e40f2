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
