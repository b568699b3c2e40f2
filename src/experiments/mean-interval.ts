/** Student's t-interval of a mean (Law, "Simulation Modeling and Analysis", 5th ed., §4.5). */
import jstat from 'jstat';

export interface MeanInterval {
  readonly mean: number;
  /** Half the width; Infinity with less than two values. */
  readonly halfWidth: number;
}

/** @param values independent, at least one @param confidence such as 0.95 */
export function meanInterval(values: readonly number[], confidence: number): MeanInterval {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, halfWidth: Number.POSITIVE_INFINITY };
  const degrees = values.length - 1;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / degrees;
  const quantile = jstat.jStat.studentt.inv((1 + confidence) / 2, degrees);
  return { mean, halfWidth: quantile * Math.sqrt(variance / values.length) };
}
