/** Waits of jobs: where each was in reality, and between what and what its simulations were. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from './chart.ts';
import { PALETTE } from './palette.ts';

/** Seconds. */
export interface WaitRange {
  readonly jobId: string;
  readonly role: string;
  readonly real: number;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

/** Jobs stand side by side in the order of their real waits. */
export function waitRangesChart(jobs: readonly WaitRange[]): ChartSpec {
  const values = [...jobs]
    .sort((a, b) => a.real - b.real)
    .map((job, place) => ({
      ...job,
      place: place + 1,
      real: round(job.real),
      least: round(job.least),
      mean: round(job.mean),
      most: round(job.most),
    }));
  const x = {
    field: 'place',
    type: 'quantitative',
    title: [
      'job, by its real wait',
      'dot: real; bar: least to most of the simulations; tick: their mean',
    ] as string[],
    scale: { nice: false },
    axis: { grid: false },
  } as const;
  const title = 'wait of a job (s)';
  const tooltip = (['jobId', 'role', 'real', 'least', 'mean', 'most'] as const).map((field) => ({
    field,
    type: field === 'jobId' || field === 'role' ? ('nominal' as const) : ('quantitative' as const),
  }));
  return {
    ...CHART_BASE,
    data: { values },
    width: CHART_WIDTH,
    height: 260,
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 5, opacity: 0.35, color: PALETTE[1] },
        encoding: { x, y: { field: 'least', type: 'quantitative', title }, y2: { field: 'most' }, tooltip },
      },
      {
        mark: { type: 'tick', thickness: 2, size: 7, color: PALETTE[1] },
        encoding: { x, y: { field: 'mean', type: 'quantitative', title } },
      },
      {
        mark: { type: 'point', filled: true, size: 28, opacity: 1, color: PALETTE[0] },
        encoding: { x, y: { field: 'real', type: 'quantitative', title }, tooltip },
      },
    ],
  };
}
