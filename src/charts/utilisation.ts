/** Utilisation of each resource over time, policies compared. */
import { sortResources } from '../cluster/resources.ts';
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round, timeAxis, timeUnit } from './chart.ts';
import { endOfRuns, overTime } from './over-time.ts';
import { CHOSEN_POLICY, policyLines } from './policy-lines.ts';
import { runNames } from './run-names.ts';

/** A panel a resource, all from 0 to 100 %. */
export function utilisationChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const resources = sortResources([
    ...new Set(runs.flatMap(({ tables }) => [...new Set(tables.clusterOverTime.resource)])),
  ]);
  const end = endOfRuns(runs);
  const unit = timeUnit(end);
  return {
    ...CHART_BASE,
    data: {
      values: runs.flatMap((run, index) => pointsOf(run, names[index], resources, unit.seconds)),
    },
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
          field: 'utilisation',
          type: 'quantitative',
          title: 'utilisation (%)',
          scale: { domain: [0, 1] },
          axis: { format: '.0%', tickCount: 4 },
        },
        ...policyLines(names),
      },
    },
  };
}

function pointsOf({ tables }: Run, policy: string, resources: readonly string[], unitSeconds: number) {
  const { clusterOverTime: table } = tables;
  const groupOf = (row: number) => resources.indexOf(table.resource[row]);
  const series = overTime(table.timeSeconds, table.utilisation, resources.length, groupOf);
  // A run without this resource has no row of it, and so no line.
  const own = new Set(table.resource);
  return resources.flatMap((resource, group) =>
    own.has(resource)
      ? series.timeSeconds.map((seconds, point) => ({
          policy,
          resource,
          time: round(seconds / unitSeconds),
          utilisation: round(series.sums[group][point]),
        }))
      : [],
  );
}
