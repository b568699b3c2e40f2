/** Differences between finished runs: the first is the base, the others are measured against it. */

import { formatChange } from '../../metrics/format-values.ts';
import { type MetricRow, metricRows } from '../../metrics/metric-rows.ts';
import type { RunMetrics } from '../../metrics/summary.ts';
import { differenceText, runDifferences } from '../../results/run-differences.ts';
import type { StoredRun } from '../../results/run-directory.ts';
import { columnGroups, RUNS_PER_TABLE, textTable } from '../text-table.ts';

/** Runs that can be compared but may not be meant to be: what differs between them besides the policy. */
export function comparisonWarnings(runs: readonly StoredRun[]): string[] {
  const names = runNames(runs);
  const warnings = runDifferences(runs.map(({ manifest }) => manifest)).map(
    (difference) => `the runs differ in ${differenceText(difference, names)}`,
  );
  for (const { directory, manifest } of runs) {
    if (manifest.status === 'partial')
      warnings.push(`${directory} is partial: it was stopped before its end`);
  }
  return warnings;
}

/** Figures as rows; each run after the first also with its change against the first. Says above what else differs. */
export function comparisonTable(runs: readonly StoredRun[]): string {
  const differences = runDifferences(runs.map(({ manifest }) => manifest));
  const table = figuresTable(runs);
  if (differences.length === 0) return table;
  return `Not the same experiment: the runs differ in ${differences.map(({ what }) => what).join(', ')}.\n${table}`;
}

function figuresTable(runs: readonly StoredRun[]): string {
  const names = runNames(runs);
  const all = runs.map(({ summary }) => summary.metrics);
  const others = runs.map((_, run) => run).slice(1);
  const groups = others.length === 0 ? [[]] : columnGroups(others.length, RUNS_PER_TABLE - 1);
  return groups
    .map((group) => {
      const columns = [0, ...group.map((other) => others[other])];
      return textTable(
        ['', ...columns.map((run) => names[run])],
        metricRows(all).map((row) => [row.label, ...columns.map((run) => comparedCell(row, all, run))]),
      );
    })
    .join('\n\n');
}

/** What `compare --json` prints. */
export function comparisonOutput(version: string, runs: readonly StoredRun[]): object {
  const [base] = runs;
  return {
    version,
    base: base.directory,
    warnings: comparisonWarnings(runs),
    runs: runs.map(({ directory, manifest, summary }) => ({
      directory,
      policy: summary.policy,
      seed: manifest.seed,
      trace: manifest.trace,
      status: manifest.status,
      decisionDigest: summary.decisionDigest,
      metrics: summary.metrics,
      changes: Object.fromEntries(
        metricRows([base.summary.metrics, summary.metrics]).map((row) => [
          row.label,
          relativeChange(row.value(base.summary.metrics), row.value(summary.metrics)),
        ]),
      ),
    })),
  };
}

/** Names of policies; where runs share one, the folders tell them apart. */
export function runNames(runs: readonly StoredRun[]): string[] {
  const policies = runs.map(({ summary }) => summary.policy);
  const directories = runs.map(({ directory }) => directory);
  const endings = directories.map((directory) => directory.split(/[/\\]/).slice(-2).join('/'));
  return [policies, endings].find((names) => new Set(names).size === names.length) ?? directories;
}

function comparedCell(row: MetricRow, all: readonly RunMetrics[], run: number): string {
  const value = row.value(all[run]);
  if (value === null) return '–';
  const change = run === 0 ? null : relativeChange(row.value(all[0]), value);
  return change === null ? row.format(value) : `${row.format(value)} (${formatChange(change)})`;
}

/** (value − base) ÷ base; `null` where the base is nothing to measure against. */
function relativeChange(base: number | null, value: number | null): number | null {
  if (base === null || value === null) return null;
  if (base === value) return 0;
  return base === 0 ? null : (value - base) / Math.abs(base);
}
