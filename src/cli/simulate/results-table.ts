/** The tables that `simulate` prints: figures by policy, and roles by policy. */

import { formatCount, formatSeconds, formatShare } from '../../metrics/format-values.ts';
import { type MetricRow, metricRows } from '../../metrics/metric-rows.ts';
import type { RunMetrics, RunSummary } from '../../metrics/summary.ts';
import { columnGroups, RUNS_PER_TABLE, textTable } from '../text-table.ts';

/** Roles shown; `--json` has all. */
const MAX_ROLES = 12;
/** Each policy takes two columns in the table of roles. */
const POLICIES_PER_ROLE_TABLE = 3;

export interface TableRun {
  readonly summary: RunSummary;
  readonly status: 'complete' | 'partial';
}

/** Figures as rows, policies as columns; the best of each row is marked. */
export function metricsTable(runs: readonly TableRun[]): string {
  const all = runs.map(({ summary }) => summary.metrics);
  const rows = metricRows(all);
  const tables = columnGroups(runs.length, RUNS_PER_TABLE).map((group) =>
    textTable(
      ['', ...group.map((run) => headOf(runs[run]))],
      rows.map((row) => [row.label, ...group.map((run) => metricCell(row, all, run))]),
    ),
  );
  const notes = runs.length > 1 ? ['* best'] : [];
  if (runs.some(({ status }) => status === 'partial'))
    notes.push('partial: stopped early, figures up to that time');
  return [tables.join('\n\n'), ...notes].join('\n');
}

/** One row a role (those with most tasks first): mean wait and mean dominant share under each policy. */
export function rolesTable(runs: readonly TableRun[]): string {
  const roles = [...runs[0].summary.roles].sort((a, b) => b.tasks - a.tasks).slice(0, MAX_ROLES);
  const byName = runs.map(({ summary }) => new Map(summary.roles.map((role) => [role.role, role])));
  const tables = columnGroups(runs.length, POLICIES_PER_ROLE_TABLE).map((group) =>
    textTable(
      ['role', 'weight', 'tasks', ...group.flatMap((run) => [`${headOf(runs[run])}\nwait`, '\nshare'])],
      roles.map(({ role, weight, tasks }) => [
        role,
        String(weight),
        formatCount(tasks),
        ...group.flatMap((run) => {
          const figures = byName[run].get(role);
          const wait = figures?.waitSeconds?.mean;
          return [
            wait === undefined ? '–' : formatSeconds(wait),
            figures ? formatShare(figures.meanActiveDominantShare) : '–',
          ];
        }),
      ]),
    ),
  );
  const hidden = runs[0].summary.roles.length - roles.length;
  const notes = ['wait: mean; share: mean dominant share of the cluster while the role has tasks'];
  if (hidden > 0) notes.push(`${formatCount(hidden)} more roles are in --json and in the runs`);
  return [tables.join('\n\n'), ...notes].join('\n');
}

function headOf({ summary, status }: TableRun): string {
  return status === 'partial' ? `${summary.policy} (partial)` : summary.policy;
}

function metricCell(row: MetricRow, all: readonly RunMetrics[], run: number): string {
  const value = row.value(all[run]);
  if (value === null) return '–';
  return `${row.format(value)}${isBest(row, all, value) ? ' *' : '  '}`;
}

/** Whether no run is better, and some run is worse by as much as the table shows. */
function isBest(row: MetricRow, all: readonly RunMetrics[], value: number): boolean {
  if (row.better === 'none') return false;
  const values = all.map((metrics) => row.value(metrics)).filter((other) => other !== null);
  const best = row.better === 'lower' ? Math.min(...values) : Math.max(...values);
  return value === best && values.some((other) => row.format(other) !== row.format(best));
}
