/** What is in a trace: jobs, tasks, roles, span, demand against capacity, and what was left out. */
import { clusterCapacity } from '../../cluster/cluster.ts';
import { MILLI, RESOURCE_UNITS } from '../../cluster/resources.ts';
import { US_PER_SECOND, usToSeconds } from '../../cluster/time.ts';
import { distribution } from '../../metrics/distribution.ts';
import { formatCount, formatNumber, formatSeconds, formatShare } from '../../metrics/format-values.ts';
import type { Distribution } from '../../metrics/summary.ts';
import { jobTasks, type Workload } from '../../workload/workload.ts';
import { textTable } from '../text-table.ts';
import type { LoadedInput } from './load-input.ts';

/** Roles shown; `--json` has all. */
const MAX_ROLES = 20;

export interface TraceInfo {
  readonly name: string;
  readonly format: string;
  readonly digest: string;
  readonly jobs: number;
  readonly tasks: number;
  readonly gangs: number;
  readonly firstSubmitSeconds: number;
  /** From the first submit to the last. */
  readonly spanSeconds: number;
  readonly agents: number | null;
  readonly resources: readonly {
    readonly resource: string;
    /** Natural units × seconds. */
    readonly demandSeconds: number;
    /** Natural units; `null`: the trace describes no agents. */
    readonly capacity: number | null;
    /** Demand ÷ (capacity × span). */
    readonly load: number | null;
    readonly perTask: Distribution | null;
  }[];
  readonly durationSeconds: Distribution | null;
  readonly tasksPerJob: Distribution | null;
  readonly roles: readonly {
    readonly role: string;
    readonly jobs: number;
    readonly tasks: number;
    readonly cpuShare: number;
  }[];
  readonly rows: Readonly<Record<string, number>>;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

export function traceInfo({ workload, report, format, digest }: LoadedInput): TraceInfo {
  const { jobs, tasks, cluster } = workload;
  const firstUs = jobs.count > 0 ? jobs.submitUs[0] : 0;
  const spanSeconds = jobs.count > 0 ? usToSeconds(jobs.submitUs[jobs.count - 1] - firstUs) : 0;
  const sizes = Float64Array.from({ length: jobs.count }, (_, job) => {
    const [first, end] = jobTasks(workload, job);
    return end - first;
  });
  return {
    name: workload.name,
    format,
    digest,
    jobs: jobs.count,
    tasks: tasks.count,
    gangs: jobs.isGang.reduce((sum, isGang) => sum + isGang, 0),
    firstSubmitSeconds: usToSeconds(firstUs),
    spanSeconds,
    agents: cluster?.agentIds.length ?? null,
    resources: resourceRows(workload, spanSeconds),
    durationSeconds: distribution(tasks.durationUs.map(usToSeconds)),
    tasksPerJob: distribution(sizes),
    roles: roleRows(workload),
    rows: Object.fromEntries(report.rows),
    leftOut: Object.fromEntries(report.leftOut),
    notes: report.notes,
  };
}

function resourceRows(workload: Workload, spanSeconds: number): TraceInfo['resources'] {
  const { resources, requests, tasks, cluster } = workload;
  const width = resources.length;
  const capacities = cluster && clusterCapacity(cluster);
  return resources.map((resource, r) => {
    const demandOf = (task: number) => requests.demand[tasks.request[task] * width + r] / MILLI;
    const perTask = Float64Array.from({ length: tasks.count }, (_, task) => demandOf(task));
    let demandSeconds = 0;
    for (let task = 0; task < tasks.count; task++)
      demandSeconds += (perTask[task] * tasks.durationUs[task]) / US_PER_SECOND;
    const column = cluster?.resources.indexOf(resource) ?? -1;
    const capacity = capacities && column >= 0 ? capacities[column] / MILLI : null;
    const load = capacity && spanSeconds > 0 ? demandSeconds / (capacity * spanSeconds) : null;
    return { resource, demandSeconds, capacity, load, perTask: distribution(perTask) };
  });
}

/** Roles by their part of the work in the first resource, largest first. */
function roleRows(workload: Workload): TraceInfo['roles'] {
  const { roles, jobs, tasks, requests, resources } = workload;
  const rows = roles.map((role) => ({ role, jobs: 0, tasks: 0, work: 0 }));
  let sum = 0;
  for (let job = 0; job < jobs.count; job++) {
    const row = rows[jobs.role[job]];
    const [first, end] = jobTasks(workload, job);
    row.jobs++;
    row.tasks += end - first;
    for (let task = first; task < end; task++) {
      const work = requests.demand[tasks.request[task] * resources.length] * tasks.durationUs[task];
      row.work += work;
      sum += work;
    }
  }
  return rows
    .map(({ role, jobs, tasks, work }) => ({ role, jobs, tasks, cpuShare: sum > 0 ? work / sum : 0 }))
    .sort((a, b) => b.cpuShare - a.cpuShare || b.tasks - a.tasks);
}

export function traceInfoText(info: TraceInfo): string {
  const unit = (resource: string) => RESOURCE_UNITS[resource] ?? 'units';
  const lines = [
    `${info.name} (${info.format})`,
    `${formatCount(info.jobs)} jobs (${formatCount(info.gangs)} gangs), ${formatCount(info.tasks)} tasks, ${formatCount(info.roles.length)} roles`,
    `submitted over ${formatSeconds(info.spanSeconds)}, from ${formatSeconds(info.firstSubmitSeconds)} on`,
    info.agents === null ? 'the trace describes no agents' : `${formatCount(info.agents)} agents`,
    '',
    textTable(
      ['resource', 'capacity', 'load', 'per task: mean', 'p50', 'p99', 'max'],
      info.resources.map(({ resource, capacity, load, perTask }) => [
        `${resource} (${unit(resource)})`,
        capacity === null ? '–' : formatNumber(capacity),
        load === null ? '–' : formatShare(load),
        ...spread(perTask, formatNumber),
      ]),
    ),
    textTable(
      ['', 'mean', 'p50', 'p99', 'max'],
      [
        ['task duration', ...spread(info.durationSeconds, formatSeconds)],
        ['tasks per job', ...spread(info.tasksPerJob, formatNumber)],
      ],
    ),
    textTable(
      ['role', 'jobs', 'tasks', `part of ${info.resources[0]?.resource ?? 'the'} work`],
      info.roles
        .slice(0, MAX_ROLES)
        .map(({ role, jobs, tasks, cpuShare }) => [
          role,
          formatCount(jobs),
          formatCount(tasks),
          formatShare(cpuShare),
        ]),
    ),
  ];
  if (info.roles.length > MAX_ROLES) lines.push(`${info.roles.length - MAX_ROLES} more roles are in --json`);
  for (const [file, count] of Object.entries(info.rows))
    lines.push(`${file}: ${formatCount(count)} rows read`);
  for (const [reason, count] of Object.entries(info.leftOut))
    lines.push(`left out: ${formatCount(count)} × ${reason}`);
  lines.push(...info.notes.map((note) => `note: ${note}`));
  return `${lines.join('\n')}\n`;
}

function spread(figures: Distribution | null, format: (value: number) => string): string[] {
  if (figures === null) return ['–', '–', '–', '–'];
  return [figures.mean, figures.p50, figures.p99, figures.max].map(format);
}
