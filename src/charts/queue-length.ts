/** Waiting tasks over time, policies compared. */
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round, timeAxis, timeUnit } from './chart.ts';
import { endOfRuns, overTime } from './over-time.ts';
import { CHOSEN_POLICY, policyLines } from './policy-lines.ts';
import { runNames } from './run-names.ts';

export function queueLengthChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const end = endOfRuns(runs);
  const unit = timeUnit(end);
  const values = runs.flatMap((run, index) => pointsOf(run, names[index], unit.seconds));
  const most = values.reduce((max, { waiting }) => Math.max(max, waiting), 0);
  return {
    ...CHART_BASE,
    data: { values },
    width: CHART_WIDTH,
    height: 180,
    params: [CHOSEN_POLICY],
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.6 },
    encoding: {
      x: timeAxis(unit, end),
      y: {
        field: 'waiting',
        type: 'quantitative',
        title: 'waiting tasks (number)',
        scale: { domain: [0, most || 1], nice: true },
      },
      ...policyLines(names),
    },
  };
}

function pointsOf({ tables }: Run, policy: string, unitSeconds: number) {
  const { rolesOverTime: table } = tables;
  const series = overTime(table.timeSeconds, table.waitingTasks, 1, () => 0);
  return series.timeSeconds.map((seconds, point) => ({
    policy,
    time: round(seconds / unitSeconds),
    waiting: round(series.sums[0][point]),
  }));
}
