/** The points of an empirical distribution function. */
import { round } from './chart.ts';

const POINTS_MAX = 400;

export interface CurvePoint {
  readonly value: number;
  /** Part of all entries that are at most `value`. */
  readonly part: number;
}

/**
 * At most 400 points, denser in the upper tail, where policies differ most; smallest and largest are always there.
 * @param values NaN: has no such figure; such entries count among all, so the curve ends below 1
 */
export function cumulativeCurve(values: Float64Array): CurvePoint[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return [];
  const count = Math.min(POINTS_MAX, sorted.length);
  const points: CurvePoint[] = [];
  for (let i = 0; i < count; i++) {
    const place = count === 1 ? 0 : 1 - (1 - i / (count - 1)) ** 2;
    const index = count === sorted.length ? i : Math.round(place * (sorted.length - 1));
    const value = round(sorted[index]);
    // Equal values are one step, as high as the last of them.
    if (points.at(-1)?.value === value) points.pop();
    points.push({ value, part: round((index + 1) / values.length) });
  }
  return points;
}
