/** The figures that tables show of each run: how they are called, where they are, and which direction is good. */

import { formatCount, formatNumber, formatSeconds, formatShare } from './format-values.ts';
import type { RunMetrics } from './summary.ts';

export interface MetricRow {
  readonly label: string;
  /** `null`: the run has no such figure. */
  value(metrics: RunMetrics): number | null;
  format(value: number): string;
  /** Which values are good; `none`: neither. */
  readonly better: 'lower' | 'higher' | 'none';
}

/** The rows of a table over `runs`; figures that no run has, or that are 0 in all, are left out where they'd say nothing. */
export function metricRows(runs: readonly RunMetrics[]): MetricRow[] {
  const resources = [...new Set(runs.flatMap((metrics) => Object.keys(metrics.utilisation)))];
  const rows = [
    ...WAITING,
    ...resources.map(utilisationRow),
    ...FAIRNESS,
    ...DISTURBANCE.filter((row) => runs.some((metrics) => row.value(metrics))),
  ];
  return rows.filter((row) => runs.some((metrics) => row.value(metrics) !== null));
}

const WAITING: readonly MetricRow[] = [
  row('wait, mean', 'lower', formatSeconds, (m) => m.waitSeconds?.mean ?? null),
  row('wait, p99', 'lower', formatSeconds, (m) => m.waitSeconds?.p99 ?? null),
  row('response, mean', 'lower', formatSeconds, (m) => m.responseSeconds?.mean ?? null),
  row('bounded slowdown, p50', 'lower', formatNumber, (m) => m.boundedSlowdown?.p50 ?? null),
  row('bounded slowdown, p99', 'lower', formatNumber, (m) => m.boundedSlowdown?.p99 ?? null),
  row('makespan', 'lower', formatSeconds, (m) => m.makespanSeconds),
];

const FAIRNESS: readonly MetricRow[] = [
  row("Jain's index", 'higher', formatNumber, (m) => m.jainIndex),
  row('below entitlement (share × time)', 'lower', formatSeconds, (m) => m.belowEntitlementShareSeconds),
  row('tasks unplaced', 'lower', formatCount, (m) => m.unplaced),
  row('preemptions', 'lower', formatCount, (m) => m.preemptions),
];

const DISTURBANCE: readonly MetricRow[] = [
  row('attempts lost with agents', 'lower', formatCount, (m) => m.lostAttempts),
  row('offers made', 'none', formatCount, (m) => m.offers.made),
  row('offers accepted', 'none', formatCount, (m) => m.offers.accepted),
  row('offers declined', 'none', formatCount, (m) => m.offers.declined),
  row('offers rescinded', 'none', formatCount, (m) => m.offers.rescinded),
];

function utilisationRow(resource: string): MetricRow {
  return row(`utilisation, ${resource}`, 'higher', formatShare, (m) => m.utilisation[resource] ?? null);
}

function row(
  label: string,
  better: MetricRow['better'],
  format: MetricRow['format'],
  value: MetricRow['value'],
): MetricRow {
  return { label, better, format, value };
}
