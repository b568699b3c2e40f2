/** Mean and quantiles of a set of figures. */
import type { Distribution } from './summary.ts';

/**
 * NaN entries are left out; `null` if nothing is left. Quantiles interpolate linearly between order statistics
 * (Hyndman & Fan 1996, type 7, as numpy does).
 */
export function distribution(values: Float64Array): Distribution | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return null;
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    mean: sum / sorted.length,
    p50: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: sorted[sorted.length - 1],
  };
}

/** @param sorted ascending, not empty; @param p 0 … 1 */
export function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
