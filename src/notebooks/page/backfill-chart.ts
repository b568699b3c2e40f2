/** Parallel jobs on processors over time, a panel a policy: for examples of a few jobs. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from '../../charts/chart.ts';
import { colourScale } from '../../charts/palette.ts';
import type { Run } from '../../results/run.ts';

/** Every agent is a processor. */
export function jobsChart(runs: readonly Run[]): ChartSpec {
  const names = [...runs[0].tables.jobs.jobId].sort();
  const processors = runs[0].tables.agents.agentId.length;
  const values = runs.flatMap(({ summary: { policy }, tables: { jobs, tasks } }) =>
    Array.from(tasks.agent, (processor, task) => ({
      policy,
      job: jobs.jobId[tasks.job[task]],
      start: tasks.startSeconds[task] / 60,
      end: tasks.endSeconds[task] / 60,
      processor,
      nextProcessor: processor + 1,
    })),
  );
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'policy', type: 'nominal', title: null, sort: runs.map(({ summary }) => summary.policy) },
    columns: 1,
    spec: {
      width: CHART_WIDTH,
      height: 110,
      mark: { type: 'rect', stroke: 'currentColor', strokeWidth: 0.25, strokeOpacity: 0.5 },
      encoding: {
        x: { field: 'start', type: 'quantitative', title: 'time since the first submission (min)' },
        x2: { field: 'end' },
        y: {
          field: 'processor',
          type: 'quantitative',
          title: 'processors',
          scale: { domain: [0, processors], nice: false },
          axis: { tickCount: 5 },
        },
        y2: { field: 'nextProcessor' },
        color: {
          field: 'job',
          type: 'nominal',
          title: 'job',
          scale: colourScale(names),
          legend: { symbolStrokeWidth: 0, columns: names.length },
        },
        tooltip: [
          { field: 'job', type: 'nominal' },
          { field: 'start', type: 'quantitative', title: 'start (min)', format: '.1f' },
          { field: 'end', type: 'quantitative', title: 'end (min)', format: '.1f' },
        ],
      },
    },
  };
}
