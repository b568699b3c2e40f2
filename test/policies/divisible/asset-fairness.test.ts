import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assetFairness } from '../../../src/policies/divisible/asset-fairness.ts';
import { misreports, PUBLISHED_EXAMPLE, problemOf, problemParts, problems } from './problems.ts';
import {
  dominantShare,
  gainFromMisreport,
  gainFromOwnPartition,
  gainFromSwap,
  leftForSomeone,
  lossFromDeparture,
  useOf,
} from './properties.ts';

const RUNS = { numRuns: 500 };
const ROUNDING = 1e-9;

describe('asset fairness of divisible tasks', () => {
  it('gives the published example 2.52 and 2.16 tasks', () => {
    const tasks = assetFairness(PUBLISHED_EXAMPLE);
    expect(tasks[0]).toBeCloseTo(2.52, 9);
    expect(tasks[1]).toBeCloseTo(2.16, 9);
  });

  it('makes the sums of shares proportional to weights where all demands are positive', () => {
    fc.assert(
      fc.property(problems(1), (problem) => {
        const { resourceCount, taskShare, weight } = problem;
        const levels = [...assetFairness(problem)].map((tasks, i) => {
          const shares = taskShare.subarray(i * resourceCount, (i + 1) * resourceCount);
          return (tasks * shares.reduce((sum, share) => sum + share, 0)) / weight[i];
        });
        for (const level of levels) expect(level / levels[0]).toBeCloseTo(1, 9);
      }),
      RUNS,
    );
  });

  it('never uses more than there is', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        for (const use of useOf(problem, assetFairness(problem)))
          expect(use).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('lacks the sharing incentive: half the cluster is better than what it gives', () => {
    const problem = problemOf([30, 30], [1, 3], [1, 1]);
    const tasks = assetFairness(problem);
    expect(tasks[0]).toBeCloseTo(6, 9);
    expect(tasks[1]).toBeCloseTo(12, 9);
    expect(dominantShare(problem, 1, tasks)).toBeCloseTo(0.4, 9);
    expect(gainFromOwnPartition(problem, tasks)).toBeCloseTo(15 / 12, 9);
  });

  it('is strategy-proof', () => {
    fc.assert(
      fc.property(misreports, ({ parts, report }) => {
        expect(gainFromMisreport(assetFairness, parts, report)).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is envy-free', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        expect(gainFromSwap(problem, assetFairness(problem))).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is Pareto-efficient', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        expect(leftForSomeone(problem, assetFairness(problem))).toBeLessThanOrEqual(ROUNDING);
      }),
      RUNS,
    );
  });

  it('is single-resource fair', () => {
    const tasks = assetFairness(problemOf([12], [1], [2], [4]));
    expect([...tasks]).toEqual([4, 2, 1]);
  });

  it('is not bottleneck fair: both need CPU most, and the one that needs less memory gets more of it', () => {
    const tasks = assetFairness(problemOf([21, 21], [3, 2], [4, 1]));
    expect(tasks[0] * 3).toBeCloseTo(9, 9);
    expect(tasks[1] * 4).toBeCloseTo(12, 9);
  });

  it('is population monotone where all demands are positive', () => {
    fc.assert(
      fc.property(problemParts(1, 2), (parts) => {
        expect(lossFromDeparture(assetFairness, parts)).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is not resource monotone', () => {
    const scarce = assetFairness(problemOf([2, 2], [1, 2], [2, 1]));
    const ample = assetFairness(problemOf([4, 2], [1, 2], [2, 1]));
    expect(scarce[0]).toBeCloseTo(2 / 3, 9);
    expect(ample[0]).toBeCloseTo(8 / 13, 9);
  });
});
