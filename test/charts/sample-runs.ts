/**
 * Runs for charts: seeded jobs on agents with equal slots, one task a slot, served in a few plain orders. Kept apart
 * from the engine, so that a change of its decisions doesn't change every kept picture.
 */
import { stream } from '../../src/cluster/streams.ts';
import { distribution } from '../../src/metrics/distribution.ts';
import type { JobFigures, RoleMetrics } from '../../src/metrics/summary.ts';
import type { JobTable, RunTables, TaskTable } from '../../src/metrics/tables.ts';
import type { Run } from '../../src/results/run.ts';

export interface SampleSettings {
  readonly policies: readonly SamplePolicy[];
  readonly roles: readonly string[];
  readonly agents: number;
  readonly slots: number;
  readonly jobs: number;
  /** Most tasks of a job. */
  readonly tasks: number;
  readonly traceName: string;
  /** Stop here and call the runs partial. */
  readonly untilSeconds: number;
}

export type SamplePolicy = 'fifo' | 'drf' | 'sjf';

const SMALL: SampleSettings = {
  policies: ['fifo', 'drf', 'sjf'],
  roles: ['ads', 'batch', 'search'],
  agents: 6,
  slots: 3,
  jobs: 60,
  tasks: 8,
  traceName: 'sample',
  untilSeconds: Number.POSITIVE_INFINITY,
};

const INTERVALS = 48;

/** One run a policy, all of the same jobs. */
export function sampleRuns(settings: Partial<SampleSettings> = {}): Run[] {
  const all = { ...SMALL, ...settings };
  return all.policies.map((policy) => sampleRun(policy, all));
}

interface Work {
  readonly role: Int32Array;
  readonly submit: Float64Array;
  readonly seconds: Float64Array;
  readonly firstTask: Int32Array;
}

function sampleRun(policy: SamplePolicy, settings: SampleSettings): Run {
  const work = drawWork(settings);
  const tasks = place(work, policy, settings);
  const jobs = jobTable(work, tasks, settings);
  const tables = { jobs, tasks, agents: agentTable(settings), ...overTime(work, jobs, tasks, settings) };
  const isPartial = settings.untilSeconds < Number.POSITIVE_INFINITY;
  return {
    manifest: {
      layout: 1,
      version: '0.1.0',
      gitCommit: null,
      command: ['mesolab', 'simulate', settings.traceName, '--policy', settings.policies.join(',')],
      options: { agents: settings.agents, model: 'placement' },
      seed: '1',
      trace: { name: settings.traceName, format: 'sample', digest: '0123456789abcdef', leftOut: {} },
      policy,
      decisionDigest: `digest-of-${policy}`,
      status: isPartial ? 'partial' : 'complete',
      host: { node: 'v26', platform: 'linux', cpu: 'any' },
      startedAt: '2026-01-01T00:00:00.000Z',
      wallSeconds: 1,
      tasksPerSecond: tasks.job.length,
    },
    summary: summary(policy, tables, settings),
    tables,
  };
}

/** Roles come in phases, the first ones more often; a load of about 1. */
function drawWork({ roles, agents, slots, jobs, tasks }: SampleSettings): Work {
  const random = stream('sample', 'work');
  const seconds = Float64Array.from(
    { length: jobs },
    () => Math.round(20 * (0.3 - Math.log(1 - random())) ** 2) + 1,
  );
  const counts = Int32Array.from({ length: jobs }, () => 1 + Math.floor(random() ** 2 * tasks));
  const firstTask = new Int32Array(jobs + 1);
  for (let job = 0; job < jobs; job++) firstTask[job + 1] = firstTask[job] + counts[job];
  const work = seconds.reduce((sum, each, job) => sum + each * counts[job], 0);
  const span = work / (agents * slots);
  return {
    role: Int32Array.from({ length: jobs }, (_, job) =>
      Math.floor((random() ** 1.5 * roles.length + (job / jobs) * roles.length * 0.5) % roles.length),
    ),
    submit: Float64Array.from({ length: jobs }, () => Math.round(random() * span)).sort(),
    seconds,
    firstTask,
  };
}

/** The slot that is free first gets a task of the job that the policy likes most. */
function place(work: Work, policy: SamplePolicy, settings: SampleSettings): TaskTable {
  const { agents, slots, untilSeconds, roles } = settings;
  const jobs = work.submit.length;
  const taskCount = work.firstTask[jobs];
  const freeFrom = new Float64Array(agents * slots);
  const next = work.firstTask.slice();
  const table = {
    job: new Int32Array(taskCount),
    agent: new Int32Array(taskCount).fill(-1),
    startSeconds: new Float64Array(taskCount).fill(Number.NaN),
    endSeconds: new Float64Array(taskCount).fill(Number.NaN),
    attempts: new Int32Array(taskCount),
    state: new Array<string>(taskCount).fill('waiting'),
  };
  for (let job = 0; job < jobs; job++) table.job.fill(job, work.firstTask[job], work.firstTask[job + 1]);
  const held = new Float64Array(roles.length);
  const running: { end: number; role: number }[] = [];
  let queue: number[] = [];
  let submitted = 0;
  let now = 0;
  for (let placed = 0; placed < taskCount; placed++) {
    let slot = 0;
    for (let other = 1; other < freeFrom.length; other++) if (freeFrom[other] < freeFrom[slot]) slot = other;
    now = Math.max(now, freeFrom[slot]);
    if (queue.length === 0) now = Math.max(now, work.submit[submitted]);
    while (submitted < jobs && work.submit[submitted] <= now) queue.push(submitted++);
    if (now >= untilSeconds) break;
    if (policy === 'drf') {
      for (let i = running.length - 1; i >= 0; i--) {
        if (running[i].end > now) continue;
        held[running[i].role]--;
        running.splice(i, 1);
      }
    }
    const key = (job: number) =>
      policy === 'fifo' ? job : policy === 'sjf' ? work.seconds[job] : held[work.role[job]];
    const job = queue.reduce((best, other) => (key(other) < key(best) ? other : best));
    const task = next[job]++;
    if (next[job] === work.firstTask[job + 1]) queue = queue.filter((other) => other !== job);
    const end = now + work.seconds[job];
    freeFrom[slot] = end;
    held[work.role[job]]++;
    running.push({ end, role: work.role[job] });
    table.agent[task] = Math.floor(slot / slots);
    table.startSeconds[task] = now;
    table.attempts[task] = 1;
    const isOver = end <= untilSeconds;
    table.endSeconds[task] = isOver ? end : Number.NaN;
    table.state[task] = isOver ? 'finished' : 'running';
  }
  return table;
}

function jobTable(work: Work, tasks: TaskTable, { roles }: SampleSettings): JobTable {
  const count = work.submit.length;
  const extreme = (column: Float64Array, of: (...values: number[]) => number) =>
    Float64Array.from({ length: count }, (_, job) =>
      of(...column.subarray(work.firstTask[job], work.firstTask[job + 1])),
    );
  const startSeconds = extreme(tasks.startSeconds, Math.min);
  const endSeconds = extreme(tasks.endSeconds, Math.max);
  const waitSeconds = startSeconds.map((start, job) => start - work.submit[job]);
  const responseSeconds = endSeconds.map((end, job) => end - work.submit[job]);
  return {
    jobId: Array.from({ length: count }, (_, job) => `job-${job}`),
    role: Array.from(work.role, (role) => roles[role]),
    submitSeconds: work.submit,
    startSeconds,
    endSeconds,
    waitSeconds,
    responseSeconds,
    boundedSlowdown: responseSeconds.map((response, job) =>
      Math.max(1, response / Math.max(10, work.seconds[job])),
    ),
    finishTimeFairness: new Float64Array(count).fill(1),
    tasks: Int32Array.from({ length: count }, (_, job) => work.firstTask[job + 1] - work.firstTask[job]),
    unplacedTasks: new Int32Array(count),
  };
}

function agentTable({ agents, slots }: SampleSettings): RunTables['agents'] {
  return {
    agentId: Array.from({ length: agents }, (_, agent) => `agent-${agent}`),
    resources: { cpus: new Float64Array(agents).fill(slots), mem: new Float64Array(agents).fill(2 * slots) },
  };
}

/** Sampled in the middle of each interval. Memory is twice as plentiful as CPUs. */
function overTime(
  work: Work,
  jobs: JobTable,
  tasks: TaskTable,
  { roles, agents, slots }: SampleSettings,
): Pick<RunTables, 'rolesOverTime' | 'clusterOverTime'> {
  const end = latestEnd(tasks);
  const length = end / INTERVALS;
  const running = new Float64Array(INTERVALS * roles.length);
  const waiting = new Float64Array(INTERVALS * roles.length);
  const first = (seconds: number) => Math.min(INTERVALS, Math.max(0, Math.ceil(seconds / length - 0.5)));
  tasks.job.forEach((job, task) => {
    const start = Number.isNaN(tasks.startSeconds[task]) ? end : tasks.startSeconds[task];
    const stop = Number.isNaN(tasks.endSeconds[task]) ? end : tasks.endSeconds[task];
    for (let i = first(jobs.submitSeconds[job]); i < first(start); i++)
      waiting[i * roles.length + work.role[job]]++;
    for (let i = first(start); i < first(stop); i++) running[i * roles.length + work.role[job]]++;
  });
  const intervals = end > 0 ? INTERVALS : 0;
  const rows = Array.from({ length: intervals * roles.length }, (_, row) => row);
  const isActive = (row: number) => running[row] + waiting[row] > 0;
  const activeIn = Int32Array.from({ length: intervals }, (_, i) =>
    roles.reduce((sum, _, role) => sum + Number(isActive(i * roles.length + role)), 0),
  );
  const share = (i: number) =>
    roles.reduce((sum, _, role) => sum + running[i * roles.length + role], 0) / (agents * slots);
  const interval = (row: number) => Math.floor(row / roles.length);
  return {
    rolesOverTime: {
      timeSeconds: Float64Array.from(rows, (row) => interval(row) * length),
      role: rows.map((row) => roles[row % roles.length]),
      dominantShare: Float64Array.from(rows, (row) => running[row] / (agents * slots)),
      entitlement: Float64Array.from(rows, (row) => (isActive(row) ? 1 / activeIn[interval(row)] : 0)),
      waitingTasks: waiting.slice(0, rows.length),
      runningTasks: running.slice(0, rows.length),
    },
    clusterOverTime: {
      timeSeconds: Float64Array.from({ length: 2 * intervals }, (_, row) => Math.floor(row / 2) * length),
      resource: Array.from({ length: 2 * intervals }, (_, row) => (row % 2 === 0 ? 'cpus' : 'mem')),
      utilisation: Float64Array.from(
        { length: 2 * intervals },
        (_, row) => share(Math.floor(row / 2)) / (1 + (row % 2)),
      ),
      fragmentation: Float64Array.from(
        { length: 2 * intervals },
        (_, row) => fragmented(share(Math.floor(row / 2))) / (1 + (row % 2)),
      ),
    },
  };
}

/** Neither an idle cluster nor a full one has pieces that are of no use. */
function fragmented(share: number): number {
  return 0.5 * share * (1 - share);
}

function summary(policy: string, tables: RunTables, { roles }: SampleSettings): Run['summary'] {
  const { jobs, tasks, rolesOverTime: series } = tables;
  const figures = (isOf: (job: number) => boolean): JobFigures => {
    const own = jobs.jobId.map((_, job) => job).filter(isOf);
    const of = (column: Float64Array) => distribution(Float64Array.from(own, (job) => column[job]));
    return {
      jobs: own.length,
      tasks: own.reduce((sum, job) => sum + jobs.tasks[job], 0),
      unplaced: 0,
      waitSeconds: of(jobs.waitSeconds),
      responseSeconds: of(jobs.responseSeconds),
      boundedSlowdown: of(jobs.boundedSlowdown),
      finishTimeFairness: null,
    };
  };
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const rowsOfRole = Map.groupBy(series.role.keys(), (row) => series.role[row]);
  const roleMetrics = roles.map((role): RoleMetrics => {
    const rows = rowsOfRole.get(role) ?? [];
    const active = rows.filter((row) => series.entitlement[row] > 0);
    return {
      ...figures((job) => jobs.role[job] === role),
      role,
      weight: 1,
      meanDominantShare: mean(rows.map((row) => series.dominantShare[row])),
      meanEntitlement: mean(active.map((row) => series.entitlement[row])),
      meanActiveDominantShare: mean(active.map((row) => series.dominantShare[row])),
      belowEntitlementShareSeconds: 0,
      backloggedSeconds: 0,
    };
  });
  const ofResource = (column: Float64Array, resource: string) =>
    [...column].filter((_, row) => tables.clusterOverTime.resource[row] === resource);
  const utilisation = (resource: string) => ofResource(tables.clusterOverTime.utilisation, resource);
  const fragmentation = (resource: string) => ofResource(tables.clusterOverTime.fragmentation, resource);
  const makespanSeconds = latestEnd(tasks);
  return {
    policy,
    decisionDigest: `digest-of-${policy}`,
    metrics: {
      ...figures(() => true),
      makespanSeconds,
      throughputTasksPerSecond: tasks.job.length / Math.max(1, makespanSeconds),
      utilisation: { cpus: mean(utilisation('cpus')), mem: mean(utilisation('mem')) },
      fragmentation: { cpus: mean(fragmentation('cpus')), mem: mean(fragmentation('mem')) },
      queueLength: { mean: mean([...series.waitingTasks]), max: Math.max(0, ...series.waitingTasks) },
      jainIndex: jobs.jobId.length > 0 ? 0.8 + policy.length / 100 : null,
      belowEntitlementShareSeconds: 0,
      envy: null,
      offers: { made: 0, accepted: 0, declined: 0, rescinded: 0 },
      preemptions: 0,
      lostAttempts: 0,
      lostWork: { cpus: 0, mem: 0 },
    },
    roles: roleMetrics,
  };
}

/** 0: none has ended. */
function latestEnd({ endSeconds }: TaskTable): number {
  return Math.max(
    0,
    endSeconds
      .filter((seconds) => !Number.isNaN(seconds))
      .sort()
      .at(-1) ?? 0,
  );
}
