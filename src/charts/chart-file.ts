/** A chart as a file: picture, page or Vega-Lite specification, as the file's name ends. */
import type { ChartSpec } from './chart.ts';
import { escapeHtml, inlineScript, scriptJson } from './html.ts';
import { chartScripts, pageStyle } from './page-assets.ts';
import { renderPng } from './render-png.ts';
import { renderSvgFile } from './render-svg.ts';
import { CONTENT_POLICY } from './report.ts';

export const CHART_FILE_ENDS = ['.svg', '.png', '.html', '.vl.json'] as const;

export type ChartFileEnd = (typeof CHART_FILE_ENDS)[number];

/** `undefined`: the name ends otherwise. */
export function chartFileEnd(file: string): ChartFileEnd | undefined {
  return CHART_FILE_ENDS.find((end) => file.toLowerCase().endsWith(end));
}

export async function renderChartFile(
  spec: ChartSpec,
  title: string,
  end: ChartFileEnd,
): Promise<string | Uint8Array> {
  switch (end) {
    case '.svg':
      return renderSvgFile(spec);
    case '.png':
      return renderPng(spec);
    case '.html':
      return chartPage(spec, title);
    case '.vl.json':
      return `${JSON.stringify({ title, ...spec }, null, 2)}\n`;
  }
}

/** One file that needs no network. */
function chartPage(spec: ChartSpec, title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle()}</style>
</head>
<body>
<main>
<h2>${escapeHtml(title)}</h2>
<figure aria-label="${escapeHtml(title)}"><div data-chart="chart"></div></figure>
</main>
${chartScripts().map(inlineScript).join('\n')}
<script>drawCharts(${scriptJson({ chart: spec })});</script>
</body>
</html>
`;
}
