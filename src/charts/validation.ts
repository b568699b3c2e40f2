/** Waits of jobs, real against simulated: points on the line are jobs that the simulation got right. */
import type { Validation } from '../metrics/validation.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from './chart.ts';
import { colourScale } from './palette.ts';

export function validationChart({ jobs }: Validation, title: string): ChartSpec {
  const end = jobs.reduce((most, { real, simulated }) => Math.max(most, real, simulated), 0);
  const roles = [...new Set(jobs.map(({ role }) => role))].sort();
  const axis = (field: string, name: string) => ({
    field,
    type: 'quantitative' as const,
    title: `wait of a job, ${name} (s)`,
    scale: { domain: [0, end], nice: true },
  });
  return {
    ...CHART_BASE,
    title,
    width: CHART_WIDTH,
    height: CHART_WIDTH * 0.75,
    layer: [
      {
        data: { values: [{ at: 0 }, { at: end }] },
        mark: { type: 'line', strokeDash: [4, 4], color: '#888' },
        encoding: {
          x: { field: 'at', type: 'quantitative' },
          y: { field: 'at', type: 'quantitative' },
        },
      },
      {
        data: { values: [...jobs] },
        mark: { type: 'point', filled: true, opacity: 0.6, size: 30 },
        encoding: {
          x: axis('real', 'on the real cluster'),
          y: axis('simulated', 'in simulation'),
          color: { field: 'role', type: 'nominal', scale: colourScale(roles), title: 'role' },
          tooltip: [
            { field: 'jobId', title: 'job' },
            { field: 'real', title: 'real (s)', format: '.2f' },
            { field: 'simulated', title: 'simulated (s)', format: '.2f' },
          ],
        },
      },
    ],
  };
}
