/** A chart as SVG, drawn without a browser. */
import { parse, resetSVGDefIds, View } from 'vega';
import { compile } from 'vega-lite';
import type { ChartSpec } from './chart.ts';

/** Ink of a picture on its own, by what the reader's screen asks for; within a page the page's ink holds. */
const INK =
  '<style>:root{color:#1f2328}@media screen and (prefers-color-scheme:dark){:root{color:#e3e6ea}}</style>';

export async function renderSvg(spec: ChartSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  // Numbered from 0, so that a picture does not depend on those that were drawn before.
  resetSVGDefIds();
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** A picture that stands in a file of its own, and is read on white and on dark. */
export async function renderSvgFile(spec: ChartSpec): Promise<string> {
  const svg = await renderSvg(spec);
  return svg.replace(/^(<svg[^>]*>)/, `$1${INK}`);
}
