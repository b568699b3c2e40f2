/** Cumulative distribution of the bounded slowdown of jobs, policies compared. */
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from './chart.ts';
import { cumulativeCurve } from './cumulative-curve.ts';
import { CHOSEN_POLICY, policyLines } from './policy-lines.ts';
import { runNames } from './run-names.ts';

const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4, 1e5, 1e6];

/** Bounded slowdown is 1 at least, so the axis is plainly logarithmic. Jobs that did not end count among all jobs. */
export function slowdownDistributionChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const values = runs.flatMap(({ tables }, index) =>
    cumulativeCurve(tables.jobs.boundedSlowdown).map((point) => ({ policy: names[index], ...point })),
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
        type: 'quantitative',
        title: 'bounded slowdown of a job (ratio, logarithmic)',
        scale: {
          type: 'log',
          domain: [1, values.reduce((max, { value }) => Math.max(max, value), 10)],
          nice: false,
        },
        // One by one: '~s' as the axis' format would write all of them in the unit of the largest.
        axis: { values: TICKS, labelExpr: "format(datum.value, '~s')", labelOverlap: true },
      },
      y: {
        field: 'part',
        type: 'quantitative',
        title: 'jobs slowed down at most so much (%)',
        scale: { domain: [0, 1] },
        axis: { format: '.0%', tickCount: 5 },
      },
      ...policyLines(names),
    },
  };
}
