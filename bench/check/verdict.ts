/** What an interval says about a benchmark, and whether measuring on could say more. */
import type { RatioInterval } from './ratio-interval.ts';

export type Verdict = 'slower' | 'faster' | 'equal' | 'undecided';

/**
 * `slower`: all of the interval lies above the threshold; `undecided`: the threshold lies in it; else the change is not
 * slower by the threshold, and `faster` if all of the interval lies below the threshold's inverse.
 * @param threshold slowdown that counts, e.g. 0.05
 */
export function verdictOf({ lower, upper }: RatioInterval, threshold: number): Verdict {
  if (lower > 1 + threshold) return 'slower';
  if (upper >= 1 + threshold) return 'undecided';
  return upper < 1 / (1 + threshold) ? 'faster' : 'equal';
}

/** A bootstrap of fewer pairs knows too few values to trust its ends. */
export const PAIRS_MIN = 10;

/** Looking after every pair would find a chance excursion sooner or later, so most looks are left out. */
const PAIRS_BETWEEN_LOOKS = 2;

/** Whether to judge now: every look is one more chance to be wrong. */
export function isLook(pairs: number): boolean {
  return pairs >= PAIRS_MIN && (pairs - PAIRS_MIN) % PAIRS_BETWEEN_LOOKS === 0;
}
