/** What differs between runs as a table: figures × policies, the best marked, each with its change from the first. */
import { formatChange } from '../metrics/format-values.ts';
import { type MetricRow, metricRows } from '../metrics/metric-rows.ts';
import type { Run } from '../results/run.ts';
import { escapeHtml } from './html.ts';
import { isWhole, runNames } from './run-names.ts';

/** HTML. */
export function differenceTable(runs: readonly Run[]): string {
  const names = runNames(runs);
  const metrics = runs.map(({ summary }) => summary.metrics);
  const head = runs.map(
    (_, run) => `<th scope="col">${escapeHtml(names[run])}${isWhole(runs[run]) ? '' : ' (partial)'}</th>`,
  );
  const body = metricRows(metrics).map((row) => {
    const values = metrics.map((figures) => row.value(figures));
    const comparable = values.map((value, run) => (isWhole(runs[run]) ? value : null));
    const cells = values.map((value, run) => cell(row, value, comparable, run));
    const better = row.better === 'none' ? '' : ` <small>(${row.better} is better)</small>`;
    return `<tr><th scope="row">${escapeHtml(row.label)}${better}</th>${cells.join('')}</tr>`;
  });
  return `<table class="differences"><thead><tr><td></td>${head.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody></table>`;
}

/** @param comparable by run; `null`: has no such figure, or none to compare */
function cell(
  row: MetricRow,
  value: number | null,
  comparable: readonly (number | null)[],
  run: number,
): string {
  if (value === null) return '<td>–</td>';
  const base = comparable[0];
  const change =
    run === 0 || base === null || base === 0 || comparable[run] === null
      ? ''
      : `<small>${formatChange((value - base) / Math.abs(base))}</small>`;
  return `<td${isBest(row, comparable, comparable[run]) ? ' class="best"' : ''}>${escapeHtml(row.format(value))}${change}</td>`;
}

/** Where all read alike there is no best one. */
function isBest(row: MetricRow, values: readonly (number | null)[], value: number | null): boolean {
  if (row.better === 'none' || value === null) return false;
  const stated = values.filter((other) => other !== null);
  const best = row.better === 'lower' ? Math.min(...stated) : Math.max(...stated);
  return value === best && stated.some((other) => row.format(other) !== row.format(best));
}
