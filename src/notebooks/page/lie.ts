/** What a user gains who claims another demand than it has: useful tasks under each policy, along a range of claims. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from '../../charts/chart.ts';
import { colourScale, dashScale } from '../../charts/palette.ts';
import { type AllocationProblem, allocationProblem } from '../../policies/divisible/allocation-problem.ts';
import { assetFairness } from '../../policies/divisible/asset-fairness.ts';
import { ceei } from '../../policies/divisible/ceei.ts';
import { drf } from '../../policies/divisible/drf.ts';

const POLICIES: Readonly<Record<string, (problem: AllocationProblem) => Float64Array>> = {
  DRF: drf,
  'asset fairness': assetFairness,
  CEEI: ceei,
};

export interface Lie {
  readonly pool: readonly number[];
  /** What a task takes in truth, by user. */
  readonly demands: readonly (readonly number[])[];
  readonly liar: number;
  /** The resource that it lies about. */
  readonly resource: number;
}

export interface UsefulTasks {
  readonly policy: string;
  readonly claimed: number;
  readonly tasks: number;
}

/** Tasks that the liar can run, by its true demand, with what it gets for its claim. */
export function usefulTasks({ pool, demands, liar, resource }: Lie, claimed: number): UsefulTasks[] {
  const truth = demands[liar];
  const claim = truth.map((amount, r) => (r === resource ? claimed : amount));
  const users = demands.map((demand, user) => ({ demand: user === liar ? claim : demand }));
  const problem = allocationProblem(pool, users);
  const useful = Math.min(...truth.flatMap((amount, r) => (amount > 0 ? [claim[r] / amount] : [])));
  return Object.entries(POLICIES).map(([policy, divide]) => ({
    policy,
    claimed,
    tasks: divide(problem)[liar] * useful,
  }));
}

const CLAIMS = 120;

/** @param claimed where the reader is */
export function lieChart(lie: Lie, claimed: number, largestClaim: number, unit: string): ChartSpec {
  const truth = lie.demands[lie.liar][lie.resource];
  const claims = Array.from({ length: CLAIMS }, (_, i) => ((i + 1) / CLAIMS) * largestClaim);
  const rounded = (claim: number) =>
    usefulTasks(lie, claim).map((row) => ({ ...row, claimed: round(claim), tasks: round(row.tasks) }));
  const names = Object.keys(POLICIES);
  const x = {
    field: 'claimed',
    type: 'quantitative',
    title: `claimed a task (${unit})`,
    scale: { domain: [0, largestClaim] as number[], nice: false },
  } as const;
  const y = {
    field: 'tasks',
    type: 'quantitative',
    title: 'useful tasks (number)',
    scale: { zero: true },
  } as const;
  const color = { field: 'policy', type: 'nominal', title: null, scale: colourScale(names) } as const;
  return {
    ...CHART_BASE,
    width: CHART_WIDTH,
    height: 220,
    layer: [
      {
        data: { values: [...claims, truth].sort((a, b) => a - b).flatMap(rounded) },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: {
          x,
          y,
          color,
          strokeDash: { field: 'policy', type: 'nominal', title: null, scale: dashScale(names) },
        },
      },
      {
        data: { values: [{ claimed: truth, text: 'truth' }] },
        mark: { type: 'rule', color: 'currentColor', opacity: 0.5 },
        encoding: { x },
      },
      {
        data: { values: [{ claimed: truth, text: 'the truth' }] },
        mark: { type: 'text', color: 'currentColor', align: 'left', dx: 5, y: 8 },
        encoding: { x, text: { field: 'text' } },
      },
      {
        data: { values: rounded(claimed) },
        mark: { type: 'point', filled: true, size: 120, opacity: 1 },
        encoding: {
          x,
          y,
          color,
          tooltip: [
            { field: 'policy', type: 'nominal' },
            { field: 'claimed', type: 'quantitative', title: 'claimed' },
            { field: 'tasks', type: 'quantitative', title: 'useful tasks', format: '.3~f' },
          ],
        },
      },
    ],
  };
}
