/** Utilisation of each resource over time, policies compared: a panel a resource, all from 0 to 100 %. */
import type { Run } from '../results/run.ts';
import type { ChartSpec } from './chart.ts';
import { resourcesOverTimeChart } from './resources-over-time.ts';

export function utilisationChart(runs: readonly Run[]): ChartSpec {
  return resourcesOverTimeChart(runs, {
    column: 'utilisation',
    title: 'utilisation (%)',
    shareMax: () => 1,
  });
}
