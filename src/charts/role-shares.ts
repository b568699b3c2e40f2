/** Mean dominant share of each role while it has tasks, policies compared, with a tick where its entitlement is. */
import type { RoleMetrics } from '../metrics/summary.ts';
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from './chart.ts';
import { colourScale } from './palette.ts';
import { runNames } from './run-names.ts';
import { shownRoles } from './shown-roles.ts';

const ROLES_MAX = 16;

/** Of more than 16 roles, those that hold least are one row: their mean. */
export function roleSharesChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const roles = shownRoles(runs, ROLES_MAX);
  const rows = roles.names.map((name, group) =>
    group === roles.names.length - 1 && roles.lastCount > 1 ? `mean of ${name}` : name,
  );
  const values = runs.flatMap(({ summary }, run) =>
    rows.flatMap((role, group) => {
      const members = summary.roles.filter((figures) => roles.indexOf(figures.role) === group);
      if (members.length === 0) return [];
      const mean = (of: (figures: RoleMetrics) => number) =>
        round(members.reduce((sum, figures) => sum + of(figures), 0) / members.length);
      const share = mean((figures) => figures.meanActiveDominantShare);
      return [{ policy: names[run], role, share, entitlement: mean((figures) => figures.meanEntitlement) }];
    }),
  );
  const shareMax = values.reduce((max, { share, entitlement }) => Math.max(max, share, entitlement), 0);
  const y = { field: 'role', type: 'nominal', title: 'role', sort: rows, axis: { labelLimit: 150 } } as const;
  const yOffset = { field: 'policy', type: 'nominal', sort: names } as const;
  const tooltip = [
    { field: 'role', type: 'nominal' },
    { field: 'policy', type: 'nominal' },
    { field: 'share', type: 'quantitative', title: 'mean dominant share', format: '.2%' },
    { field: 'entitlement', type: 'quantitative', title: 'mean entitlement', format: '.2%' },
  ] as const;
  return {
    ...CHART_BASE,
    data: { values },
    width: CHART_WIDTH,
    height: { step: barStep(runs.length) },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          y,
          yOffset,
          x: {
            field: 'share',
            type: 'quantitative',
            title: ['mean dominant share while active (%)', 'tick: mean entitlement'],
            axis: { format: '~%', tickCount: 8 },
            scale: { domain: [0, shareMax || 1], nice: true },
          },
          color: {
            field: 'policy',
            type: 'nominal',
            title: 'policy',
            sort: names,
            scale: colourScale(names),
          },
          tooltip: [...tooltip],
        },
      },
      {
        mark: { type: 'tick', thickness: 2.5, color: 'currentColor' },
        encoding: {
          y,
          yOffset,
          x: { field: 'entitlement', type: 'quantitative' },
          tooltip: [...tooltip],
        },
      },
    ],
  };
}

/** Height of a bar, pixels: bars of many policies are thin, those of one don't look like blocks. */
export function barStep(policies: number): number {
  return policies > 6 ? 8 : policies > 1 ? 12 : 18;
}
