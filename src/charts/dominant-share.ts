/** Dominant share of each role over time, a panel a policy, with what the role is entitled to as a dashed line. */
import type { Run } from '../results/run.ts';
import { type ChartSpec, colourScale, SCHEMA, short, timeUnit } from './chart.ts';
import type { ShownRoles } from './shown-roles.ts';

const POINTS_MAX = 300;

interface Point {
  readonly policy: string;
  readonly role: string;
  readonly time: number;
  readonly share: number;
  readonly entitlement: number;
}

export function dominantShareChart(runs: readonly Run[], roles: ShownRoles, width = 640): ChartSpec {
  const unit = timeUnit(longestSeconds(runs));
  const color = { field: 'role', type: 'nominal', title: 'role', scale: colourScale(roles.names) } as const;
  const x = {
    field: 'time',
    type: 'quantitative',
    title: `time since the trace’s start (${unit.name})`,
  } as const;
  return {
    $schema: SCHEMA,
    data: { values: runs.flatMap((run) => pointsOf(run, roles, unit.seconds)) },
    facet: {
      row: { field: 'policy', type: 'nominal', title: null, sort: runs.map(({ summary }) => summary.policy) },
    },
    spec: {
      width,
      height: 150,
      layer: [
        {
          mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5 },
          encoding: {
            x,
            y: { field: 'share', type: 'quantitative', title: 'dominant share', axis: { format: '%' } },
            color,
          },
        },
        {
          mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1, strokeDash: [2, 3], opacity: 0.7 },
          encoding: { x, y: { field: 'entitlement', type: 'quantitative' }, color },
        },
      ],
    },
  };
}

/** Intervals are put together in equal runs until there are few enough; roles put together add up. */
function pointsOf({ summary, tables }: Run, roles: ShownRoles, unitSeconds: number): Point[] {
  const { rolesOverTime: table } = tables;
  const times = [...new Set(table.timeSeconds)];
  const step = Math.max(1, Math.ceil(times.length / POINTS_MAX));
  const bucketOf = new Map(times.map((time, index) => [time, Math.floor(index / step)]));
  const sums = new Map<string, { share: number; entitlement: number; intervals: Set<number> }>();
  for (let row = 0; row < table.role.length; row++) {
    const key = `${bucketOf.get(table.timeSeconds[row])} ${roles.nameOf(table.role[row])}`;
    let sum = sums.get(key);
    if (!sum) {
      sum = { share: 0, entitlement: 0, intervals: new Set() };
      sums.set(key, sum);
    }
    sum.share += table.dominantShare[row];
    sum.entitlement += table.entitlement[row];
    sum.intervals.add(table.timeSeconds[row]);
  }
  return [...sums].map(([key, { share, entitlement, intervals }]) => {
    const space = key.indexOf(' ');
    return {
      policy: summary.policy,
      role: key.slice(space + 1),
      time: short(times[Number(key.slice(0, space)) * step] / unitSeconds),
      share: short(share / intervals.size),
      entitlement: short(entitlement / intervals.size),
    };
  });
}

export function longestSeconds(runs: readonly Run[]): number {
  return runs.reduce(
    (longest, { tables }) => Math.max(longest, tables.rolesOverTime.timeSeconds.at(-1) ?? 0),
    0,
  );
}
