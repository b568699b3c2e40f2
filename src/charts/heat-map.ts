/** How busy agents are over time: a row an agent (or as many as fit a row), a panel a policy. */
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round, timeAxis, timeUnit } from './chart.ts';
import { endOfRuns } from './over-time.ts';
import { runNames } from './run-names.ts';

const COLUMNS = 96;
const ROWS_MAX = 48;

/** One hue from clear to full: darker is busier on paper, brighter is busier on a dark screen, and grey print keeps it. */
const RAMP = ['rgba(0, 114, 178, 0.04)', 'rgba(0, 114, 178, 1)'];

/** Colour is the mean number of tasks that an agent runs, over the agents and the time of a cell. */
export function heatMapChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const end = endOfRuns(runs);
  const unit = timeUnit(end);
  const agents = runs.reduce((most, { tables }) => Math.max(most, tables.agents.agentId.length), 0);
  const perRow = Math.max(1, Math.ceil(agents / ROWS_MAX));
  const values = runs.flatMap((run, index) => cellsOf(run, names[index], end, unit.seconds, perRow));
  const most = values.reduce((max, { tasks }) => Math.max(max, tasks), 0);
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'policy', type: 'nominal', title: null, sort: names },
    columns: 1,
    spec: {
      width: CHART_WIDTH,
      height: Math.max(60, Math.min(240, 6 * Math.ceil(agents / perRow))),
      mark: { type: 'rect', clip: true },
      encoding: {
        x: { ...timeAxis(unit, end), axis: { grid: false } },
        x2: { field: 'timeEnd' },
        y: {
          field: 'agent',
          type: 'quantitative',
          title: perRow === 1 ? 'agent (number)' : ['agent (number)', `${perRow} to a row`],
          scale: { domain: [0, agents || 1], nice: false, reverse: true },
          axis: { grid: false, tickMinStep: 1 },
        },
        y2: { field: 'agentEnd' },
        color: {
          field: 'tasks',
          type: 'quantitative',
          title: 'tasks on an agent (mean number)',
          scale: { domain: [0, most || 1], range: RAMP },
          legend: { titleLimit: 400, gradientLength: 200, gradientThickness: 10, tickCount: 4 },
        },
        tooltip: [
          { field: 'agent', type: 'quantitative', title: 'agent from' },
          { field: 'time', type: 'quantitative', title: `time from (${unit.name})` },
          { field: 'tasks', type: 'quantitative', title: 'tasks on an agent' },
        ],
      },
    },
  };
}

/** Cells in which nothing ran are left out. */
function cellsOf({ tables }: Run, policy: string, end: number, unitSeconds: number, perRow: number) {
  const { agent, startSeconds, endSeconds } = tables.tasks;
  const agents = tables.agents.agentId.length;
  const rows = Math.ceil(agents / perRow);
  const length = end / COLUMNS;
  const busy = new Float64Array(rows * COLUMNS);
  for (let task = 0; task < agent.length; task++) {
    if (agent[task] < 0 || Number.isNaN(startSeconds[task])) continue;
    const row = Math.floor(agent[task] / perRow);
    // What still runs when a partial run stops has no end yet.
    const stop = Number.isNaN(endSeconds[task]) ? end : endSeconds[task];
    const last = Math.min(COLUMNS - 1, Math.floor(stop / length));
    for (let column = Math.max(0, Math.floor(startSeconds[task] / length)); column <= last; column++) {
      const overlap = Math.min(stop, (column + 1) * length) - Math.max(startSeconds[task], column * length);
      busy[row * COLUMNS + column] += Math.max(0, overlap);
    }
  }
  const cells = [];
  for (let row = 0; row < rows; row++) {
    const agentEnd = Math.min(agents, (row + 1) * perRow);
    for (let column = 0; column < COLUMNS; column++) {
      const seconds = busy[row * COLUMNS + column];
      if (seconds === 0) continue;
      cells.push({
        policy,
        agent: row * perRow,
        agentEnd,
        time: round((column * length) / unitSeconds),
        timeEnd: round(((column + 1) * length) / unitSeconds),
        tasks: round(seconds / length / (agentEnd - row * perRow)),
      });
    }
  }
  return cells;
}
