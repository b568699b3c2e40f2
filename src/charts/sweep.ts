/** A figure over the values of a parameter, a line a policy with the band of its confidence interval, a panel a case. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from './chart.ts';
import { policyLines } from './policy-lines.ts';

export interface SweepPoint {
  readonly policy: string;
  /** Of the parameter. */
  readonly value: number | string;
  /** What else is varied, as panels name it; the same text everywhere: one panel. */
  readonly panel: string;
  readonly mean: number;
  /** Ends of the confidence interval. */
  readonly low: number;
  readonly high: number;
}

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
  const { color, strokeDash, opacity } = policyLines(names);
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
    scale: { zero: true, nice: true },
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
          mark: { type: 'area', opacity: 0.18 },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
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
