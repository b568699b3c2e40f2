import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocationProblem } from '../../../src/policies/divisible/allocation-problem.ts';
import { drf } from '../../../src/policies/divisible/drf.ts';
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

describe('DRF of divisible tasks', () => {
  it('gives the published example 3 and 2 tasks, dominant shares of 2/3', () => {
    const tasks = drf(PUBLISHED_EXAMPLE);
    expect(tasks[0]).toBeCloseTo(3, 9);
    expect(tasks[1]).toBeCloseTo(2, 9);
    expect(dominantShare(PUBLISHED_EXAMPLE, 0, tasks)).toBeCloseTo(2 / 3, 9);
    expect(dominantShare(PUBLISHED_EXAMPLE, 1, tasks)).toBeCloseTo(2 / 3, 9);
  });

  it('makes dominant shares proportional to weights where all demands are positive', () => {
    fc.assert(
      fc.property(problems(1), (problem) => {
        const tasks = drf(problem);
        const level = dominantShare(problem, 0, tasks) / problem.weight[0];
        for (let i = 1; i < problem.userCount; i++) {
          expect(dominantShare(problem, i, tasks) / problem.weight[i] / level).toBeCloseTo(1, 9);
        }
      }),
      RUNS,
    );
  });

  it('lets users go on that do not need what ran out', () => {
    // CPU runs out at 1/2 each for the first two; the third needs memory only, and takes what they leave of it.
    const tasks = drf(problemOf([10, 10], [1, 0.2], [1, 0.2], [0, 1]));
    expect([...tasks]).toEqual([5, 5, 8]);
  });

  it('never uses more than there is', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        for (const use of useOf(problem, drf(problem))) expect(use).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('has the sharing incentive: nobody does better with its weight’s part of every resource', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        expect(gainFromOwnPartition(problem, drf(problem))).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is strategy-proof: no other demand vector gives a user more useful tasks', () => {
    fc.assert(
      fc.property(misreports, ({ parts, report }) => {
        expect(gainFromMisreport(drf, parts, report)).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is envy-free: nobody does better with another’s resources, scaled by weight', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        expect(gainFromSwap(problem, drf(problem))).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is Pareto-efficient: everybody needs something that is used up', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        expect(leftForSomeone(problem, drf(problem))).toBeLessThanOrEqual(ROUNDING);
      }),
      RUNS,
    );
  });

  it('is single-resource fair: one resource is split by weight', () => {
    fc.assert(
      fc.property(
        problems(1).filter((problem) => problem.resourceCount === 1),
        (problem) => {
          const tasks = drf(problem);
          const weightTotal = problem.weight.reduce((sum, weight) => sum + weight, 0);
          problem.weight.forEach((weight, i) => {
            expect(dominantShare(problem, i, tasks)).toBeCloseTo(weight / weightTotal, 9);
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is bottleneck fair: a resource that is dominant for all is split by weight', () => {
    fc.assert(
      fc.property(problemParts(0), ({ capacity, users }) => {
        // Raise everybody's demand of resource 0 until it is the dominant one.
        const bottlenecked = users.map(({ demand, ...user }) => ({
          ...user,
          demand: demand.with(0, capacity[0] * Math.max(...demand.map((value, r) => value / capacity[r]))),
        }));
        const problem = allocationProblem(capacity, bottlenecked);
        const tasks = drf(problem);
        const weightTotal = problem.weight.reduce((sum, weight) => sum + weight, 0);
        problem.weight.forEach((weight, i) => {
          const share = tasks[i] * problem.taskShare[i * problem.resourceCount];
          expect(share).toBeCloseTo(weight / weightTotal, 9);
        });
      }),
      RUNS,
    );
  });

  it('is population monotone where all demands are positive: nobody loses when another leaves', () => {
    fc.assert(
      fc.property(problemParts(1, 2), (parts) => {
        expect(lossFromDeparture(drf, parts)).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is not population monotone with zero demands', () => {
    // The third user holds the first one back on resource 0; without it the first takes resource 1 from the second.
    const withThird = drf(
      allocationProblem([6, 6], [{ demand: [1, 1] }, { demand: [0, 1] }, { demand: [1, 0], weight: 2 }]),
    );
    const withoutThird = drf(problemOf([6, 6], [1, 1], [0, 1]));
    expect([...withThird]).toEqual([2, 4, 4]);
    expect([...withoutThird]).toEqual([3, 3]);
  });

  it('is not resource monotone: more of one resource may cost a user tasks', () => {
    const scarce = drf(problemOf([2, 2], [1, 2], [2, 1]));
    const ample = drf(problemOf([4, 2], [1, 2], [2, 1]));
    expect(scarce[0]).toBeCloseTo(2 / 3, 9);
    expect(scarce[1]).toBeCloseTo(2 / 3, 9);
    expect(ample[0]).toBeCloseTo(1 / 2, 9);
    expect(ample[1]).toBeCloseTo(1, 9);
  });
});
