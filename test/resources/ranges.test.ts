import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ranges } from '../../src/resources/ranges.ts';

const pairs = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 8 }))
    .map(([begin, length]) => [begin, begin + length] as const),
  { maxLength: 8 },
);

/** The naive model: the integers themselves. */
const integersOf = (ranges: Iterable<readonly [number, number]>) => {
  const integers = new Set<number>();
  for (const [begin, end] of ranges) for (let i = begin; i <= end; i++) integers.add(i);
  return integers;
};

const expectCoalesced = (ranges: Ranges) => {
  let last = Number.NEGATIVE_INFINITY;
  for (const [begin, end] of ranges) {
    expect(begin).toBeGreaterThan(last + 1);
    expect(end).toBeGreaterThanOrEqual(begin);
    last = end;
  }
};

describe('§13 ranges are sets of integers', () => {
  it('however they are given, they are in order, and neither overlap nor touch', () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const ranges = Ranges.of(given);
        expectCoalesced(ranges);
        expect(integersOf(ranges)).toEqual(integersOf(given));
        expect(ranges.size).toBe(integersOf(given).size);
        expect(ranges.isEmpty).toBe(given.length === 0);
      }),
    );
  });

  it('sums are unions, differences are differences, and contained is subset', () => {
    fc.assert(
      fc.property(pairs, pairs, (one, other) => {
        const [a, b] = [Ranges.of(one), Ranges.of(other)];
        const [inA, inB] = [integersOf(a), integersOf(b)];
        expect(integersOf(a.plus(b))).toEqual(new Set([...inA, ...inB]));
        expect(integersOf(a.minus(b))).toEqual(new Set([...inA].filter((i) => !inB.has(i))));
        const isSubset = [...inB].every((i) => inA.has(i));
        expect(a.contains(b)).toBe(isSubset);
        expect(a.equals(b)).toBe(inA.size === inB.size && isSubset);
        expectCoalesced(a.plus(b));
        expectCoalesced(a.minus(b));
      }),
      { numRuns: 1000 },
    );
  });

  it('adjacent ranges are one', () => {
    expect(String(Ranges.of([[1, 2]]).plus(Ranges.of([[3, 4]])))).toBe('[1-4]');
  });

  it('a range out of the middle leaves two', () => {
    expect(String(Ranges.of([[1, 10]]).minus(Ranges.of([[4, 5]])))).toBe('[1-3,6-10]');
  });
});
