import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CompletionQueue } from '../../src/sim/completion-queue.ts';

/** Far shorter and longer than a mean of 1,000 µs, so that the slice at hand, the wheel and what lies beyond it all take part. */
const delayUs = fc.oneof(
  fc.nat(3),
  fc.integer({ min: 0, max: 3000 }),
  fc.integer({ min: 0, max: 60_000 }),
  fc.integer({ min: 0, max: 10 ** 12 }),
);

it('gives events by time, then by task, whatever is pushed in between', () => {
  const step = fc.record({ delays: fc.array(delayUs, { maxLength: 150 }), pops: fc.nat(150) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.constantFrom(0, 1000, 10 ** 9), (steps, meanUs) => {
      const queue = new CompletionQueue(meanUs);
      const expected: { time: number; id: number }[] = [];
      let nowUs = 0;
      let id = 0;
      for (const { delays, pops } of steps) {
        for (const delay of delays) {
          queue.push(nowUs + delay, id);
          expected.push({ time: nowUs + delay, id: id++ });
        }
        expected.sort((a, b) => a.time - b.time || a.id - b.id);
        for (const { time, id } of expected.splice(0, pops)) {
          expect(queue.nextTime).toBe(time);
          expect(queue.pop()).toBe(id);
          nowUs = time;
        }
      }
      for (const event of expected) expect([queue.nextTime, queue.pop()]).toEqual([event.time, event.id]);
      expect(queue.nextTime).toBe(Number.POSITIVE_INFINITY);
    }),
    { numRuns: 300 },
  );
});
