/** A chart as PNG, drawn without a browser, and with one font wherever it is drawn. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import type { ChartSpec } from './chart.ts';
import { renderSvg } from './render-svg.ts';

/** Pixels of the picture for each of the chart, so that print and fine screens have enough. */
const SCALE = 2;
const FONT = 'DejaVu Sans';

/** Black on white, since pictures cannot know what they are shown on. */
export async function renderPng(spec: ChartSpec): Promise<Uint8Array> {
  const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const files = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => join(fonts, name));
  if (!files.every(existsSync)) throw new Error(`${fonts} lacks its fonts; run npm ci`);
  const framed = { ...spec, background: 'white', padding: 12 } as ChartSpec;
  const svg = (await renderSvg(framed)).replaceAll('system-ui, sans-serif', FONT);
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { fontFiles: files, loadSystemFonts: false, defaultFontFamily: FONT, sansSerifFamily: FONT },
  });
  return image.render().asPng();
}
