/** What differs between runs, in words and as a table. */
import { formatChange, formatShare } from '../metrics/format-values.ts';
import { type MetricRow, metricRows } from '../metrics/metric-rows.ts';
import type { Run } from '../results/run.ts';
import { escapeHtml } from './html.ts';

/** Sentences on the largest differences to the first run. They speak of these runs only: one run has no error bars. */
export function differenceSentences(runs: readonly Run[]): string[] {
  const [base, ...others] = runs;
  const rows = metricRows(runs.map(({ summary }) => summary.metrics)).filter(
    ({ better }) => better !== 'none',
  );
  return others.map(({ summary }) => {
    const changes = rows.flatMap((row) => {
      const from = row.value(base.summary.metrics);
      const to = row.value(summary.metrics);
      return from === null || to === null || from === 0 || from === to
        ? []
        : [{ row, change: to / from - 1 }];
    });
    const largest = changes.sort((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, 3);
    if (largest.length === 0) return `${summary.policy} shows the same figures as ${base.summary.policy}.`;
    const parts = largest.map(
      ({ row, change }) =>
        `${row.label} is ${formatShare(Math.abs(change))} ${change < 0 ? 'lower' : 'higher'}`,
    );
    return `In these runs, under ${summary.policy} rather than ${base.summary.policy}: ${parts.join('; ')}.`;
  });
}

/** Figures as rows, runs as columns, each with its change from the first; the best is marked. */
export function differenceTable(runs: readonly Run[]): string {
  const metrics = runs.map(({ summary }) => summary.metrics);
  const head = runs.map(
    ({ summary, manifest }) =>
      `<th scope="col">${escapeHtml(summary.policy)}${manifest.status === 'partial' ? ' (partial)' : ''}</th>`,
  );
  const body = metricRows(metrics).map((row) => {
    const values = metrics.map((figures) => row.value(figures));
    const cells = values.map((value, run) => cellOf(row, values, value, run));
    return `<tr><th scope="row">${escapeHtml(row.label)}</th>${cells.join('')}</tr>`;
  });
  return `<table class="differences"><thead><tr><td></td>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

function cellOf(
  row: MetricRow,
  values: readonly (number | null)[],
  value: number | null,
  run: number,
): string {
  if (value === null) return '<td>–</td>';
  const stated = values.filter((other) => other !== null);
  const best = row.better === 'lower' ? Math.min(...stated) : Math.max(...stated);
  const isBest = row.better !== 'none' && value === best && stated.some((other) => other !== best);
  const base = values[0];
  const change =
    run === 0 || base === null || base === 0 ? '' : ` <small>${formatChange(value / base - 1)}</small>`;
  return `<td${isBest ? ' class="best"' : ''}>${escapeHtml(row.format(value))}${change}</td>`;
}
