/**
 * Differences of policies, by pairs of runs that saw the same arrivals and failures (common random numbers): Student's t over
 * the relative differences of the pairs (Law, "Simulation Modeling and Analysis", 5th ed., §10.2.1 and §11.2).
 */
import { type MeanInterval, meanInterval } from './mean-interval.ts';

/** The mean is that of (other − base) ÷ base over the pairs. */
export interface PairedDifference extends MeanInterval {
  readonly pairs: number;
  /** Whether the interval leaves 0 out. */
  readonly isShown: boolean;
}

/**
 * @param base and @param other by replication, in the same order; pairs where either is NaN, or the base 0, do not count
 * @param confidence of this interval alone, such as 0.95
 */
export function pairedDifference(
  base: readonly number[],
  other: readonly number[],
  confidence: number,
): PairedDifference {
  const differences = base.flatMap((value, pair) => {
    const difference = value === other[pair] ? 0 : (other[pair] - value) / value;
    return Number.isFinite(difference) ? [difference] : [];
  });
  const pairs = differences.length;
  if (pairs === 0) return { pairs, mean: Number.NaN, halfWidth: Number.POSITIVE_INFINITY, isShown: false };
  const { mean, halfWidth } = meanInterval(differences, confidence);
  return { pairs, mean, halfWidth, isShown: Math.abs(mean) > halfWidth };
}

/**
 * Of so many intervals together no one is wrong with the wanted confidence, if each has this one (Bonferroni's inequality;
 * Law §9.7).
 */
export function simultaneous(confidence: number, intervals: number): number {
  return 1 - (1 - confidence) / Math.max(1, intervals);
}
