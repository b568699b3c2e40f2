/** Mean dominant share of each role while it has tasks, beside what it was entitled to. */
import type { Run } from '../results/run.ts';
import { type ChartSpec, colourScale, SCHEMA, short } from './chart.ts';
import { OTHERS } from './palette.ts';
import type { ShownRoles } from './shown-roles.ts';

export function roleSharesChart(runs: readonly Run[], roles: ShownRoles, width = 150): ChartSpec {
  const named = roles.names.filter((name) => name !== OTHERS);
  const values = runs.flatMap(({ summary }) =>
    summary.roles
      .filter(({ role }) => named.includes(role))
      .map(({ role, meanActiveDominantShare, meanEntitlement }) => ({
        policy: summary.policy,
        role,
        share: short(meanActiveDominantShare),
        entitlement: short(meanEntitlement),
      })),
  );
  const y = { field: 'role', type: 'nominal', title: null, sort: [...named] } as const;
  return {
    $schema: SCHEMA,
    data: { values },
    facet: {
      column: {
        field: 'policy',
        type: 'nominal',
        title: null,
        sort: runs.map(({ summary }) => summary.policy),
      },
    },
    spec: {
      width,
      height: { step: 22 },
      layer: [
        {
          mark: { type: 'bar' },
          encoding: {
            y,
            x: {
              field: 'share',
              type: 'quantitative',
              title: ['mean dominant share', '(line: entitlement)'],
              axis: { format: '%', tickCount: 4 },
            },
            color: { field: 'role', type: 'nominal', legend: null, scale: colourScale(roles.names) },
          },
        },
        {
          mark: { type: 'tick', thickness: 2, color: '#888' },
          encoding: { y, x: { field: 'entitlement', type: 'quantitative' } },
        },
      ],
    },
  };
}
