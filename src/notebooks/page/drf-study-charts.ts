/** What the study of DRF against slots found (notebooks/studies/drf.ts): how much sooner jobs end, and what is used. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from '../../charts/chart.ts';
import { colourScale } from '../../charts/palette.ts';

export interface MeasuredReduction {
  readonly sharers: string;
  readonly slots: number;
  readonly sizes: string;
  readonly mean: number;
  readonly halfWidth: number;
}

/** Fall of the mean response under DRF by size of the job, a panel for each kind of sharer. */
export function reductionsChart(reductions: readonly MeasuredReduction[]): ChartSpec {
  const slots = unique(reductions.map((row) => `${row.slots}`));
  const sizes = unique(reductions.map((row) => row.sizes));
  const values = reductions.map(({ sharers, slots, sizes, mean, halfWidth }) => ({
    sharers: `fair to ${sharers}`,
    slots: `${slots}`,
    sizes,
    mean: round(mean),
    low: round(mean - halfWidth),
    high: round(mean + halfWidth),
  }));
  const x = {
    field: 'sizes',
    type: 'nominal',
    sort: sizes,
    title: 'tasks of the job (number)',
    axis: { labelAngle: -30, grid: false },
  } as const;
  const xOffset = { field: 'slots', type: 'nominal', sort: slots } as const;
  const color = {
    field: 'slots',
    type: 'nominal',
    title: 'slots an agent',
    sort: slots,
    scale: colourScale(slots),
    legend: { columns: slots.length },
  } as const;
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'sharers', type: 'nominal', title: null, sort: unique(values.map((row) => row.sharers)) },
    columns: 2,
    spec: {
      width: CHART_WIDTH / 2 - 30,
      height: 220,
      layer: [
        { mark: { type: 'rule', color: 'currentColor', opacity: 0.5 }, encoding: { y: { datum: 0 } } },
        {
          mark: { type: 'rule', strokeWidth: 1.6 },
          encoding: { x, xOffset, color, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
        },
        {
          mark: { type: 'point', filled: true, size: 50, opacity: 1 },
          encoding: {
            x,
            xOffset,
            color,
            y: {
              field: 'mean',
              type: 'quantitative',
              title: ['mean response, shorter by (%)', 'line: 95 % interval'],
              axis: { format: '~%', tickCount: 6 },
            },
            tooltip: [
              { field: 'slots', type: 'nominal', title: 'slots an agent' },
              { field: 'sizes', type: 'nominal', title: 'tasks of the job' },
              { field: 'mean', type: 'quantitative', title: 'shorter by', format: '.1%' },
              { field: 'low', type: 'quantitative', title: 'from', format: '.1%' },
              { field: 'high', type: 'quantitative', title: 'to', format: '.1%' },
            ],
          },
        },
      ],
    },
  };
}

export interface MeasuredUtilisation {
  /** `null`: DRF. */
  readonly slots: number | null;
  readonly cpus: number;
  readonly mem: number;
}

/** Mean utilisation of CPUs and memory, schedulers compared. */
export function schedulerUtilisationChart(schedulers: readonly MeasuredUtilisation[]): ChartSpec {
  const nameOf = ({ slots }: MeasuredUtilisation) => (slots === null ? 'DRF' : `${slots} slots`);
  const resources = ['CPUs', 'memory'];
  const values = schedulers.flatMap((row) => [
    { scheduler: nameOf(row), resource: resources[0], utilisation: round(row.cpus) },
    { scheduler: nameOf(row), resource: resources[1], utilisation: round(row.mem) },
  ]);
  return {
    ...CHART_BASE,
    data: { values },
    width: CHART_WIDTH,
    height: { step: 10 },
    mark: { type: 'bar' },
    encoding: {
      y: { field: 'scheduler', type: 'nominal', sort: schedulers.map(nameOf), title: 'scheduler' },
      yOffset: { field: 'resource', type: 'nominal', sort: resources },
      x: {
        field: 'utilisation',
        type: 'quantitative',
        title: 'mean utilisation from first submission to last end (%)',
        axis: { format: '~%', tickCount: 6 },
        scale: { domain: [0, 1] },
      },
      color: { field: 'resource', type: 'nominal', title: null, scale: colourScale(resources) },
      tooltip: [
        { field: 'scheduler', type: 'nominal' },
        { field: 'resource', type: 'nominal' },
        { field: 'utilisation', type: 'quantitative', format: '.1%' },
      ],
    },
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
