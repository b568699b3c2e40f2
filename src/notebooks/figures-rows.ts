/** The table of a comparison's figures as data, wherever it is shown: a row a figure, the best of each marked. */
import { runNames } from '../charts/run-names.ts';
import { type MetricRow, metricRows } from '../metrics/metric-rows.ts';
import type { Run } from '../results/run.ts';

export interface TableRow {
  readonly label: string;
  readonly cells: readonly { readonly text: string; readonly isBest: boolean }[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly TableRow[];
}

export function figuresRows(runs: readonly Run[]): Table {
  const all = runs.map(({ summary }) => summary.metrics);
  const rows = metricRows(all).map((row) => {
    const values = all.map((metrics) => row.value(metrics));
    const texts = values.map((value) => (value === null ? '–' : row.format(value)));
    const best = bestOf(row, values);
    return {
      label: row.label,
      cells: texts.map((text, run) => ({ text, isBest: isMarked(texts, run, best) })),
    };
  });
  return { head: ['', ...runNames(runs)], rows };
}

/** A table of texts; the first column names the rows. */
export function textRows(head: readonly string[], rows: readonly (readonly string[])[]): Table {
  return {
    head,
    rows: rows.map(([label, ...cells]) => ({ label, cells: cells.map((text) => ({ text, isBest: false })) })),
  };
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
