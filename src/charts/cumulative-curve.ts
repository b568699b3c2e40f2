/** The points of an empirical distribution function, and the axes that such curves share. */
import { formatNumber } from '../metrics/format-values.ts';
import { round } from './chart.ts';

const POINTS_MAX = 400;

export interface CurvePoint {
  readonly value: number;
  /** Part of all entries that are at most `value`. */
  readonly part: number;
}

/** Where the axis of parts may start. */
const PART_STARTS = [0.999, 0.99, 0.95, 0.9, 0.8, 0.5];

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

/** Curves end where their largest value is: each goes on, level, to the end of the axis, so that it is seen. */
export function extendedTo(end: number, curve: readonly CurvePoint[]): CurvePoint[] {
  const last = curve.at(-1);
  return last === undefined || last.value >= end ? [...curve] : [...curve, { value: end, part: last.part }];
}

/** The axis of parts. Where all curves start high it starts there too, and says so: what differs is the tail. */
export function partAxis(title: string, curves: readonly (readonly CurvePoint[])[]) {
  const parts = curves.flat().map(({ part }) => part);
  const least = parts.reduce((min, part) => Math.min(min, part), 1);
  const start = least === 1 ? 0 : (PART_STARTS.find((candidate) => candidate < least) ?? 0);
  return {
    type: 'quantitative',
    title: start === 0 ? `${title} (%)` : [`${title} (%)`, `axis starts at ${formatNumber(start * 100)} %`],
    scale: { domain: [start, 1] as number[] },
    axis: { format: start < 0.95 ? '.0%' : start < 0.999 ? '.1%' : '.2%', tickCount: 5 },
  } as const;
}
