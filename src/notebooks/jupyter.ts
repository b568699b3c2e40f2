/** For notebooks of Jupyter with the Deno kernel: reads runs, and shows charts and tables as what a cell ends in. */
import type { ChartSpec } from '../charts/chart.ts';
import { escapeHtml } from '../charts/html.ts';
import { CHART_KINDS } from '../charts/kinds.ts';
import { renderSvgFile } from '../charts/render-svg.ts';
import { findRuns } from '../results/find-runs.ts';
import type { Run } from '../results/run.ts';
import { readTables } from '../results/run-directory.ts';
import { figuresRows, type Table, textRows } from './figures-rows.ts';

/** What the kernel shows of a value: contents by media type. */
const DISPLAY = Symbol.for('Jupyter.display');

export interface Shown {
  [DISPLAY](): Promise<Record<string, string>>;
}

/** Runs in and below folders, named from the notebook's own. @throws InputError as findRuns */
export async function readRuns(...folders: string[]): Promise<Run[]> {
  return Promise.all((await findRuns(folders)).map(readTables));
}

/** The chart of a kind (docs/charts.md) over runs. */
export function chart(kind: keyof typeof CHART_KINDS, runs: readonly Run[]): Shown {
  return draw(CHART_KINDS[kind].draw(runs));
}

export function draw(spec: ChartSpec): Shown {
  return { [DISPLAY]: async () => ({ 'image/svg+xml': await renderSvgFile(spec) }) };
}

/** The figures of runs side by side, the best of each row in bold. */
export const figuresTable = (runs: readonly Run[]): Shown => shownTable(figuresRows(runs));

/** A table of texts; the first column names the rows. */
export const textTable = (head: readonly string[], rows: readonly (readonly string[])[]): Shown =>
  shownTable(textRows(head, rows));

function shownTable({ head, rows }: Table): Shown {
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
  return { [DISPLAY]: async () => ({ 'text/html': html }) };
}
