/** A figure over the values of a parameter, a line a policy with the band of its confidence interval, a panel a case. */

import type { SweepPoint } from '../experiments/sweep-points.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from './chart.ts';
import { policyLines } from './policy-lines.ts';

export interface SweepTitles {
  /** With units. */
  readonly parameter: string;
  readonly figure: string;
  /** Of the intervals, 0 … 1. */
  readonly confidence: number;
}

/** Parameters that are no numbers are set side by side in the order in which they come. */
export function sweepChart(points: readonly SweepPoint[], titles: SweepTitles): ChartSpec {
  const names = [...new Set(points.map(({ policy }) => policy))];
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const isNumeric = points.every(({ value }) => typeof value === 'number');
  const values = points.map((point) => ({
    ...point,
    mean: round(point.mean),
    low: round(point.low),
    high: round(point.high),
  }));
  const { color: plain, strokeDash, opacity } = policyLines(names);
  // As the lines are, not as their bands.
  const color = {
    ...plain,
    legend: {
      symbolType: 'stroke',
      symbolOpacity: 1,
      symbolStrokeWidth: 1.8,
      symbolFillColor: 'transparent',
      offset: 4,
    },
  } as const;
  const x = {
    field: 'value',
    type: isNumeric ? 'quantitative' : 'ordinal',
    title: titles.parameter,
    sort: null,
    ...(isNumeric ? { scale: { zero: false, nice: false, padding: 8 } } : { axis: { labelAngle: 0 } }),
  } as const;
  const y = {
    type: 'quantitative',
    title: [titles.figure, `mean and ${round(100 * titles.confidence)} % confidence interval`] as string[],
    // Intervals of figures that cannot be negative may be drawn less deep than they reach.
    scale: points.every(({ mean }) => mean >= 0) ? { domainMin: 0, nice: true } : { zero: true, nice: true },
  } as const;
  const columns = panels.length > 1 ? 2 : 1;
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'panel', type: 'nominal', title: null, sort: panels },
    columns,
    spec: {
      width: columns === 1 ? CHART_WIDTH : Math.floor(CHART_WIDTH / 2) - 40,
      height: 200,
      layer: [
        {
          mark: { type: 'area', opacity: 0.18, clip: true },
          encoding: {
            x,
            y: { ...y, field: 'low' },
            y2: { field: 'high' },
            color,
          },
        },
        {
          params: [{ name: 'chosenPolicy', select: { type: 'point', fields: ['policy'] }, bind: 'legend' }],
          mark: { type: 'line', strokeWidth: 1.8, point: { filled: true, size: 30 } },
          encoding: {
            x,
            y: { ...y, field: 'mean' },
            color,
            strokeDash,
            opacity,
            tooltip: [
              { field: 'policy', type: 'nominal' },
              { field: 'value', type: isNumeric ? 'quantitative' : 'nominal', title: titles.parameter },
              { field: 'mean', type: 'quantitative' },
              { field: 'low', type: 'quantitative' },
              { field: 'high', type: 'quantitative' },
            ],
          },
        },
      ],
    },
  };
}
