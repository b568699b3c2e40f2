/** Waiting tasks over time, policies compared. */
import type { Run } from '../results/run.ts';
import { type ChartSpec, colourScale, SCHEMA, short, timeUnit } from './chart.ts';
import { longestSeconds } from './dominant-share.ts';

export function queueLengthChart(runs: readonly Run[], width = 640): ChartSpec {
  const unit = timeUnit(longestSeconds(runs));
  const policies = runs.map(({ summary }) => summary.policy);
  return {
    $schema: SCHEMA,
    data: { values: runs.flatMap((run) => waitingOverTime(run, unit.seconds)) },
    width,
    height: 160,
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5 },
    encoding: {
      x: { field: 'time', type: 'quantitative', title: `time since the trace’s start (${unit.name})` },
      y: { field: 'waiting', type: 'quantitative', title: 'waiting tasks' },
      color: { field: 'policy', type: 'nominal', title: 'policy', scale: colourScale(policies) },
    },
  };
}

function waitingOverTime({ summary, tables }: Run, unitSeconds: number) {
  const { rolesOverTime: table } = tables;
  const waiting = new Map<number, number>();
  table.timeSeconds.forEach((time, row) => {
    waiting.set(time, (waiting.get(time) ?? 0) + table.waitingTasks[row]);
  });
  return [...waiting].map(([time, tasks]) => ({
    policy: summary.policy,
    time: short(time / unitSeconds),
    waiting: tasks,
  }));
}
