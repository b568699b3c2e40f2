/** Dominant share of each role over time, a panel a policy, with what the role is entitled to as a dashed line. */
import { quantile } from '../metrics/distribution.ts';
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round, timeAxis, timeUnit } from './chart.ts';
import { endOfRuns, overTime } from './over-time.ts';
import { colourScale } from './palette.ts';
import { runNames } from './run-names.ts';
import { type ShownRoles, shownRoles } from './shown-roles.ts';

/** Fewer than other charts have: there is a line a role and run. */
const POINTS_MAX = 300;

/** Roles beyond the largest are one line, their mean: a sum would not compare with one role's entitlement. */
export function dominantShareChart(runs: readonly Run[]): ChartSpec {
  const roles = shownRoles(runs);
  const names = runNames(runs);
  const end = endOfRuns(runs);
  const unit = timeUnit(end);
  const x = timeAxis(unit, end);
  const color = {
    field: 'role',
    type: 'nominal',
    title: 'role',
    scale: colourScale(shownNames(roles)),
  } as const;
  const opacity = { condition: { param: 'chosenRole', value: 1 }, value: 0.12 } as const;
  const values = runs.flatMap((run, index) => pointsOf(run, names[index], roles, unit.seconds));
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'policy', type: 'nominal', title: null, sort: names },
    columns: 1,
    spec: {
      width: CHART_WIDTH,
      height: 150,
      layer: [
        {
          params: [{ name: 'chosenRole', select: { type: 'point', fields: ['role'] }, bind: 'legend' }],
          mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.8 },
          encoding: {
            x,
            y: {
              field: 'share',
              type: 'quantitative',
              title: 'dominant share (%)',
              scale: { domain: [0, shareMax(values)], nice: true },
              axis: { format: '~%', tickCount: 4 },
            },
            color,
            opacity,
          },
        },
        {
          mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.2, strokeDash: [2, 3], clip: true },
          encoding: { x, y: { field: 'entitlement', type: 'quantitative' }, color, opacity },
        },
      ],
    },
  };
}

/**
 * Room for all shares and for the usual entitlement. A role that is alone for a while is entitled to everything then,
 * which would leave the rest of the chart flat.
 */
function shareMax(points: readonly { readonly share: number; readonly entitlement: number }[]): number {
  const entitlements = points.map(({ entitlement }) => entitlement).filter((entitlement) => entitlement > 0);
  const usual = quantile(Float64Array.from(entitlements.length > 0 ? entitlements : [0]).sort(), 0.5);
  const largest = points.reduce((max, { share }) => Math.max(max, share), 0);
  return Math.min(1, 1.1 * Math.max(largest, usual)) || 1;
}

function shownNames({ names, lastCount }: ShownRoles): string[] {
  return lastCount === 1 ? [...names] : [...names.slice(0, -1), `mean of ${names[names.length - 1]}`];
}

function pointsOf({ tables }: Run, policy: string, roles: ShownRoles, unitSeconds: number) {
  const { rolesOverTime: table } = tables;
  const groupOf = (row: number) => roles.indexOf(table.role[row]);
  const count = roles.names.length;
  const share = overTime(table.timeSeconds, table.dominantShare, count, groupOf, POINTS_MAX);
  const entitlement = overTime(table.timeSeconds, table.entitlement, count, groupOf, POINTS_MAX);
  return shownNames(roles).flatMap((role, group) => {
    const divisor = group === count - 1 ? roles.lastCount : 1;
    return share.timeSeconds.map((seconds, point) => ({
      policy,
      role,
      time: round(seconds / unitSeconds),
      share: round(share.sums[group][point] / divisor),
      entitlement: round(entitlement.sums[group][point] / divisor),
    }));
  });
}
