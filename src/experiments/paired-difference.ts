/**
 * Differences of policies, by pairs of runs that saw the same arrivals and failures (common random numbers): Student's t over
 * the relative differences of the pairs (Law, "Simulation Modeling and Analysis", 5th ed., §10.2.1 and §11.2).
 */
import jstat from 'jstat';

export interface PairedDifference {
  readonly pairs: number;
  /** Mean of (other − base) ÷ base over the pairs. */
  readonly mean: number;
  /** Half the width of the interval; Infinity with less than two pairs. */
  readonly halfWidth: number;
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
  const mean = differences.reduce((sum, value) => sum + value, 0) / pairs;
  const halfWidth = pairs < 2 ? Number.POSITIVE_INFINITY : tHalfWidth(differences, mean, confidence);
  return { pairs, mean, halfWidth, isShown: Math.abs(mean) > halfWidth };
}

/**
 * Of so many intervals together no one is wrong with the wanted confidence, if each has this one (Bonferroni's inequality;
 * Law §9.7).
 */
export function simultaneous(confidence: number, intervals: number): number {
  return 1 - (1 - confidence) / Math.max(1, intervals);
}

function tHalfWidth(values: readonly number[], mean: number, confidence: number): number {
  const degrees = values.length - 1;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / degrees;
  return jstat.jStat.studentt.inv((1 + confidence) / 2, degrees) * Math.sqrt(variance / values.length);
}
