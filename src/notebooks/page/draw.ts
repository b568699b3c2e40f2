/** Runs in a notebook's page: draws Vega-Lite charts that are as wide as the page, in its ink. */
import embed from 'vega-embed';
import type { ChartSpec } from '../../charts/chart.ts';
import { CHART_KINDS, type ChartKind } from '../../charts/kinds.ts';
import type { Run } from '../../results/run.ts';

/** The chart of a kind (docs/charts.md) over runs. */
export function chart(kind: keyof typeof CHART_KINDS, runs: readonly Run[]): Promise<HTMLElement> {
  const known: ChartKind | undefined = CHART_KINDS[kind];
  if (!known)
    throw new RangeError(`there is no chart "${kind}"; there are ${Object.keys(CHART_KINDS).join(', ')}`);
  return draw(known.draw(runs), known.title);
}

/** @param title what the chart shows, for those who do not see it */
export async function draw(spec: ChartSpec, title = ''): Promise<HTMLElement> {
  const figure = document.createElement('figure');
  figure.setAttribute('aria-label', title);
  figure.style.margin = '0';
  figure.style.maxWidth = 'none';
  const place = figure.appendChild(document.createElement('div'));
  await embed(place, spec as Parameters<typeof embed>[1], {
    renderer: 'svg',
    // The editor is on the network.
    actions: { export: true, source: false, compiled: false, editor: false },
  });
  return figure;
}
