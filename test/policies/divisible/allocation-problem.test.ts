import { describe, expect, it } from 'vitest';
import { allocationProblem } from '../../../src/policies/divisible/allocation-problem.ts';

describe('a divisible allocation problem', () => {
  it('holds demands also as parts of the capacity, and weight 1 where none is given', () => {
    const problem = allocationProblem([4, 10], [{ demand: [1, 5] }, { demand: [0, 2], weight: 3 }]);
    expect([...problem.taskShare]).toEqual([0.25, 0.5, 0, 0.2]);
    expect([...problem.weight]).toEqual([1, 3]);
  });

  it.each([
    ['no resource', [], [{ demand: [] }], '1 users and 0 resources'],
    ['no user', [1], [], '0 users and 1 resources'],
    ['an empty resource', [1, 0], [{ demand: [1, 1] }], 'the capacity of resource 1 is 0'],
    [
      'an endless resource',
      [Number.POSITIVE_INFINITY],
      [{ demand: [1] }],
      'the capacity of resource 0 is Infinity',
    ],
    ['a short demand', [1, 1], [{ demand: [1] }], 'user 0 demands 1 resources of 2'],
    ['a negative demand', [1, 1], [{ demand: [1, -1] }], 'user 0 demands 1, -1'],
    ['a demand that is no number', [1], [{ demand: [Number.NaN] }], 'user 0 demands NaN'],
    ['no demand', [1], [{ demand: [1] }, { demand: [0] }], 'user 1 demands nothing'],
    ['a weight of 0', [1], [{ demand: [1], weight: 0 }], 'the weight of user 0 is 0'],
  ])('is not made with %s', (_, capacity, users, message) => {
    expect(() => allocationProblem(capacity, users)).toThrow(message);
  });
});
