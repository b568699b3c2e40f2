/** The pairs of tasks of two users that fit into a pool, and the pair that each policy chooses. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from '../../charts/chart.ts';
import { colourScale } from '../../charts/palette.ts';
import type { Division, PoolUser } from './divide.ts';

const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right'];

export function feasibleChart(
  pool: readonly [cpus: number, mem: number],
  users: readonly [PoolUser, PoolUser],
  divisions: readonly Division[],
): ChartSpec {
  const [first, second] = users;
  const most = users.map(({ demand }) => Math.min(pool[0] / demand[0], pool[1] / demand[1]));
  const lines = ['CPUs used up', 'memory used up'].flatMap((limit, r) => {
    const ends = [pool[r] / first.demand[r], pool[r] / second.demand[r]];
    return [
      { limit, x: round(ends[0]), y: 0 },
      { limit, x: 0, y: round(ends[1]) },
    ];
  });
  const points = divisions.map(({ policy, tasks }, place) => ({
    policy,
    x: round(tasks[0]),
    y: round(tasks[1]),
    // The first ones are larger, so that they show below others at the same place.
    size: place === 0 ? 520 : 320 - 40 * place,
  }));
  const policies = divisions.map(({ policy }) => policy);
  const axis = (user: PoolUser, largest: number) => ({
    type: 'quantitative' as const,
    title: `tasks of ${user.name}`,
    scale: { domain: [0, round(1.15 * largest)] as number[], nice: false },
  });
  return {
    ...CHART_BASE,
    width: CHART_WIDTH / 2,
    height: CHART_WIDTH / 2,
    layer: [
      {
        data: { values: lines },
        mark: { type: 'line', color: 'currentColor', opacity: 0.7, clip: true },
        encoding: {
          x: { field: 'x', ...axis(first, most[0]) },
          y: { field: 'y', ...axis(second, most[1]) },
          strokeDash: {
            field: 'limit',
            type: 'nominal',
            title: null,
            scale: {
              domain: ['CPUs used up', 'memory used up'],
              range: [
                [1, 0],
                [5, 4],
              ],
            },
            legend: { symbolStrokeColor: 'currentColor', orient: 'right' },
          },
        },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: {
          x: { field: 'x', type: 'quantitative' },
          y: { field: 'y', type: 'quantitative' },
          color: {
            field: 'policy',
            type: 'nominal',
            title: null,
            sort: policies,
            scale: colourScale(policies),
            legend: { orient: 'right', columns: 1 },
          },
          shape: {
            field: 'policy',
            type: 'nominal',
            sort: policies,
            title: null,
            scale: { domain: policies, range: SHAPES.slice(0, policies.length) },
          },
          size: { field: 'size', type: 'quantitative', scale: null, legend: null },
          tooltip: [
            { field: 'policy', type: 'nominal' },
            { field: 'x', type: 'quantitative', title: `tasks of ${first.name}`, format: '.3~f' },
            { field: 'y', type: 'quantitative', title: `tasks of ${second.name}`, format: '.3~f' },
          ],
        },
      },
    ],
  };
}
