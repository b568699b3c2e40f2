/** Utilisation of each resource over time, policies compared. */
import type { Run } from '../results/run.ts';
import { type ChartSpec, colourScale, SCHEMA, short, timeUnit } from './chart.ts';
import { longestSeconds } from './dominant-share.ts';

export function utilisationChart(runs: readonly Run[], width = 640): ChartSpec {
  const unit = timeUnit(longestSeconds(runs));
  const policies = runs.map(({ summary }) => summary.policy);
  const values = runs.flatMap(({ summary, tables: { clusterOverTime: table } }) =>
    table.resource.flatMap((resource, row) => [
      {
        policy: summary.policy,
        resource,
        time: short(table.timeSeconds[row] / unit.seconds),
        utilisation: short(table.utilisation[row]),
      },
    ]),
  );
  return {
    $schema: SCHEMA,
    data: { values },
    facet: { row: { field: 'resource', type: 'nominal', title: null } },
    spec: {
      width,
      height: 110,
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.3 },
      encoding: {
        x: { field: 'time', type: 'quantitative', title: `time since the trace’s start (${unit.name})` },
        y: {
          field: 'utilisation',
          type: 'quantitative',
          title: 'utilisation',
          axis: { format: '%' },
          scale: { domain: [0, 1] },
        },
        color: { field: 'policy', type: 'nominal', title: 'policy', scale: colourScale(policies) },
      },
    },
  };
}
