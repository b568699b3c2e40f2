/** Bars of a study: a figure by groups, a bar a series, a panel a case. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from './chart.ts';
import type { LineAxis } from './lines.ts';
import { colourScale } from './palette.ts';

export interface Bar {
  readonly group: string;
  readonly series: string;
  readonly value: number;
  /** The same, or none, everywhere: one panel. */
  readonly panel?: string;
}

export interface BarAxes {
  readonly group: string;
  readonly value: LineAxis;
  /** Title of the legend. */
  readonly series: string;
  /** All series of a study, so that each looks the same in all its charts; left out: those of the bars. */
  readonly names?: readonly string[];
}

/** Groups, series and panels come in the order of their first bars. */
export function barsChart(bars: readonly Bar[], axes: BarAxes): ChartSpec {
  const shown = [...new Set(bars.map(({ series }) => series))];
  const names = axes.names ?? shown;
  const groups = [...new Set(bars.map(({ group }) => group))];
  const panels = [...new Set(bars.map(({ panel = '' }) => panel))];
  const { title, isLog, format } = axes.value;
  const series = { field: 'series', type: 'nominal', title: axes.series, sort: [...names] } as const;
  const isOne = panels.length === 1;
  return {
    ...CHART_BASE,
    data: { values: bars.map(({ panel = '', ...bar }) => ({ ...bar, panel })) },
    facet: { field: 'panel', type: 'nominal', title: null, sort: panels },
    columns: isOne ? 1 : 2,
    spec: {
      width: isOne ? CHART_WIDTH : Math.floor(CHART_WIDTH / 2) - 40,
      height: 200,
      mark: { type: 'bar' },
      encoding: {
        x: {
          field: 'group',
          type: 'nominal',
          title: axes.group,
          sort: groups,
          axis: { labelAngle: 0, labelLimit: 130 },
        },
        xOffset: { field: 'series', type: 'nominal', sort: [...names] },
        y: {
          field: 'value',
          type: 'quantitative',
          title: title as string[],
          // Bars of a logarithmic axis begin at 1.
          scale: isLog ? { type: 'log', domainMin: 1 } : { zero: true, nice: true },
          axis: { format: format ?? ',~r', tickCount: 5 },
        },
        ...(isLog && { y2: { datum: 1 } }),
        color: { ...series, scale: colourScale(names), legend: { values: shown, symbolType: 'square' } },
        tooltip: [
          { field: 'series', type: 'nominal', title: axes.series },
          { field: 'group', type: 'nominal', title: axes.group },
          { field: 'value', type: 'quantitative', title: [title].flat().join(' '), format: ',.4~r' },
        ],
      },
    },
  };
}
