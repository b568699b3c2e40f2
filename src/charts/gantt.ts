/** Gantt chart: each task's last attempt as a bar on its agent, coloured by role, a panel a policy. */
import type { Run } from '../results/run.ts';
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round, timeAxis, timeUnit } from './chart.ts';
import { endOfRuns } from './over-time.ts';
import { colourScale } from './palette.ts';
import { runNames } from './run-names.ts';
import { type ShownRoles, shownRoles } from './shown-roles.ts';
import { assignLanes } from './timeline-lanes.ts';

/** Bars in a panel: more would be thinner than ink; the timeline of the report and the heat map show more. */
const BARS_MAX = 1500;
const LANE_HEIGHT = 6;
const ROW_HEIGHT_MIN = 14;
const HEIGHT_MAX = 320;

/** Of more tasks than a chart can show, the first agents, and the axis says how many of them. */
export function ganttChart(runs: readonly Run[]): ChartSpec {
  const names = runNames(runs);
  const roles = shownRoles(runs);
  const end = endOfRuns(runs);
  const unit = timeUnit(end);
  const all = runs.reduce((most, { tables }) => Math.max(most, tables.agents.agentId.length), 0);
  const agents = Math.min(all, ...runs.map(agentsThatFit));
  const panels = runs.map((run, index) => barsOf(run, names[index], roles, agents, end, unit.seconds));
  const lanes = panels.reduce((most, panel) => Math.max(most, panel.lanes), 1);
  const height = agents * Math.max(ROW_HEIGHT_MIN, LANE_HEIGHT * lanes);
  return {
    ...CHART_BASE,
    data: { values: panels.flatMap(({ bars }) => bars) },
    facet: { field: 'policy', type: 'nominal', title: null, sort: names },
    columns: 1,
    spec: {
      width: CHART_WIDTH,
      height: Math.max(40, Math.min(HEIGHT_MAX, height)),
      params: [{ name: 'chosenRole', select: { type: 'point', fields: ['role'] }, bind: 'legend' }],
      mark: { type: 'rect', stroke: 'currentColor', strokeWidth: 0.25, strokeOpacity: 0.5, clip: true },
      encoding: {
        x: timeAxis(unit, end),
        x2: { field: 'timeEnd' },
        y: {
          field: 'lane',
          type: 'quantitative',
          title: agents < all ? ['agent (number)', `first ${agents} of ${all}`] : 'agent (number)',
          scale: { domain: [0, agents || 1], nice: false, reverse: true },
          axis: { tickMinStep: 1, tickCount: Math.min(agents, 10) },
        },
        y2: { field: 'laneEnd' },
        color: {
          field: 'role',
          type: 'nominal',
          title: 'role',
          scale: colourScale(roles.names),
          legend: { symbolStrokeWidth: 0 },
        },
        opacity: { condition: { param: 'chosenRole', value: 1 }, value: 0.12 },
        tooltip: [
          { field: 'job', type: 'nominal' },
          { field: 'role', type: 'nominal' },
          { field: 'agent', type: 'nominal' },
          { field: 'time', type: 'quantitative', title: `start (${unit.name})` },
          { field: 'timeEnd', type: 'quantitative', title: `end (${unit.name})` },
        ],
      },
    },
  };
}

/** One agent at least. */
function agentsThatFit({ tables }: Run): number {
  const count = new Int32Array(tables.agents.agentId.length);
  for (const agent of tables.tasks.agent) if (agent >= 0) count[agent]++;
  let bars = 0;
  const over = count.findIndex((tasks) => {
    bars += tasks;
    return bars > BARS_MAX;
  });
  return over < 0 ? count.length : Math.max(1, over);
}

function barsOf(
  { tables: { tasks, jobs, agents } }: Run,
  policy: string,
  roles: ShownRoles,
  agentCount: number,
  end: number,
  unitSeconds: number,
) {
  const isShown = (task: number) => tasks.agent[task] >= 0 && tasks.agent[task] < agentCount;
  const shown = Int32Array.from(tasks.agent.keys()).filter(isShown);
  const start = Float32Array.from(shown, (task) => tasks.startSeconds[task]);
  // What still runs when a partial run stops has no end yet.
  const stop = Float32Array.from(shown, (task) =>
    Number.isNaN(tasks.endSeconds[task]) ? end : tasks.endSeconds[task],
  );
  const { lane, laneCount } = assignLanes(
    start,
    stop,
    Uint16Array.from(shown, (task) => tasks.agent[task]),
    agentCount,
  );
  const bars = Array.from(shown, (task, bar) => {
    const agent = tasks.agent[task];
    const job = tasks.job[task];
    const height = 1 / laneCount[agent];
    return {
      policy,
      role: roles.names[roles.indexOf(jobs.role[job])],
      job: jobs.jobId[job],
      agent: agents.agentId[agent],
      time: round(start[bar] / unitSeconds),
      timeEnd: round(stop[bar] / unitSeconds),
      lane: round(agent + lane[bar] * height),
      laneEnd: round(agent + (lane[bar] + 1) * height),
    };
  });
  return { bars, lanes: laneCount.reduce((most, count) => Math.max(most, count), 1) };
}
