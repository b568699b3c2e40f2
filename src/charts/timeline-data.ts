/** The tasks of a run packed for the timeline of the page: typed arrays in base64, sorted by role. */
import type { Run } from '../results/run.ts';
import type { ShownRoles } from './shown-roles.ts';

/** More would make the page slow to load: of larger runs, the tasks of every second, third … agent are shown. */
const TASKS_MAX = 150_000;

/** Arrays of one length, little-endian, in base64. */
export interface TimelineRun {
  readonly policy: string;
  readonly count: number;
  /** Float32 seconds since `originSeconds`. */
  readonly start: string;
  /** Float32 seconds. */
  readonly duration: string;
  /** Uint16 row number. */
  readonly agent: string;
  /** Uint8 index into the shown roles. */
  readonly role: string;
}

export interface TimelineData {
  readonly roles: readonly string[];
  /** Rows, top to bottom. */
  readonly agents: readonly string[];
  /** Of so many agents in all. */
  readonly agentCount: number;
  readonly originSeconds: number;
  readonly spanSeconds: number;
  readonly runs: readonly TimelineRun[];
}

export function timelineData(runs: readonly Run[], roles: ShownRoles): TimelineData {
  const { agentId } = runs[0].tables.agents;
  const largest = Math.max(...runs.map(({ tables }) => tables.tasks.job.length));
  const stride = Math.max(1, Math.ceil(largest / TASKS_MAX), Math.ceil(agentId.length / 65_536));
  let origin = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { tables } of runs) {
    for (const seconds of tables.tasks.startSeconds) if (seconds < origin) origin = seconds;
    for (const seconds of tables.tasks.endSeconds) if (seconds > end) end = seconds;
  }
  const hasTasks = end >= origin;
  return {
    roles: roles.names,
    agents: agentId.filter((_, agent) => agent % stride === 0),
    agentCount: agentId.length,
    originSeconds: hasTasks ? origin : 0,
    spanSeconds: hasTasks ? Math.max(end - origin, 1) : 1,
    runs: runs.map((run) => packRun(run, roles, stride, hasTasks ? origin : 0)),
  };
}

function packRun({ summary, tables }: Run, roles: ShownRoles, stride: number, origin: number): TimelineRun {
  const { tasks, jobs } = tables;
  const roleOf = (task: number) => roles.names.indexOf(roles.nameOf(jobs.role[tasks.job[task]]));
  const shown = Array.from(tasks.job.keys()).filter(
    (task) =>
      tasks.agent[task] >= 0 && tasks.agent[task] % stride === 0 && !Number.isNaN(tasks.endSeconds[task]),
  );
  const role = Uint8Array.from(shown, roleOf);
  const order = Array.from(shown.keys()).sort((a, b) => role[a] - role[b] || a - b);
  return {
    policy: summary.policy,
    count: shown.length,
    start: base64(Float32Array.from(order, (i) => tasks.startSeconds[shown[i]] - origin)),
    duration: base64(
      Float32Array.from(order, (i) => tasks.endSeconds[shown[i]] - tasks.startSeconds[shown[i]]),
    ),
    agent: base64(Uint16Array.from(order, (i) => tasks.agent[shown[i]] / stride)),
    role: base64(Uint8Array.from(order, (i) => role[i])),
  };
}

function base64(values: Float32Array | Uint16Array | Uint8Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
