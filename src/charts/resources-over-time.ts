/** What charts of a resource's figure over time have in common: a panel a resource, policies compared. */
import { sortResources } from '../cluster/resources.ts';
import type { ClusterOverTimeTable } from '../metrics/tables.ts';
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round, timeAxis, timeUnit } from './chart.ts';
import { endOfRuns, overTime } from './over-time.ts';
import { CHOSEN_POLICY, policyLines } from './policy-lines.ts';
import { runNames } from './run-names.ts';

export interface ResourceFigure {
  readonly column: 'utilisation' | 'fragmentation';
  /** Of the y axis. */
  readonly title: string;
  /** Where the y axis ends, 0 … 1; all panels share it. */
  shareMax(shares: readonly number[]): number;
}

export function resourcesOverTimeChart(runs: readonly Run[], figure: ResourceFigure): ChartSpec {
  const names = runNames(runs);
  const resources = sortResources([
    ...new Set(runs.flatMap(({ tables }) => [...new Set(tables.clusterOverTime.resource)])),
  ]);
  const end = endOfRuns(runs);
  const unit = timeUnit(end);
  const values = runs.flatMap(({ tables }, run) =>
    pointsOf(tables.clusterOverTime, figure.column, names[run], resources, unit.seconds),
  );
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'resource', type: 'nominal', title: null, sort: [...resources] },
    columns: 1,
    spec: {
      width: CHART_WIDTH,
      height: 110,
      params: [CHOSEN_POLICY],
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.6 },
      encoding: {
        x: timeAxis(unit, end),
        y: {
          field: 'share',
          type: 'quantitative',
          title: figure.title,
          scale: { domain: [0, figure.shareMax(values.map(({ share }) => share))] },
          axis: { format: '.0%', tickCount: 4 },
        },
        ...policyLines(names),
      },
    },
  };
}

function pointsOf(
  table: ClusterOverTimeTable,
  column: ResourceFigure['column'],
  policy: string,
  resources: readonly string[],
  unitSeconds: number,
) {
  const groupOf = (row: number) => resources.indexOf(table.resource[row]);
  const series = overTime(table.timeSeconds, table[column], resources.length, groupOf);
  // A run without this resource has no row of it, and so no line.
  const own = new Set(table.resource);
  return resources.flatMap((resource, group) =>
    own.has(resource)
      ? series.timeSeconds.map((seconds, point) => ({
          policy,
          resource,
          time: round(seconds / unitSeconds),
          share: round(series.sums[group][point]),
        }))
      : [],
  );
}
