/** What every chart has in common. */
import type { TopLevelSpec } from 'vega-lite';
import { PALETTE } from './palette.ts';

export type ChartSpec = TopLevelSpec;

export const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Fixed names in a fixed order keep their colours from chart to chart. */
export function colourScale(names: readonly string[]) {
  return { domain: [...names], range: names.map((_, index) => PALETTE[index % PALETTE.length]) };
}

/** The unit of a time axis over `seconds`, and its length in seconds. */
export function timeUnit(seconds: number): { readonly name: string; readonly seconds: number } {
  if (seconds > 3 * 86_400) return { name: 'days', seconds: 86_400 };
  if (seconds > 3 * 3600) return { name: 'hours', seconds: 3600 };
  return seconds > 180 ? { name: 'minutes', seconds: 60 } : { name: 'seconds', seconds: 1 };
}

/** Four significant digits are more than a chart shows, and a third of the bytes. */
export function short(value: number): number {
  return Number(value.toPrecision(4));
}

/** Axis labels one by one: `1k`, not all of them in the unit of the largest. */
export const SHORT_LABEL = "format(datum.value, '~s')";
