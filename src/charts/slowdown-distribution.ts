/** Cumulative distribution of the bounded slowdown of jobs, policies compared. */
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from './chart.ts';
import { cumulativeCurve, extendedTo, partAxis } from './cumulative-curve.ts';
import { CHOSEN_POLICY, policyLines } from './policy-lines.ts';
import { runNames } from './run-names.ts';

const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4, 1e5, 1e6];

/** Bounded slowdown is 1 at least, so the axis is plainly logarithmic. Jobs that did not end count among all jobs. */
export function slowdownDistributionChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const curves = runs.map(({ tables }) => cumulativeCurve(tables.jobs.boundedSlowdown));
  const end = Math.max(10, ...curves.map((curve) => curve.at(-1)?.value ?? 0));
  const values = curves.flatMap((curve, run) =>
    extendedTo(end, curve).map((point) => ({ policy: names[run], ...point })),
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
          domain: [1, end],
          nice: false,
        },
        // One by one: '~s' as the axis' format would write all of them in the unit of the largest.
        axis: { values: TICKS, labelExpr: "format(datum.value, '~s')", labelOverlap: true },
      },
      y: { field: 'part', ...partAxis('jobs slowed down at most so much', curves) },
      ...policyLines(names),
    },
  };
}
