/** The timeline's data: every task of every run, packed into typed arrays that a page unpacks without parsing. */
import type { Run } from '../results/run.ts';
import { timeUnit } from './chart.ts';
import { endOfRuns } from './over-time.ts';
import { PALETTE } from './palette.ts';
import { runNames } from './run-names.ts';
import { type ShownRoles, shownRoles } from './shown-roles.ts';

/** Over all runs. A page of more would be too large to send around: then every second, third … agent is shown. */
const TASKS_MAX = 450_000;
const AGENTS_MAX = 65_535;

/** Little-endian typed arrays in base64, as the names of the fields say. */
export interface TimelineData {
  readonly endSeconds: number;
  readonly unit: { readonly name: string; readonly seconds: number };
  /** Names of all roles, and by role the place of its colour. */
  readonly roles: readonly string[];
  readonly colourOfRole: readonly number[];
  readonly colours: readonly string[];
  /** What each colour stands for. */
  readonly colourNames: readonly string[];
  readonly states: readonly string[];
  /** Every n-th agent of each run is shown. */
  readonly agentStep: number;
  readonly agentLists: readonly (readonly string[])[];
  readonly workloads: readonly TimelineWorkload[];
  /** Columns by task, each kept once: durations and states are mostly the same under all policies. */
  readonly columns: readonly string[];
  readonly runs: readonly TimelineRun[];
}

/** What runs of one workload share: jobs and which tasks they have. */
export interface TimelineWorkload {
  readonly jobs: readonly string[];
  /** By job: place in `roles`. */
  readonly roleOfJobUint16: string;
  /** By task. */
  readonly jobOfTaskInt32: string;
}

/** Numbers are places in the lists of `TimelineData`. */
export interface TimelineRun {
  readonly name: string;
  readonly agentList: number;
  readonly workload: number;
  /** Seconds; NaN: never started. */
  readonly startFloat32: number;
  readonly durationFloat32: number;
  /** Row of the timeline; any for tasks that never started. */
  readonly agentUint16: number;
  readonly stateUint8: number;
}

export function timelineData(runs: readonly Run[]): TimelineData {
  const endSeconds = endOfRuns(runs);
  const shown = shownRoles(runs);
  const roles = allRoles(runs, shown);
  const states = [...new Set(runs.flatMap(({ tables }) => [...new Set(tables.tasks.state)]))].sort();
  const taskCount = runs.reduce((sum, { tables }) => sum + tables.tasks.job.length, 0);
  const agentCount = Math.max(0, ...runs.map(({ tables }) => tables.agents.agentId.length));
  const agentStep = Math.max(1, Math.ceil(taskCount / TASKS_MAX), Math.ceil(agentCount / AGENTS_MAX));
  const agentLists = new SharedValues<readonly string[]>();
  const workloads = new SharedValues<TimelineWorkload>();
  const columns = new SharedValues<string>();
  const names = runNames(runs);
  const packed = runs.map(({ tables }, run): TimelineRun => {
    const rows = shownTasks(tables.tasks.agent, agentStep);
    const { startSeconds, endSeconds: ends, agent, state } = tables.tasks;
    const started = (row: number) => (agent[row] < 0 ? Number.NaN : startSeconds[row]);
    // What still runs when a partial run stops has no end yet.
    const ended = (row: number) => (Number.isNaN(ends[row]) ? endSeconds : ends[row]);
    const microseconds = (seconds: number) => Math.round(seconds * 1e6) / 1e6;
    return {
      name: names[run],
      agentList: agentLists.placeOf(tables.agents.agentId.filter((_, place) => place % agentStep === 0)),
      workload: workloads.placeOf(packWorkload(tables.jobs, tables.tasks.job, rows, roles)),
      startFloat32: columns.placeOf(base64(Float32Array.from(rows, started))),
      // Rounded, as else the difference of equal durations would be noise that keeps runs from sharing them.
      durationFloat32: columns.placeOf(
        base64(Float32Array.from(rows, (row) => microseconds(ended(row) - started(row)))),
      ),
      agentUint16: columns.placeOf(
        base64(Uint16Array.from(rows, (row) => Math.max(0, Math.floor(agent[row] / agentStep)))),
      ),
      stateUint8: columns.placeOf(base64(Uint8Array.from(rows, (row) => states.indexOf(state[row])))),
    };
  });
  return {
    endSeconds,
    unit: timeUnit(endSeconds),
    roles,
    colourOfRole: roles.map((role) => shown.indexOf(role)),
    colours: PALETTE,
    colourNames: shown.names,
    states,
    agentStep,
    agentLists: agentLists.values,
    workloads: workloads.values,
    columns: columns.values,
    runs: packed,
  };
}

function allRoles(runs: readonly Run[], shown: ShownRoles): string[] {
  const roles = new Set(runs.flatMap(({ tables }) => [...new Set(tables.jobs.role)]));
  return [...roles].sort((a, b) => shown.indexOf(a) - shown.indexOf(b) || (a < b ? -1 : 1));
}

/** All tasks where all agents are shown, so that runs can share a workload. */
function shownTasks(agent: Int32Array, agentStep: number): Int32Array {
  const rows = Int32Array.from(agent.keys());
  return agentStep === 1 ? rows : rows.filter((row) => agent[row] >= 0 && agent[row] % agentStep === 0);
}

/** Only jobs with shown tasks, renumbered. */
function packWorkload(
  jobs: Run['tables']['jobs'],
  jobOfTask: Int32Array,
  rows: Int32Array,
  roles: readonly string[],
): TimelineWorkload {
  const used = [...new Set(Array.from(rows, (row) => jobOfTask[row]))];
  const place = new Map(used.map((job, index) => [job, index]));
  const placeOfRole = new Map(roles.map((role, index) => [role, index]));
  return {
    jobs: used.map((job) => jobs.jobId[job]),
    roleOfJobUint16: base64(Uint16Array.from(used, (job) => placeOfRole.get(jobs.role[job])!)),
    jobOfTaskInt32: base64(Int32Array.from(rows, (row) => place.get(jobOfTask[row])!)),
  };
}

/** Keeps equal values once. */
class SharedValues<T> {
  readonly values: T[] = [];
  private readonly places = new Map<string, number>();

  placeOf(value: T): number {
    const key = JSON.stringify(value);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Int32Array | Float32Array) {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
