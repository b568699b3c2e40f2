/** Lines of a study: a figure over a parameter, a line a series, a panel a case. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from './chart.ts';
import { colourScale, dashScale } from './palette.ts';

export interface LinePoint {
  readonly series: string;
  readonly x: number;
  /** NaN and null are gaps. */
  readonly y: number | null;
  /** The same, or none, everywhere: one panel. */
  readonly panel?: string;
}

export interface LineAxis {
  /** With its unit. */
  readonly title: string | readonly string[];
  /** Of positive values only. */
  readonly isLog?: boolean;
  /** As Vega-Lite's number formats; parts of a whole: `%`. */
  readonly format?: string;
}

export interface LineAxes {
  readonly x: LineAxis;
  readonly y: LineAxis;
  /** Title of the legend. */
  readonly series: string;
  /** All series of a study, so that each looks the same in all its charts; left out: those of the points. */
  readonly names?: readonly string[];
}

/** Series and panels come in the order of their first points. */
export function linesChart(points: readonly LinePoint[], axes: LineAxes): ChartSpec {
  const shown = [...new Set(points.map(({ series }) => series))];
  const names = axes.names ?? shown;
  const panels = [...new Set(points.map(({ panel = '' }) => panel))];
  const values = points.map(({ panel = '', ...point }) => ({ ...point, panel }));
  const axis = ({ title, isLog, format }: LineAxis, zero: boolean) => ({
    title: title as string[],
    scale: isLog ? ({ type: 'log' } as const) : { zero, nice: true },
    axis: { format: format ?? ',~r', tickCount: isLog ? 5 : 8 },
  });
  const series = { field: 'series', type: 'nominal', title: axes.series, sort: [...names] } as const;
  const isOne = panels.length === 1;
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'panel', type: 'nominal', title: null, sort: panels },
    columns: isOne ? 1 : 2,
    spec: {
      width: isOne ? CHART_WIDTH : Math.floor(CHART_WIDTH / 2) - 40,
      height: 220,
      mark: { type: 'line', strokeWidth: 1.8, point: { filled: true, size: 30 } },
      encoding: {
        x: { field: 'x', type: 'quantitative', ...axis(axes.x, false) },
        y: { field: 'y', type: 'quantitative', ...axis(axes.y, true) },
        color: {
          ...series,
          scale: colourScale(names),
          legend: { values: shown, symbolType: 'stroke', symbolFillColor: 'transparent' },
        },
        strokeDash: { ...series, scale: dashScale(names) },
        tooltip: [
          { field: 'series', type: 'nominal', title: axes.series },
          { field: 'x', type: 'quantitative', title: [axes.x.title].flat().join(' ') },
          { field: 'y', type: 'quantitative', title: [axes.y.title].flat().join(' '), format: '.4~g' },
        ],
      },
    },
  };
}
