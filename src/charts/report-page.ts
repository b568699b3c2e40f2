/** Runs in the report's page: draws the charts in the reader's colours, and the timeline. */

import type { TimelineData } from './timeline-data.ts';
import type { drawTimeline as DrawTimeline } from './timeline-page.ts';

declare const vegaEmbed: (element: Element, spec: unknown, options: unknown) => Promise<unknown>;
declare const drawTimeline: typeof DrawTimeline;

interface ReportData {
  readonly charts: Readonly<Record<string, unknown>>;
  readonly timeline: TimelineData;
  readonly colours: readonly string[];
}

export function drawReport(data: ReportData): void {
  const isDark =
    window.matchMedia('(prefers-color-scheme: dark)').matches && !window.matchMedia('print').matches;
  const colour = isDark ? '#ddd' : '#222';
  const grid = isDark ? '#444' : '#ddd';
  const config = {
    background: 'transparent',
    font: 'system-ui, sans-serif',
    view: { stroke: grid },
    axis: {
      labelColor: colour,
      titleColor: colour,
      gridColor: grid,
      domainColor: grid,
      tickColor: grid,
      titleFontWeight: 500,
    },
    legend: { labelColor: colour, titleColor: colour, titleFontWeight: 500 },
    header: { labelColor: colour, labelFontSize: 13, labelFontWeight: 600 },
  };
  for (const element of document.querySelectorAll<HTMLElement>('[data-chart]')) {
    const spec = data.charts[element.dataset.chart ?? ''];
    void vegaEmbed(element, spec, {
      renderer: 'svg',
      actions: { export: true, source: false, compiled: false, editor: false },
      config,
    });
  }
  drawTimeline(document.getElementById('timeline')!, data.timeline, data.colours);
}
