import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AllocationProblem,
  allocationProblem,
} from '../../../src/policies/divisible/allocation-problem.ts';
import { ceei } from '../../../src/policies/divisible/ceei.ts';
import { fillProgressively } from '../../../src/policies/divisible/progressive-filling.ts';
import { PUBLISHED_EXAMPLE, problemOf, problemParts, problems } from './problems.ts';
import {
  gainFromMisreport,
  gainFromOwnPartition,
  gainFromSwap,
  leftForSomeone,
  lossFromDeparture,
  useOf,
} from './properties.ts';

const RUNS = { numRuns: 500 };
const ROUNDING = 1e-9;

describe('CEEI of divisible tasks', () => {
  it('gives the published example 45/11 and 18/11 tasks', () => {
    const tasks = ceei(PUBLISHED_EXAMPLE);
    expect(tasks[0]).toBeCloseTo(45 / 11, 9);
    expect(tasks[1]).toBeCloseTo(18 / 11, 9);
  });

  it('maximises the product of tasks raised to weights: towards any other allocation it falls', () => {
    const withRates = problems(0).chain((problem) =>
      fc.tuple(
        fc.constant(problem),
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), {
          minLength: problem.userCount,
          maxLength: problem.userCount,
        }),
      ),
    );
    fc.assert(
      fc.property(withRates, ([problem, rates]) => {
        const other = fillProgressively(problem, Float64Array.from(rates));
        expect(slopeTowards(problem, ceei(problem), other)).toBeLessThanOrEqual(ROUNDING);
      }),
      { numRuns: 2000 },
    );
  });

  it('is exact where a resource is used up just so, without a price', () => {
    // CPU alone decides: 1/2 each. Memory is then used up too, by 1/4 and 3/4.
    const tasks = ceei(problemOf([1, 1], [1, 0.5], [1, 1.5]));
    expect(tasks[0]).toBeCloseTo(0.5, 9);
    expect(tasks[1]).toBeCloseTo(0.5, 9);
  });

  it('is exact with more resources than users, and with the same resource twice', () => {
    const tasks = ceei(problemOf([9, 18, 9, 100], [1, 4, 1, 1], [3, 1, 3, 0]));
    expect(tasks[0]).toBeCloseTo(45 / 11, 9);
    expect(tasks[1]).toBeCloseTo(18 / 11, 9);
  });

  it('converges for hundreds of users with weights and demands of very different size', () => {
    const size = (i: number, r: number) => 10 ** (((i * 37 + r * 101) % 61) / 10 - 3);
    const users = Array.from({ length: 500 }, (_, i) => ({
      demand: [0, 1, 2, 3, 4].map((r) => ((i + r) % 3 === 0 ? 0 : size(i, r))),
      weight: 1 + (i % 7),
    }));
    const problem = allocationProblem([1e3, 1e6, 10, 5e4, 1], users);
    const tasks = ceei(problem);
    expect(Math.max(...useOf(problem, tasks))).toBeLessThanOrEqual(1 + ROUNDING);
    expect(leftForSomeone(problem, tasks)).toBeLessThanOrEqual(ROUNDING);
    expect(gainFromOwnPartition(problem, tasks)).toBeLessThanOrEqual(1 + ROUNDING);
    expect(gainFromSwap(problem, tasks)).toBeLessThanOrEqual(1 + ROUNDING);
  });

  it('never uses more than there is', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        for (const use of useOf(problem, ceei(problem))) expect(use).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('has the sharing incentive', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        expect(gainFromOwnPartition(problem, ceei(problem))).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is not strategy-proof: asking for memory that it does not need gives a user more', () => {
    const parts = { capacity: [100, 100], users: [{ demand: [16, 1] }, { demand: [1, 2] }] };
    expect(ceei(problemOf([100, 100], [16, 1], [1, 2]))[0]).toBeCloseTo(100 / 31, 9);
    expect(ceei(problemOf([100, 100], [16, 8], [1, 2]))[0]).toBeCloseTo(25 / 6, 9);
    expect(gainFromMisreport(ceei, parts, [16, 8])).toBeCloseTo(31 / 24, 9);
  });

  it('is envy-free', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        expect(gainFromSwap(problem, ceei(problem))).toBeLessThanOrEqual(1 + ROUNDING);
      }),
      RUNS,
    );
  });

  it('is Pareto-efficient', () => {
    fc.assert(
      fc.property(problems(0), (problem) => {
        expect(leftForSomeone(problem, ceei(problem))).toBeLessThanOrEqual(ROUNDING);
      }),
      RUNS,
    );
  });

  it('is single-resource fair', () => {
    const tasks = ceei(problemOf([12], [1], [2], [4]));
    [4, 2, 1].forEach((expected, i) => {
      expect(tasks[i]).toBeCloseTo(expected, 9);
    });
  });

  it('is bottleneck fair', () => {
    fc.assert(
      fc.property(problemParts(0), ({ capacity, users }) => {
        const bottlenecked = users.map(({ demand, ...user }) => ({
          ...user,
          demand: demand.with(0, capacity[0] * Math.max(...demand.map((value, r) => value / capacity[r]))),
        }));
        const problem = allocationProblem(capacity, bottlenecked);
        const tasks = ceei(problem);
        const weightTotal = problem.weight.reduce((sum, weight) => sum + weight, 0);
        problem.weight.forEach((weight, i) => {
          const share = tasks[i] * problem.taskShare[i * problem.resourceCount];
          expect(share).toBeCloseTo(weight / weightTotal, 9);
        });
      }),
      RUNS,
    );
  });

  it('is not population monotone: a user has fewer tasks after another has left', () => {
    const users = [{ demand: [4, 1] }, { demand: [1, 16] }, { demand: [16, 1] }];
    const after = ceei(allocationProblem([100, 100], users.slice(0, 2)));
    expect(after[1]).toBeCloseTo(100 / 21, 9);
    expect(ceei(allocationProblem([100, 100], users))[1]).toBeGreaterThan(5.35);
    expect(lossFromDeparture(ceei, { capacity: [100, 100], users })).toBeGreaterThan(1.12);
  });

  it('is not resource monotone', () => {
    expect(ceei(problemOf([2, 2], [1, 2], [2, 1]))[0]).toBeCloseTo(2 / 3, 9);
    expect(ceei(problemOf([4, 2], [1, 2], [2, 1]))[0]).toBeCloseTo(1 / 2, 9);
  });
});

/** Derivative of Σ w log x from `tasks` in the direction of `other`, per weight: positive where that would be better. */
function slopeTowards(problem: AllocationProblem, tasks: Float64Array, other: Float64Array): number {
  const weightTotal = problem.weight.reduce((sum, weight) => sum + weight, 0);
  return problem.weight.reduce(
    (sum, weight, i) => sum + (weight * (other[i] / tasks[i] - 1)) / weightTotal,
    0,
  );
}
