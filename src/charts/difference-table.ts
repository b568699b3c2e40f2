/** What differs between runs as a table: figures × policies, the best marked, each with its change from the first. */
import { formatChange } from '../metrics/format-values.ts';
import { type MetricRow, metricRows } from '../metrics/metric-rows.ts';
import type { Run } from '../results/run.ts';
import { escapeHtml } from './html.ts';
import { runNames } from './run-names.ts';

/** HTML. */
export function differenceTable(runs: readonly Run[]): string {
  const names = runNames(runs);
  const metrics = runs.map(({ summary }) => summary.metrics);
  const head = runs.map(
    ({ manifest }, run) =>
      `<th scope="col">${escapeHtml(names[run])}${manifest.status === 'partial' ? ' (partial)' : ''}</th>`,
  );
  const body = metricRows(metrics).map((row) => {
    const values = metrics.map((figures) => row.value(figures));
    const cells = values.map((_, run) => cell(row, values, run));
    const better = row.better === 'none' ? '' : ` <small>(${row.better} is better)</small>`;
    return `<tr><th scope="row">${escapeHtml(row.label)}${better}</th>${cells.join('')}</tr>`;
  });
  return `<table class="differences"><thead><tr><td></td>${head.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody></table>`;
}

function cell(row: MetricRow, values: readonly (number | null)[], run: number): string {
  const value = values[run];
  if (value === null) return '<td>–</td>';
  const base = values[0];
  const change =
    run === 0 || base === null || base === 0
      ? ''
      : `<small>${formatChange((value - base) / Math.abs(base))}</small>`;
  return `<td${isBest(row, values, value) ? ' class="best"' : ''}>${escapeHtml(row.format(value))}${change}</td>`;
}

/** Where all are equal there is no best one. */
function isBest(row: MetricRow, values: readonly (number | null)[], value: number): boolean {
  if (row.better === 'none') return false;
  const stated = values.filter((other) => other !== null);
  const best = row.better === 'lower' ? Math.min(...stated) : Math.max(...stated);
  return value === best && stated.some((other) => other !== best);
}
