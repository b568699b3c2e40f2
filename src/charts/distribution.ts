/** Cumulative distribution of a figure of jobs, policies compared, on a logarithmic axis that keeps zero. */
import type { Run } from '../results/run.ts';
import { type ChartSpec, colourScale, SCHEMA, SHORT_LABEL, short } from './chart.ts';

const POINTS_MAX = 300;

export interface DistributionKind {
  readonly column: 'waitSeconds' | 'boundedSlowdown';
  readonly title: string;
}

export const WAIT: DistributionKind = { column: 'waitSeconds', title: 'wait of a job (seconds)' };
export const SLOWDOWN: DistributionKind = { column: 'boundedSlowdown', title: 'bounded slowdown of a job' };

export function distributionChart(
  runs: readonly Run[],
  { column, title }: DistributionKind,
  width = 300,
): ChartSpec {
  const policies = runs.map(({ summary }) => summary.policy);
  // A symmetric logarithm shows waits of zero beside waits of days; slowdowns begin at 1.
  const scale =
    column === 'waitSeconds' ? ({ type: 'symlog', constant: 1 } as const) : ({ type: 'log' } as const);
  const axis = {
    ...(column === 'waitSeconds'
      ? { values: [0, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000] }
      : { tickCount: 4 }),
    labelExpr: SHORT_LABEL,
  };
  return {
    $schema: SCHEMA,
    data: { values: runs.flatMap(({ summary, tables }) => curve(summary.policy, tables.jobs[column])) },
    width,
    height: 220,
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5 },
    encoding: {
      x: { field: 'value', type: 'quantitative', title, scale, axis },
      y: { field: 'part', type: 'quantitative', title: 'part of jobs at or below', axis: { format: '%' } },
      color: {
        field: 'policy',
        type: 'nominal',
        title: null,
        scale: colourScale(policies),
        legend: { orient: 'top' },
      },
    },
  };
}

/** Points at equal steps of the part, more of them in the upper tail, where policies differ most. */
function curve(policy: string, column: Float64Array) {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return [];
  const count = Math.min(POINTS_MAX, sorted.length);
  return Array.from({ length: count + 1 }, (_, i) => {
    const part = 1 - (1 - i / count) ** 2;
    const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1));
    return { policy, value: short(sorted[index]), part: short((index + 1) / sorted.length) };
  });
}
