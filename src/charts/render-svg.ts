/** A chart as SVG, drawn without a browser. */
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { ChartSpec } from './chart.ts';

export async function renderSvg(spec: ChartSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  return view.toSVG();
}
