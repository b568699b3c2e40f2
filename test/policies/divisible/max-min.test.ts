import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drf } from '../../../src/policies/divisible/drf.ts';
import { maxMin } from '../../../src/policies/divisible/max-min.ts';
import { problemOf, problems } from './problems.ts';
import { gainFromOwnPartition } from './properties.ts';

describe('max-min fairness on one of several resources', () => {
  it('is DRF where there is only that resource', () => {
    fc.assert(
      fc.property(
        problems(1).filter((problem) => problem.resourceCount === 1),
        (problem) => {
          const expected = drf(problem);
          maxMin(problem, 0).forEach((tasks, i) => {
            expect(tasks).toBeCloseTo(expected[i], 9);
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('lacks the sharing incentive: equal memory leaves the second user a tenth of everything', () => {
    const problem = problemOf([10, 10], [9, 1], [1, 1]);
    const tasks = maxMin(problem, 1);
    expect([...tasks]).toEqual([1, 1]);
    expect(gainFromOwnPartition(problem, tasks)).toBeCloseTo(5, 9);
  });

  it('cannot rank a user that does not demand the resource', () => {
    expect(() => maxMin(problemOf([1, 1], [1, 0]), 1)).toThrow('user 0 demands nothing of resource 1');
  });
});
