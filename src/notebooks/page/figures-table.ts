/** Runs in a notebook's page: the table of a comparison's figures, the best of each row in bold. */

import { runNames } from '../../charts/run-names.ts';
import { type MetricRow, metricRows } from '../../metrics/metric-rows.ts';
import type { Run } from '../../results/run.ts';

export function figuresTable(runs: readonly Run[]): HTMLTableElement {
  const all = runs.map(({ summary }) => summary.metrics);
  const rows = metricRows(all).map((row) => {
    const texts = all.map((metrics) => {
      const value = row.value(metrics);
      return value === null ? '–' : row.format(value);
    });
    const best = bestOf(
      row,
      all.map((metrics) => row.value(metrics)),
    );
    return {
      label: row.label,
      cells: texts.map((text, run) => ({ text, isBest: isMarked(texts, run, best) })),
    };
  });
  return table(['', ...runNames(runs)], rows);
}

/** A table of texts; the first column names the rows. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): HTMLTableElement {
  return table(
    head,
    rows.map(([label, ...cells]) => ({ label, cells: cells.map((text) => ({ text, isBest: false })) })),
  );
}

interface TableRow {
  readonly label: string;
  readonly cells: readonly { readonly text: string; readonly isBest: boolean }[];
}

function table(head: readonly string[], rows: readonly TableRow[]): HTMLTableElement {
  const element = document.createElement('table');
  const headRow = element.createTHead().insertRow();
  for (const text of head) headRow.appendChild(document.createElement('th')).textContent = text;
  const body = element.createTBody();
  for (const { label, cells } of rows) {
    const row = body.insertRow();
    row.insertCell().textContent = label;
    for (const { text, isBest } of cells) {
      const cell = row.insertCell();
      cell.textContent = text;
      if (isBest) cell.style.fontWeight = 'bold';
    }
  }
  return element;
}

/** Place of the best; −1: neither direction is better, or nobody has the figure. */
function bestOf({ better }: MetricRow, values: readonly (number | null)[]): number {
  if (better === 'none') return -1;
  let best = -1;
  values.forEach((value, run) => {
    if (value === null) return;
    const least = best < 0 ? value : values[best]!;
    if (best < 0 || (better === 'lower' ? value < least : value > least)) best = run;
  });
  return best;
}

/** All that read like the best are marked; none where all read alike. */
function isMarked(texts: readonly string[], run: number, best: number): boolean {
  return best >= 0 && texts[run] === texts[best] && texts.some((text) => text !== texts[best]);
}
