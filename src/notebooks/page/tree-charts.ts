/** Charts of role trees: GPUs held over time, and what the study of trees under load found for each leaf. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from '../../charts/chart.ts';
import { colourScale, dashScale } from '../../charts/palette.ts';
import type { HeldOverTime } from './tree.ts';

/** A panel a policy, a line a leaf. */
export function gpusOverTimeChart(held: readonly HeldOverTime[]): ChartSpec {
  const policies = unique(held.map(({ policy }) => policy));
  const leaves = unique(held.map(({ leaf }) => leaf));
  return {
    ...CHART_BASE,
    data: { values: [...held] },
    facet: { field: 'policy', type: 'nominal', title: null, sort: policies },
    columns: policies.length,
    spec: {
      width: (CHART_WIDTH - 40) / policies.length,
      height: 150,
      mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 },
      encoding: {
        x: { field: 'seconds', type: 'quantitative', title: 'time (s)', axis: { tickCount: 5 } },
        y: { field: 'gpus', type: 'quantitative', title: 'GPUs held (devices)', axis: { tickCount: 5 } },
        color: { field: 'leaf', type: 'nominal', title: 'leaf', scale: colourScale(leaves) },
        strokeDash: { field: 'leaf', type: 'nominal', title: 'leaf', scale: dashScale(leaves) },
      },
    },
  };
}

export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export interface MeasuredLeaf {
  readonly trainCpus: number;
  readonly scheduler: string;
  readonly leaf: string;
  readonly part: number;
  readonly share: Spread;
  readonly waitSeconds: Spread;
}

/** Dominant share of each leaf while it waits for more, with a tick where its guaranteed part is. */
export function leafSharesChart(leaves: readonly MeasuredLeaf[]): ChartSpec {
  return leafChart(leaves, ({ share }) => share, {
    title: [
      'dominant share while tasks wait (%)',
      'line: least to most of the seeds',
      'tick: guaranteed part',
    ],
    axis: { format: '~%', tickCount: 6 },
    scale: { domain: [0, 1] },
    hasParts: true,
  });
}

/** Mean wait of each leaf's jobs. */
export function leafWaitsChart(leaves: readonly MeasuredLeaf[]): ChartSpec {
  return leafChart(leaves, ({ waitSeconds }) => minutes(waitSeconds), {
    title: ['mean wait of the leaf’s jobs (minutes)', 'line: least to most of the seeds'],
    axis: { tickCount: 4 },
    scale: { zero: true },
    hasParts: false,
  });
}

const minutes = ({ mean, least, most }: Spread): Spread => ({
  mean: mean / 60,
  least: least / 60,
  most: most / 60,
});

interface LeafAxis {
  readonly title: string[];
  readonly axis: { readonly format?: string; readonly tickCount: number };
  readonly scale: { readonly domain?: number[]; readonly zero?: boolean };
  readonly hasParts: boolean;
}

function leafChart(
  leaves: readonly MeasuredLeaf[],
  spreadOf: (leaf: MeasuredLeaf) => Spread,
  { title, axis, scale, hasParts }: LeafAxis,
): ChartSpec {
  const schedulers = unique(leaves.map(({ scheduler }) => scheduler));
  const panelOf = ({ trainCpus }: MeasuredLeaf) =>
    trainCpus === 0 ? 'training takes a GPU alone' : `training takes a GPU and ${trainCpus} CPUs`;
  const values = leaves.map((row) => {
    const { mean, least, most } = spreadOf(row);
    return {
      panel: panelOf(row),
      scheduler: row.scheduler,
      leaf: row.leaf,
      part: round(row.part),
      mean: round(mean),
      least: round(least),
      most: round(most),
    };
  });
  const y = {
    field: 'leaf',
    type: 'nominal',
    title: 'leaf',
    sort: unique(leaves.map(({ leaf }) => leaf)),
  } as const;
  const yOffset = { field: 'scheduler', type: 'nominal', sort: schedulers } as const;
  const color = {
    field: 'scheduler',
    type: 'nominal',
    title: 'scheduler',
    sort: schedulers,
    scale: colourScale(schedulers),
  } as const;
  const parts = {
    mark: { type: 'tick', color: 'currentColor', thickness: 2 },
    encoding: { y, yOffset, x: { field: 'part', type: 'quantitative' } },
  } as const;
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'panel', type: 'nominal', title: null, sort: unique(values.map(({ panel }) => panel)) },
    columns: 2,
    spec: {
      width: CHART_WIDTH / 2 - 60,
      height: { step: 13 },
      layer: [
        ...(hasParts ? [parts] : []),
        {
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { y, yOffset, color, x: { field: 'least', type: 'quantitative' }, x2: { field: 'most' } },
        },
        {
          mark: { type: 'point', filled: true, size: 55, opacity: 1 },
          encoding: {
            y,
            yOffset,
            color,
            x: { field: 'mean', type: 'quantitative', title, axis, scale },
            tooltip: [
              { field: 'leaf', type: 'nominal' },
              { field: 'scheduler', type: 'nominal' },
              { field: 'mean', type: 'quantitative', format: '.3~f' },
              { field: 'least', type: 'quantitative', format: '.3~f' },
              { field: 'most', type: 'quantitative', format: '.3~f' },
            ],
          },
        },
      ],
    },
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
