import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median } from '../../bench/check/median.ts';
import { pairRatio, ratioInterval } from '../../bench/check/ratio-interval.ts';
import { type RandomStream, stream } from '../../src/cluster/streams.ts';

const normal = (random: RandomStream) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Ratios as a shared machine gives them: spread of 6 %, and one pair in ten disturbed by 30 %. */
function noisyRatios(truth: number, pairs: number, random: RandomStream): number[] {
  return Array.from({ length: pairs }, () => {
    const disturbance = random() < 0.1 ? 0.3 * normal(random) : 0;
    return truth * Math.exp(0.06 * normal(random) + disturbance);
  });
}

/** Share of simulated experiments whose interval has `inside`. */
function shareOfIntervals(
  pairs: number,
  confidence: number,
  truth: number,
  inside: (l: number, u: number) => boolean,
) {
  const random = stream('coverage', `${pairs}`);
  const experiments = 1000;
  let count = 0;
  for (let i = 0; i < experiments; i++) {
    const { lower, upper } = ratioInterval(noisyRatios(truth, pairs, random), confidence, 400, random);
    if (inside(lower, upper)) count++;
  }
  return count / experiments;
}

describe('the interval of the ratio', () => {
  test.each([
    [10, 0.9],
    [10, 0.95],
    [20, 0.95],
    [40, 0.95],
  ])('covers the true ratio: %d pairs at %d', (pairs, confidence) => {
    const covered = shareOfIntervals(pairs, confidence, 1.1, (lower, upper) => lower <= 1.1 && 1.1 <= upper);
    expect(covered).toBeGreaterThan(confidence - 0.03);
    expect(covered).toBeLessThan(confidence + 0.05);
  });

  test('of equal builds lies above 5 % in less than one experiment of 300', () => {
    expect(shareOfIntervals(10, 0.99, 1, (lower) => lower > 1.05)).toBeLessThan(1 / 300);
  });

  test('of a slowdown of 15 % lies above 5 % in nine experiments of ten, with 20 pairs', () => {
    expect(shareOfIntervals(20, 0.99, 1.15, (lower) => lower > 1.05)).toBeGreaterThan(0.9);
  });

  test('is the same for the same seed, and contains the ratio', () => {
    const ratios = fc.array(fc.double({ min: 0.2, max: 5, noNaN: true }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(ratios, fc.string(), (values, seed) => {
        const first = ratioInterval(values, 0.95, 200, stream(seed, 'bootstrap'));
        expect(ratioInterval(values, 0.95, 200, stream(seed, 'bootstrap'))).toEqual(first);
        expect(first.ratio).toBe(median(values));
        expect(first.lower).toBeLessThanOrEqual(first.upper);
        expect(first.lower).toBeGreaterThanOrEqual(Math.min(...values));
        expect(first.upper).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });
});

test('a pair of processes is judged by its runs side by side: a disturbance that hits both does not count', () => {
  expect(pairRatio({ baseMs: [10, 40, 20, 10, 10], changeMs: [11, 44, 22, 11, 90] })).toBeCloseTo(1.1);
});

test('the median of an even number of values lies between the middle two', () => {
  expect(median([10, 9, 2, 1])).toBe(5.5);
  expect(median([100, 9, 20])).toBe(20);
});
