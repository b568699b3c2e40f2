/** What every chart has in common: its look, and the axis of time. */
import type { TopLevelSpec } from 'vega-lite';

export type ChartSpec = TopLevelSpec;

/** Width of a chart drawn on its own, pixels; pages fit charts to the reader's screen. */
export const CHART_WIDTH = 640;

/**
 * The first lines of every chart. Ink is `currentColor`: the page decides whether it is dark on light, and paper and
 * dark screens need no second drawing.
 */
export const CHART_BASE = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: 'transparent',
  config: {
    font: 'system-ui, sans-serif',
    view: { stroke: null },
    axis: {
      labelColor: 'currentColor',
      titleColor: 'currentColor',
      domainColor: 'currentColor',
      tickColor: 'currentColor',
      gridColor: 'currentColor',
      domainOpacity: 0.4,
      tickOpacity: 0.4,
      gridOpacity: 0.12,
      titleFontWeight: 'normal',
      labelFontSize: 11,
      titleFontSize: 12,
    },
    legend: {
      orient: 'top',
      labelColor: 'currentColor',
      titleColor: 'currentColor',
      titleFontWeight: 'normal',
      labelFontSize: 12,
      titleFontSize: 12,
      symbolStrokeWidth: 2.5,
      symbolSize: 200,
      columns: 4,
    },
    header: { labelColor: 'currentColor', labelFontWeight: 'bold', labelFontSize: 12, labelAnchor: 'start' },
  },
} as const;

export interface TimeUnit {
  /** As axes name it. */
  readonly name: string;
  readonly seconds: number;
}

/** The unit for an axis over `seconds`. */
export function timeUnit(seconds: number): TimeUnit {
  if (seconds > 3 * 86_400) return { name: 'days', seconds: 86_400 };
  if (seconds > 3 * 3600) return { name: 'hours', seconds: 3600 };
  return seconds > 180 ? { name: 'minutes', seconds: 60 } : { name: 'seconds', seconds: 1 };
}

/** The x axis of everything over time; `domain` makes all charts of a report line up. */
export function timeAxis(unit: TimeUnit, endSeconds: number) {
  return {
    field: 'time',
    type: 'quantitative',
    title: `time since the trace’s start (${unit.name})`,
    scale: { domain: [0, round(endSeconds / unit.seconds)] as number[], nice: false },
  } as const;
}

/** Five significant digits are more than a chart shows, and a third of the bytes. */
export function round(value: number): number {
  return Number(value.toPrecision(5));
}
