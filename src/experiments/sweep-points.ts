/** A figure of an experiment's runs over one of its factors: for each policy and value the mean, with its interval. */
import { meanInterval } from './mean-interval.ts';

/** Of one run: its policy, trace and factors as texts or numbers, and its figures. */
export interface SweepRow {
  readonly policy: string;
  /** The trace is one of them. */
  readonly factors: Readonly<Record<string, string | number | null>>;
  /** NaN where the run has none. */
  readonly figure: number;
}

export interface SweepPoint {
  readonly policy: string;
  /** Of the factor. */
  readonly value: number | string;
  /** What else is varied, as panels name it; the same text everywhere: one panel. */
  readonly panel: string;
  readonly mean: number;
  /** Ends of the confidence interval; the mean itself where there is one run. */
  readonly low: number;
  readonly high: number;
}

/** Factors with more than one value, in the order in which rows have them. */
export function variedFactors(rows: readonly SweepRow[]): readonly string[] {
  return Object.keys(rows[0]?.factors ?? {}).filter(
    (name) => new Set(rows.map(({ factors }) => factors[name])).size > 1,
  );
}

/** @param over one of the factors @param confidence of each interval alone */
export function sweepPoints(
  rows: readonly SweepRow[],
  over: string,
  confidence: number,
): readonly SweepPoint[] {
  const others = variedFactors(rows).filter((name) => name !== over);
  const groups = new Map<string, { point: Omit<SweepPoint, 'mean' | 'low' | 'high'>; figures: number[] }>();
  for (const { policy, factors, figure } of rows) {
    if (Number.isNaN(figure)) continue;
    const panel = others.map((name) => `${name} ${factors[name] ?? 'none'}`).join(', ');
    const value = factors[over] ?? 'none';
    const key = JSON.stringify([policy, value, panel]);
    const group = groups.get(key) ?? { point: { policy, value, panel }, figures: [] };
    group.figures.push(figure);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ point, figures }) => {
    const { mean, halfWidth } = meanInterval(figures, confidence);
    const reach = Number.isFinite(halfWidth) ? halfWidth : 0;
    return { ...point, mean, low: mean - reach, high: mean + reach };
  });
}
