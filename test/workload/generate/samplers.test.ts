import { describe, expect, it } from 'vitest';
import { stream } from '../../../src/cluster/streams.ts';
import { quantile } from '../../../src/metrics/distribution.ts';
import {
  boundedPareto,
  chooser,
  lognormal,
  mixture,
  type Sampler,
  uniformInteger,
} from '../../../src/workload/generate/samplers.ts';

/** Sorted draws. */
function draws(sampler: Sampler, count = 100_000): Float64Array {
  const random = stream('samplers', 'test');
  return Float64Array.from({ length: count }, () => sampler(random)).sort();
}
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a sampler', () => {
  it('draws lognormal values with the stated median, mean and quantiles', () => {
    const values = draws(lognormal(100, 0.8));
    expect(quantile(values, 0.5) / 100).toBeCloseTo(1, 1);
    expect(mean(values) / (100 * Math.exp(0.8 ** 2 / 2))).toBeCloseTo(1, 1);
    expect(quantile(values, 0.9) / (100 * Math.exp(0.8 * 1.2816))).toBeCloseTo(1, 1);
  });

  it.each([
    [0.5, 2, 10_000],
    [1.3, 1, 50],
  ])('draws bounded Pareto values of shape %d from %d to %d', (alpha, least, most) => {
    const values = draws(boundedPareto(alpha, least, most));
    expect(values[0]).toBeGreaterThanOrEqual(least);
    expect(values.at(-1)).toBeLessThanOrEqual(most);
    const cut = 1 - (least / most) ** alpha;
    for (const p of [0.1, 0.5, 0.9, 0.99])
      expect(quantile(values, p) / (least / (1 - p * cut) ** (1 / alpha))).toBeCloseTo(1, 1);
    const expected =
      ((least ** alpha / cut) * alpha * (most ** (1 - alpha) - least ** (1 - alpha))) / (1 - alpha);
    expect(Math.abs(mean(values) / expected - 1)).toBeLessThan(0.05);
  });

  it('draws every whole number of a range equally often, both ends among them', () => {
    const values = draws(uniformInteger(3, 6));
    for (const value of [3, 4, 5, 6])
      expect(values.filter((v) => v === value).length / values.length).toBeCloseTo(0.25, 2);
  });

  it('mixes others by weight, whatever the weights sum up to', () => {
    const values = draws(
      mixture([
        [2, () => 0],
        [6, () => 1],
      ]),
    );
    expect(mean(values)).toBeCloseTo(0.75, 2);
  });

  it('never chooses what has no weight', () => {
    const choose = chooser([
      [0, 'never'],
      [1, 'always'],
      [0, 'nor this'],
    ]);
    const random = stream('samplers', 'test');
    expect(new Set(Array.from({ length: 1000 }, () => choose(random)))).toEqual(new Set(['always']));
  });
});
