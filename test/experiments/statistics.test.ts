import { describe, expect, test } from 'vitest';
import { stream } from '../../src/cluster/streams.ts';
import { compare, isPrecise, sentence } from '../../src/experiments/comparison.ts';
import { pairedDifference, simultaneous } from '../../src/experiments/paired-difference.ts';
import { type SweepRow, sweepPoints, variedFactors } from '../../src/experiments/sweep-points.ts';
import { warmUpCount } from '../../src/experiments/warm-up.ts';

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe('paired differences', () => {
  test('by hand: differences of 10, 20 and 30 % (t of 2 degrees at 97.5 % is 4.303)', () => {
    const { mean, halfWidth, isShown, pairs } = pairedDifference([100, 100, 100], [110, 120, 130], 0.95);
    expect([pairs, isShown]).toEqual([3, false]);
    expect(mean).toBeCloseTo(0.2);
    expect(halfWidth).toBeCloseTo((4.3027 * 0.1) / Math.sqrt(3), 4);
  });

  test('equal runs do not differ, one pair says nothing, and what is no figure does not count', () => {
    expect(pairedDifference([0, 5, 7], [0, 5, 7], 0.95)).toEqual({
      pairs: 3,
      mean: 0,
      halfWidth: 0,
      isShown: false,
    });
    expect(pairedDifference([5], [6], 0.95)).toMatchObject({ pairs: 1, halfWidth: Infinity, isShown: false });
    expect(pairedDifference([Number.NaN, 10, 10], [1, 5, 5], 0.95)).toMatchObject({
      pairs: 2,
      mean: -0.5,
      isShown: true,
    });
    expect(pairedDifference([], [], 0.95)).toMatchObject({ pairs: 0, isShown: false });
  });

  test.each([5, 20])('of %i pairs the interval holds the true difference as often as it says', (pairs) => {
    const random = stream('coverage', String(pairs));
    const truth = -0.3;
    let covered = 0;
    const experiments = 2000;
    for (let n = 0; n < experiments; n++) {
      // The pair shares what makes a replication hard: common random numbers.
      const base = Array.from({ length: pairs }, () => 100 * Math.exp(0.5 * normal(random)));
      const other = base.map((value) => value * (1 + truth + 0.1 * normal(random)));
      const { mean, halfWidth } = pairedDifference(base, other, 0.9);
      if (Math.abs(mean - truth) <= halfWidth) covered++;
    }
    // Three standard deviations of a share of 2,000.
    expect(Math.abs(covered / experiments - 0.9)).toBeLessThan(0.02);
  });

  test('many intervals together are wrong no more often than one may be', () => {
    expect(simultaneous(0.95, 1)).toBeCloseTo(0.95);
    expect(simultaneous(0.95, 10)).toBeCloseTo(0.995);
    const random = stream('family', '');
    const [experiments, intervals, pairs] = [400, 8, 6];
    let wrong = 0;
    for (let n = 0; n < experiments; n++) {
      const any = Array.from({ length: intervals }, () => {
        const base = Array.from({ length: pairs }, () => 10 + normal(random));
        const other = base.map((value) => value * (1 + 0.05 * normal(random)));
        return pairedDifference(base, other, simultaneous(0.9, intervals)).isShown;
      });
      if (any.some(Boolean)) wrong++;
    }
    expect(wrong / experiments).toBeLessThan(0.15);
    expect(wrong).toBeGreaterThan(0);
  });
});

describe('comparisons', () => {
  const statistics = { metrics: ['waitMean'], confidence: 0.95, warmUpSeconds: 0 };
  const observation = (policy: string, replication: number, waitMean: number) => ({
    cell: 0,
    policy,
    replication,
    figures: { waitMean },
  });

  test('pair replications by number, and say what was shown', () => {
    const observations = [
      observation('fifo', 2, 200),
      observation('fifo', 1, 100),
      observation('fifo', 3, 50),
      observation('drf', 1, 70),
      observation('drf', 2, 138),
      // Not run yet: the third of fifo has no partner.
      observation('sjf', 1, 101),
      observation('sjf', 2, 199),
    ];
    const [drf, sjf] = compare({ policies: ['fifo', 'drf', 'sjf'], statistics }, observations);
    expect(drf).toMatchObject({ policy: 'drf', pairs: 2, base: 150, other: 104, isShown: true });
    expect(sentence(drf, 'fifo')).toMatch(/^waitMean: drf is 31 % ± \d+ % lower than fifo$/);
    expect(sentence(sjf, 'fifo')).toContain('no difference shown');
    expect(isPrecise([drf, sjf], 'waitMean', 1)).toBe(true);
    expect(isPrecise([drf, sjf], 'waitMean', 0.01)).toBe(false);
  });
});

describe('MSER-5', () => {
  test('cuts a start that is not like the rest, and nothing where all is alike', () => {
    const random = stream('mser', '');
    const steady = Float64Array.from({ length: 1000 }, () => 10 + normal(random));
    const warming = steady.map((value, i) => (i < 200 ? value - 10 + i / 20 : value));
    const cut = warmUpCount(warming);
    expect(cut).toBeGreaterThanOrEqual(120);
    expect(cut).toBeLessThan(300);
    expect(warmUpCount(steady)).toBeLessThan(200);
    expect(warmUpCount(new Float64Array(3))).toBe(0);
  });
});

describe('a figure over a factor', () => {
  const row = (policy: string, load: number, failures: string | null, figure: number): SweepRow => ({
    policy,
    factors: { trace: 'demo', load, failures },
    figure,
  });

  test('has a point for each policy, value and combination of the other factors, with its interval', () => {
    const rows = [1, 2, 3].flatMap((figure) => [
      row('fifo', 0.8, null, 10 * figure),
      row('fifo', 1.2, 'often', figure),
    ]);
    expect(variedFactors(rows)).toEqual(['load', 'failures']);
    const points = sweepPoints(rows, 'load', 0.95);
    expect(points.map(({ value, panel, mean }) => [value, panel, mean])).toEqual([
      [0.8, 'failures none', 20],
      [1.2, 'failures often', 2],
    ]);
    expect(points[1].high - points[1].mean).toBeCloseTo(4.3027 / Math.sqrt(3), 4);
  });

  test('of one run, or of runs some of which have no such figure, is drawn without a band, or without them', () => {
    const [one, ...others] = sweepPoints(
      [row('drf', 1, null, 5), row('drf', 1, null, Number.NaN)],
      'load',
      0.95,
    );
    expect(others).toEqual([]);
    expect(one).toMatchObject({ mean: 5, low: 5, high: 5, panel: '' });
  });
});
