/** Mean and 99 % wait of each role's jobs, policies compared. */
import type { Run } from '../results/run.ts';
import { type ChartSpec, colourScale, SCHEMA, SHORT_LABEL, short } from './chart.ts';
import { OTHERS } from './palette.ts';
import type { ShownRoles } from './shown-roles.ts';

export function roleWaitsChart(runs: readonly Run[], roles: ShownRoles, width = 250): ChartSpec {
  const named = roles.names.filter((name) => name !== OTHERS);
  const policies = runs.map(({ summary }) => summary.policy);
  const values = runs.flatMap(({ summary }) =>
    summary.roles
      .filter(({ role, waitSeconds }) => named.includes(role) && waitSeconds !== null)
      .flatMap(({ role, waitSeconds }) => [
        { policy: summary.policy, role, figure: 'mean', wait: short(waitSeconds!.mean) },
        { policy: summary.policy, role, figure: '99 % of jobs wait less', wait: short(waitSeconds!.p99) },
      ]),
  );
  return {
    $schema: SCHEMA,
    data: { values },
    facet: {
      column: { field: 'figure', type: 'nominal', title: null, sort: ['mean', '99 % of jobs wait less'] },
    },
    spec: {
      width,
      height: { step: 10 },
      mark: { type: 'bar' },
      encoding: {
        y: { field: 'role', type: 'nominal', title: null, sort: [...named] },
        yOffset: { field: 'policy', type: 'nominal', sort: policies },
        x: {
          field: 'wait',
          type: 'quantitative',
          title: 'wait (seconds)',
          scale: { type: 'symlog', constant: 1 },
          axis: { values: [0, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000], labelExpr: SHORT_LABEL },
        },
        color: { field: 'policy', type: 'nominal', title: 'policy', scale: colourScale(policies) },
      },
    },
  };
}
