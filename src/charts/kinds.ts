/** The charts over runs, by the names by which commands and notebooks ask for them. */
import type { Run } from '../results/run.ts';
import type { ChartSpec } from './chart.ts';
import { dominantShareChart } from './dominant-share.ts';
import { fairnessEfficiencyChart } from './fairness-efficiency.ts';
import { fragmentationChart } from './fragmentation.ts';
import { ganttChart } from './gantt.ts';
import { heatMapChart } from './heat-map.ts';
import { queueLengthChart } from './queue-length.ts';
import { roleSharesChart } from './role-shares.ts';
import { roleWaitsChart } from './role-waits.ts';
import { slowdownDistributionChart } from './slowdown-distribution.ts';
import { utilisationChart } from './utilisation.ts';
import { waitDistributionChart } from './wait-distribution.ts';

export interface ChartKind {
  readonly title: string;
  readonly draw: (runs: readonly Run[]) => ChartSpec;
}

export const CHART_KINDS = {
  'dominant-share': {
    title: 'Dominant share of each role over time, with its entitlement',
    draw: dominantShareChart,
  },
  'role-shares': { title: 'Mean dominant share and entitlement of each role', draw: roleSharesChart },
  'role-waits': { title: 'Median and p99 wait of each role', draw: roleWaitsChart },
  'wait-distribution': { title: 'Cumulative distribution of waits', draw: waitDistributionChart },
  'slowdown-distribution': {
    title: 'Cumulative distribution of bounded slowdowns',
    draw: slowdownDistributionChart,
  },
  'queue-length': { title: 'Waiting tasks over time', draw: queueLengthChart },
  utilisation: { title: 'Utilisation of each resource over time', draw: utilisationChart },
  fragmentation: { title: 'Fragmentation of each resource over time', draw: fragmentationChart },
  'fairness-efficiency': { title: 'Fairness against efficiency', draw: fairnessEfficiencyChart },
  'heat-map': { title: 'How busy agents are over time', draw: heatMapChart },
  gantt: { title: 'Tasks on agents', draw: ganttChart },
} as const satisfies Readonly<Record<string, ChartKind>>;
