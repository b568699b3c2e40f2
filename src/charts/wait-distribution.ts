/** Cumulative distribution of the waits of jobs, policies compared. */
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from './chart.ts';
import { cumulativeCurve } from './cumulative-curve.ts';
import { CHOSEN_POLICY, policyLines } from './policy-lines.ts';
import { runNames } from './run-names.ts';
import { waitAxis } from './wait-axis.ts';

/** Jobs that never started count among all jobs, so the curve of a run that has such ends below 100 %. */
export function waitDistributionChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const values = runs.flatMap(({ tables }, index) =>
    cumulativeCurve(tables.jobs.waitSeconds).map((point) => ({ policy: names[index], ...point })),
  );
  return {
    ...CHART_BASE,
    data: { values },
    width: CHART_WIDTH,
    height: 220,
    params: [CHOSEN_POLICY],
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.8, clip: true },
    encoding: {
      x: {
        field: 'value',
        title: 'wait of a job (time, logarithmic)',
        ...waitAxis(values.reduce((max, { value }) => Math.max(max, value), 0)),
      },
      y: {
        field: 'part',
        type: 'quantitative',
        title: 'jobs that wait at most so long (%)',
        scale: { domain: [0, 1] },
        axis: { format: '.0%', tickCount: 5 },
      },
      ...policyLines(names),
    },
  };
}
