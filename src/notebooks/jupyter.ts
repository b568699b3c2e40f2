/** For notebooks of Jupyter with the Deno kernel: reads runs, and shows charts and tables; each is awaited. */
import type { ChartSpec } from '../charts/chart.ts';
import { escapeHtml } from '../charts/html.ts';
import { CHART_KINDS } from '../charts/kinds.ts';
import { renderSvgFile } from '../charts/render-svg.ts';
import { findRuns } from '../results/find-runs.ts';
import type { Run } from '../results/run.ts';
import { readTables } from '../results/run-directory.ts';
import { figuresRows, type Table, textRows } from './figures-rows.ts';

/** The kernel's own. */
declare const Deno: {
  readonly jupyter: {
    /** @param contents by media type */
    display(contents: Readonly<Record<string, string>>, options: { readonly raw: true }): Promise<void>;
  };
};

/** Time for what is shown to be sent: where its cell's end overtakes it, Jupyter drops it. */
const SENT_MS = 20;

async function show(mediaType: string, content: string): Promise<void> {
  await Deno.jupyter.display({ [mediaType]: content }, { raw: true });
  await new Promise((resolve) => setTimeout(resolve, SENT_MS));
}

/** Runs in and below folders, named from the notebook's own. @throws InputError as findRuns */
export async function readRuns(...folders: string[]): Promise<Run[]> {
  return Promise.all((await findRuns(folders)).map(readTables));
}

/** The chart of a kind (docs/charts.md) over runs. */
export const showChart = (kind: keyof typeof CHART_KINDS, runs: readonly Run[]): Promise<void> =>
  showSpec(CHART_KINDS[kind].draw(runs));

export const showSpec = async (spec: ChartSpec): Promise<void> =>
  show('image/svg+xml', await renderSvgFile(spec));

/** The figures of runs side by side, the best of each row in bold. */
export const showFigures = (runs: readonly Run[]): Promise<void> => showTable(figuresRows(runs));

/** A table of texts; the first column names the rows. */
export const showTexts = (head: readonly string[], rows: readonly (readonly string[])[]): Promise<void> =>
  showTable(textRows(head, rows));

export const showText = (markdown: string): Promise<void> => show('text/markdown', markdown);

function showTable({ head, rows }: Table): Promise<void> {
  const line = (cells: readonly string[]) => `<tr>${cells.join('')}</tr>`;
  const html = [
    '<table>',
    line(head.map((text) => `<th>${escapeHtml(text)}</th>`)),
    ...rows.map(({ label, cells }) =>
      line([
        `<th>${escapeHtml(label)}</th>`,
        ...cells.map(
          ({ text, isBest }) => `<td>${isBest ? `<b>${escapeHtml(text)}</b>` : escapeHtml(text)}</td>`,
        ),
      ]),
    ),
    '</table>',
  ].join('');
  return show('text/html', html);
}
