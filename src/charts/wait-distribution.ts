/** Cumulative distribution of the waits of jobs, policies compared. */
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from './chart.ts';
import { cumulativeCurve, extendedTo, partAxis } from './cumulative-curve.ts';
import { CHOSEN_POLICY, policyLines } from './policy-lines.ts';
import { runNames } from './run-names.ts';
import { waitAxis } from './wait-axis.ts';

/** Jobs that never started count among all jobs, so the curve of a run that has such ends below 100 %. */
export function waitDistributionChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const curves = runs.map(({ tables }) => cumulativeCurve(tables.jobs.waitSeconds));
  const xAxis = waitAxis(Math.max(0, ...curves.map((curve) => curve.at(-1)?.value ?? 0)));
  const end = xAxis.scale.domain[1];
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
        title: 'wait of a job (time, logarithmic)',
        ...xAxis,
      },
      y: { field: 'part', ...partAxis('jobs that wait at most so long', curves) },
      ...policyLines(names),
    },
  };
}
