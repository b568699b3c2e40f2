/** Fragmentation of each resource over time, policies compared: a panel a resource. */
import type { Run } from '../results/run.ts';
import type { ChartSpec } from './chart.ts';
import { resourcesOverTimeChart } from './resources-over-time.ts';

/** The axis reaches this far at least, so that noise about zero looks like it. */
const SHARE_MAX_LEAST = 0.05;

/** Panels end at the largest value: fragmentation is a few per cent where policies already differ. */
export function fragmentationChart(runs: readonly Run[]): ChartSpec {
  return resourcesOverTimeChart(runs, {
    column: 'fragmentation',
    title: 'free, of no use (%)',
    shareMax: (shares) => shares.reduce((max, share) => Math.max(max, share), SHARE_MAX_LEAST),
  });
}
