import { expect, test } from 'vitest';
import { isLook, PAIRS_MIN, verdictOf } from '../../bench/check/verdict.ts';

test.each([
  [1.06, 1.2, 'slower'],
  [1.04, 1.2, 'undecided'],
  [0.9, 1.06, 'undecided'],
  [0.97, 1.04, 'equal'],
  [1.01, 1.04, 'equal'],
  [0.8, 0.94, 'faster'],
  [0.8, 0.97, 'equal'],
])('an interval from %d to %d at a threshold of 5 %% is %s', (lower, upper, verdict) => {
  expect(verdictOf({ ratio: (lower + upper) / 2, lower, upper }, 0.05)).toBe(verdict);
});

test('judges with the least number of pairs first, then after every second pair', () => {
  const looks = Array.from({ length: PAIRS_MIN + 5 }, (_, pairs) => pairs).filter(isLook);
  expect(looks).toEqual([PAIRS_MIN, PAIRS_MIN + 2, PAIRS_MIN + 4]);
});
