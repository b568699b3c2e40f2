/** Fairness against efficiency: a point a run, beside each other by how well the cluster is used and how long jobs wait. */
import type { RunMetrics } from '../metrics/summary.ts';
import type { Run } from '../results/run.ts';
import { CHART_BASE, type ChartSpec, round } from './chart.ts';
import { colourScale } from './palette.ts';
import { runNames } from './run-names.ts';
import { waitAxis } from './wait-axis.ts';

const PANEL_WIDTH = 270;

/** Signs beside the colours, for print in grey. */
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right'];

/** Runs in which never two roles compete have no fairness to show, and are left out. */
export function fairnessEfficiencyChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const values = runs.flatMap(({ summary: { metrics } }, run) =>
    metrics.jainIndex === null
      ? []
      : [
          {
            policy: names[run],
            jain: round(metrics.jainIndex),
            utilisation: round(mostUsed(metrics)),
            wait: metrics.waitSeconds === null ? null : round(metrics.waitSeconds.mean),
          },
        ],
  );
  const waits = waitAxis(values.reduce((max, { wait }) => Math.max(max, 1.3 * (wait ?? 0)), 0));
  const least = values.reduce((min, { jain }) => Math.min(min, jain), 1);
  const panel = (x: object, title: string[] | null) => ({
    width: PANEL_WIDTH,
    height: 220,
    mark: { type: 'point', filled: true, size: 110, opacity: 0.9 } as const,
    encoding: {
      x: { type: 'quantitative', ...x } as const,
      y: {
        field: 'jain',
        type: 'quantitative',
        title,
        scale: { domain: [Math.floor(least * 10) / 10 - (least === 1 ? 0.1 : 0), 1] as number[] },
      } as const,
      color: {
        field: 'policy',
        type: 'nominal',
        title: 'policy',
        sort: names,
        scale: colourScale(names),
      } as const,
      shape: {
        field: 'policy',
        type: 'nominal',
        title: 'policy',
        sort: names,
        scale: { domain: names, range: names.map((_, index) => SHAPES[index % SHAPES.length]) },
      } as const,
      tooltip: [
        { field: 'policy', type: 'nominal' } as const,
        { field: 'jain', type: 'quantitative', title: 'Jain’s index' } as const,
        { field: 'utilisation', type: 'quantitative', title: 'utilisation', format: '.1%' } as const,
        { field: 'wait', type: 'quantitative', title: 'mean wait (seconds)' } as const,
      ],
    },
  });
  return {
    ...CHART_BASE,
    data: { values },
    hconcat: [
      panel(
        {
          field: 'utilisation',
          title: ['utilisation of the most used resource (%)', 'right is better'],
          scale: values.length > 0 ? { zero: false, nice: true, padding: 12 } : { domain: [0, 1] },
          axis: { format: '.2~%', tickCount: 4 },
        },
        ['Jain’s index of shares', '(ratio; 1 is equal)'],
      ),
      panel(
        { field: 'wait', title: ['mean wait of a job (time, logarithmic)', 'left is better'], ...waits },
        null,
      ),
    ],
  };
}

function mostUsed({ utilisation }: RunMetrics): number {
  return Object.values(utilisation).reduce((max, part) => Math.max(max, part), 0);
}
