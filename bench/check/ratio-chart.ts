/** Ratios of time with their intervals, and of instructions, beside the line that must not be passed. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from '../../src/charts/chart.ts';
import type { Comparison } from './compare.ts';
import type { InstructionCount } from './instructions.ts';

const COLOURS = { slower: '#c0392b', undecided: '#b8860b', equal: '#2c7fb8', faster: '#2e8b57' } as const;

export function ratioChart(
  comparisons: readonly Comparison[],
  counts: readonly InstructionCount[],
  threshold: number,
): ChartSpec {
  const values = [
    ...comparisons,
    ...counts.map(({ kernel, ratio, verdict }) => ({
      benchmark: `${kernel} (instructions)`,
      ratio,
      lower: ratio,
      upper: ratio,
      verdict,
    })),
  ];
  const y = {
    field: 'benchmark',
    type: 'nominal',
    title: null,
    sort: null,
    axis: { labelLimit: 400 },
  } as const;
  const scale = { zero: false, nice: true } as const;
  const color = {
    field: 'verdict',
    type: 'nominal',
    title: null,
    scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
  } as const;
  return {
    ...CHART_BASE,
    // A file that is looked at by itself, on any viewer's background.
    background: 'white',
    title: 'The change ÷ the base',
    width: CHART_WIDTH,
    height: { step: 28 },
    data: { values },
    layer: [
      { mark: { type: 'rule', color: '#888' }, encoding: { x: { datum: 1 } } },
      {
        mark: { type: 'rule', color: COLOURS.slower, strokeDash: [4, 3] },
        encoding: { x: { datum: 1 + threshold } },
      },
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: {
          y,
          color,
          x: { field: 'lower', type: 'quantitative', title: 'ratio', scale },
          x2: { field: 'upper' },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { y, color, x: { field: 'ratio', type: 'quantitative', scale } },
      },
    ],
  };
}
