/** Median (p50) and p99 wait of each role's jobs, policies compared: a dot, and a tick at the end of a line. */
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from './chart.ts';
import { colourScale } from './palette.ts';
import { barStep } from './role-shares.ts';
import { runNames } from './run-names.ts';
import { shownRoles } from './shown-roles.ts';
import { waitAxis } from './wait-axis.ts';

const ROLES_MAX = 16;

/** Of more than 16 roles those that hold least are left out: quantiles of several roles have no mean. */
export function roleWaitsChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const roles = shownRoles(runs, ROLES_MAX);
  const rows = roles.lastCount === 1 ? [...roles.names] : roles.names.slice(0, -1);
  const values = runs.flatMap(({ summary }, run) =>
    rows.flatMap((role) => {
      const wait = summary.roles.find((figures) => figures.role === role)?.waitSeconds;
      if (!wait) return [];
      const [p50, p99, mean] = [round(wait.p50), round(wait.p99), round(wait.mean)];
      return [{ policy: names[run], role, p50, p99, mean }];
    }),
  );
  const axis = waitAxis(values.reduce((max, { p99 }) => Math.max(max, p99), 0));
  const title = ['wait of a role’s jobs (time, logarithmic)', 'dot: p50, tick: p99'];
  const shared = {
    y: { field: 'role', type: 'nominal', title: 'role', sort: rows, axis: { labelLimit: 150 } },
    yOffset: { field: 'policy', type: 'nominal', sort: names },
    color: {
      field: 'policy',
      type: 'nominal',
      title: 'policy',
      sort: names,
      scale: colourScale(names),
      legend: { symbolOpacity: 1 },
    },
    tooltip: [
      { field: 'role', type: 'nominal' },
      { field: 'policy', type: 'nominal' },
      { field: 'p50', type: 'quantitative', title: 'p50 wait (s)', format: ',.4~g' },
      { field: 'p99', type: 'quantitative', title: 'p99 wait (s)', format: ',.4~g' },
      { field: 'mean', type: 'quantitative', title: 'mean wait (s)', format: ',.4~g' },
    ],
  } as const;
  const encoding = { ...shared, tooltip: [...shared.tooltip] };
  return {
    ...CHART_BASE,
    data: { values },
    width: CHART_WIDTH,
    height: { step: barStep(runs.length) },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.6 },
        encoding: { ...encoding, x: { field: 'p50', title, ...axis }, x2: { field: 'p99' } },
      },
      {
        mark: { type: 'point', filled: true, size: 45, opacity: 1 },
        encoding: { ...encoding, x: { field: 'p50', title, ...axis } },
      },
      {
        mark: { type: 'tick', thickness: 3, opacity: 1 },
        encoding: { ...encoding, x: { field: 'p99', title, ...axis } },
      },
    ],
  };
}
