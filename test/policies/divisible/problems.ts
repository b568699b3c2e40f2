/** Builders and random generators of divisible allocation problems. */
import fc from 'fast-check';
import {
  type AllocationProblem,
  allocationProblem,
  type DivisibleUser,
} from '../../../src/policies/divisible/allocation-problem.ts';

/** How a policy divides: tasks of each user. */
export type DivisiblePolicy = (problem: AllocationProblem) => Float64Array;

/** Users of weight 1 with these demands. */
export function problemOf(capacity: readonly number[], ...demands: readonly (readonly number[])[]) {
  return allocationProblem(
    capacity,
    demands.map((demand) => ({ demand })),
  );
}

/** The paper's: 9 CPUs and 18 GB; A's task takes <1, 4>, B's <3, 1>. */
export const PUBLISHED_EXAMPLE = problemOf([9, 18], [1, 4], [3, 1]);

/** Small whole numbers, which make resources run out together, and arbitrary ones. */
const amountFrom = (min: number) =>
  fc.oneof(fc.integer({ min, max: 9 }), fc.double({ min: Math.max(min, 0.01), max: 9, noNaN: true }));
const weight = fc.oneof(
  fc.constant(1),
  fc.integer({ min: 1, max: 4 }),
  fc.double({ min: 0.1, max: 5, noNaN: true }),
);
const capacityOf = (resourceCount: number) =>
  fc.array(fc.double({ min: 1, max: 60, noNaN: true }), {
    minLength: resourceCount,
    maxLength: resourceCount,
  });

/** `minDemand` 1: every user needs every resource; 0: some users don't need some. */
function demandVector(resourceCount: number, minDemand: 0 | 1): fc.Arbitrary<number[]> {
  return fc
    .array(amountFrom(minDemand), { minLength: resourceCount, maxLength: resourceCount })
    .filter((demand) => demand.some((value) => value > 0));
}

export interface ProblemParts {
  readonly capacity: number[];
  readonly users: DivisibleUser[];
}

export function problemParts(minDemand: 0 | 1, minUsers = 1): fc.Arbitrary<ProblemParts> {
  return fc.integer({ min: 1, max: 4 }).chain((resourceCount) =>
    fc.record({
      capacity: fc.oneof(
        capacityOf(resourceCount),
        capacityOf(resourceCount).map((capacity) => capacity.map(Math.ceil)),
      ),
      users: fc.array(fc.record({ demand: demandVector(resourceCount, minDemand), weight }), {
        minLength: minUsers,
        maxLength: 7,
      }),
    }),
  );
}

export const problems = (minDemand: 0 | 1): fc.Arbitrary<AllocationProblem> =>
  problemParts(minDemand).map(({ capacity, users }) => allocationProblem(capacity, users));

/** A problem, and a demand vector that its first user may report instead: exaggerated in parts, or any other. */
export const misreports: fc.Arbitrary<{ parts: ProblemParts; report: number[] }> = problemParts(0).chain(
  (parts) => {
    const width = parts.capacity.length;
    const exaggerated = fc
      .array(fc.double({ min: 1, max: 3, noNaN: true }), { minLength: width, maxLength: width })
      .map((factors) => parts.users[0].demand.map((amount, r) => amount * factors[r]));
    return fc.record({ parts: fc.constant(parts), report: fc.oneof(exaggerated, demandVector(width, 0)) });
  },
);
