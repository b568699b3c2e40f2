/** Our trace format: a workload as four tables and a JSON document, both ways. docs/trace-format.md describes it. */
import type { AgentEvent, Cluster } from '../../cluster/cluster.ts';
import type { Constraint } from '../../cluster/constraints.ts';
import type { Column, ColumnType, ColumnValues } from '../parquet-columns.ts';
import type { Workload } from '../workload.ts';

export const TRACE_LAYOUT = 1;
export const TRACE_TABLES = ['jobs', 'stages', 'tasks', 'requests'] as const;
export type TraceTable = (typeof TRACE_TABLES)[number];

/** What is small enough for JSON: `trace.json`. */
export interface TraceDocument {
  readonly layout: typeof TRACE_LAYOUT;
  readonly name: string;
  readonly resources: readonly string[];
  readonly roles: readonly string[];
  readonly weights: Readonly<Record<string, number>>;
  readonly cluster: ClusterDocument | null;
  /** Rows by table, to tell a whole trace from a part of one. */
  readonly rows: Readonly<Record<TraceTable, number>>;
}

interface ClusterDocument {
  readonly resources: readonly string[];
  readonly agentIds: readonly string[];
  /** Thousandths, agent by agent. */
  readonly total: readonly number[];
  readonly attributes: Readonly<Record<string, readonly (string | null)[]>>;
  readonly absent: readonly number[];
  readonly events: readonly {
    timeUs: number;
    agent: number;
    kind: AgentEvent['kind'];
    total: number[] | null;
  }[];
}

/** Columns that every trace has; `jobs.id` and `requests.NAMEMilli` come besides. */
export const TRACE_COLUMNS: Readonly<Record<TraceTable, Readonly<Record<string, ColumnType>>>> = {
  jobs: {
    role: 'text',
    submitUs: 'double',
    priority: 'integer',
    isGang: 'integer',
    estimateUs: 'double',
    maxPerAgent: 'integer',
    spreadGroup: 'integer',
    stages: 'integer',
  },
  stages: { tasks: 'integer', after: 'text' },
  tasks: { request: 'integer', durationUs: 'double', outcome: 'integer' },
  requests: { constraints: 'text' },
};

export function traceDocument(workload: Workload): TraceDocument {
  const { name, resources, roles, weights, cluster, jobs, stages, tasks, requests } = workload;
  return {
    layout: TRACE_LAYOUT,
    name,
    resources,
    roles,
    weights: Object.fromEntries(weights),
    cluster: cluster && {
      resources: cluster.resources,
      agentIds: cluster.agentIds,
      total: [...cluster.total],
      attributes: Object.fromEntries(cluster.attributes),
      absent: [...cluster.absent],
      events: cluster.events.map((event) => ({ ...event, total: event.total && [...event.total] })),
    },
    rows: { jobs: jobs.count, stages: stages.count, tasks: tasks.count, requests: requests.count },
  };
}

export function traceColumns(workload: Workload, table: TraceTable): Column[] {
  const { jobs, stages, tasks, requests, roles, resources } = workload;
  const integer = (name: string, values: ArrayLike<number>): Column => ({
    name,
    type: 'integer',
    values: Int32Array.from(values),
  });
  const double = (name: string, values: Float64Array): Column => ({ name, type: 'double', values });
  const text = (name: string, values: readonly string[]): Column => ({ name, type: 'text', values });
  switch (table) {
    case 'jobs':
      return [
        ...(jobs.ids === null ? [] : [text('id', jobs.ids)]),
        text(
          'role',
          Array.from(jobs.role, (role) => roles[role]),
        ),
        double('submitUs', jobs.submitUs),
        integer('priority', jobs.priority),
        integer('isGang', jobs.isGang),
        double('estimateUs', jobs.estimateUs),
        integer('maxPerAgent', jobs.maxPerAgent ?? new Int32Array(jobs.count)),
        integer('spreadGroup', jobs.spreadGroup ?? new Int32Array(jobs.count)),
        integer('stages', lengths(jobs.firstStage)),
      ];
    case 'stages':
      return [
        integer('tasks', lengths(stages.firstTask)),
        text(
          'after',
          Array.from({ length: stages.count }, (_, stage) => afterOf(workload, stage)),
        ),
      ];
    case 'tasks':
      return [
        integer('request', tasks.request),
        double('durationUs', tasks.durationUs),
        integer('outcome', tasks.outcome ?? new Uint8Array(tasks.count)),
      ];
    case 'requests':
      return [
        ...resources.map((name, r) =>
          double(
            `${name}Milli`,
            Float64Array.from(
              { length: requests.count },
              (_, q) => requests.demand[q * resources.length + r],
            ),
          ),
        ),
        text(
          'constraints',
          requests.constraints.map((constraints) => (constraints ? JSON.stringify(constraints) : '')),
        ),
      ];
  }
}

/** The workload of a document and its tables, which must be of one trace. @throws Error where they contradict each other */
export function workloadOf(
  document: TraceDocument,
  tables: Readonly<Record<TraceTable, ReadonlyMap<string, ColumnValues>>>,
): Workload {
  const { jobs, stages, tasks, requests } = tables;
  for (const table of TRACE_TABLES) {
    const [column] = Object.keys(TRACE_COLUMNS[table]);
    const rows = tables[table].get(column)!.length;
    if (rows !== document.rows[table])
      throw new Error(`${table} has ${rows} rows, trace.json says ${document.rows[table]}`);
  }
  const roleNumbers = new Map(document.roles.map((role, number) => [role, number]));
  const firstStage = offsets(jobs.get('stages') as Int32Array);
  const firstTask = offsets(stages.get('tasks') as Int32Array);
  const stageJob = owners(firstStage);
  const maxPerAgent = jobs.get('maxPerAgent') as Int32Array;
  const hasSpread = maxPerAgent.some((most) => most > 0);
  const outcome = Uint8Array.from(tasks.get('outcome') as Int32Array);
  return {
    name: document.name,
    resources: document.resources,
    roles: document.roles,
    jobs: {
      count: document.rows.jobs,
      ids: (jobs.get('id') as readonly string[] | undefined) ?? null,
      role: Int32Array.from(jobs.get('role') as readonly string[], (role) => {
        const number = roleNumbers.get(role);
        if (number === undefined)
          throw new Error(`jobs name the role "${role}", which trace.json does not have`);
        return number;
      }),
      submitUs: jobs.get('submitUs') as Float64Array,
      priority: jobs.get('priority') as Int32Array,
      isGang: Uint8Array.from(jobs.get('isGang') as Int32Array),
      estimateUs: jobs.get('estimateUs') as Float64Array,
      maxPerAgent: hasSpread ? maxPerAgent : null,
      spreadGroup: hasSpread ? (jobs.get('spreadGroup') as Int32Array) : null,
      firstStage,
    },
    stages: {
      count: document.rows.stages,
      job: stageJob,
      firstTask,
      precedence: precedenceOf(stages.get('after') as readonly string[], firstStage, stageJob),
    },
    tasks: {
      count: document.rows.tasks,
      stage: owners(firstTask),
      request: tasks.get('request') as Int32Array,
      durationUs: tasks.get('durationUs') as Float64Array,
      outcome: outcome.some((value) => value !== 0) ? outcome : null,
    },
    requests: requestsOf(document, requests),
    cluster: document.cluster && clusterOf(document.cluster),
    weights: new Map(Object.entries(document.weights)),
  };
}

function requestsOf(document: TraceDocument, table: ReadonlyMap<string, ColumnValues>): Workload['requests'] {
  const count = document.rows.requests;
  const width = document.resources.length;
  const demand = new Float64Array(count * width);
  document.resources.forEach((name, r) => {
    const column = table.get(`${name}Milli`) as Float64Array | undefined;
    if (column === undefined) throw new Error(`requests have no column "${name}Milli"`);
    for (let q = 0; q < count; q++) demand[q * width + r] = column[q];
  });
  const constraints = (table.get('constraints') as readonly string[]).map((text) =>
    text === '' ? null : (JSON.parse(text) as Constraint[]),
  );
  return { count, demand, constraints };
}

function clusterOf(document: ClusterDocument): Cluster {
  return {
    resources: document.resources,
    agentIds: document.agentIds,
    total: Float64Array.from(document.total),
    attributes: new Map(Object.entries(document.attributes)),
    absent: new Set(document.absent),
    events: document.events.map((event) => ({
      ...event,
      total: event.total && Float64Array.from(event.total),
    })),
  };
}

/** Stages before a stage, as numbers within its job: `0 2`. */
function afterOf({ jobs, stages }: Workload, stage: number): string {
  if (stages.precedence === null) return '';
  const { firstAfter, after } = stages.precedence;
  const base = jobs.firstStage[stages.job[stage]];
  return Array.from(after.subarray(firstAfter[stage], firstAfter[stage + 1]), (other) => other - base).join(
    ' ',
  );
}

function precedenceOf(
  texts: readonly string[],
  firstStage: Int32Array,
  stageJob: Int32Array,
): Workload['stages']['precedence'] {
  if (texts.every((text) => text === '')) return null;
  const firstAfter = new Int32Array(texts.length + 1);
  const after: number[] = [];
  texts.forEach((text, stage) => {
    if (text !== '')
      for (const number of text.split(' ')) after.push(firstStage[stageJob[stage]] + Number(number));
    firstAfter[stage + 1] = after.length;
  });
  return { firstAfter, after: Int32Array.from(after) };
}

function lengths(first: Int32Array): Int32Array {
  return Int32Array.from({ length: first.length - 1 }, (_, i) => first[i + 1] - first[i]);
}

function offsets(counts: Int32Array): Int32Array {
  const first = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) first[i + 1] = first[i] + counts[i];
  return first;
}

/** For each item, which of the ranges `first[i]` … `first[i + 1] − 1` it is in. */
function owners(first: Int32Array): Int32Array {
  const owner = new Int32Array(first[first.length - 1]);
  for (let i = 0; i + 1 < first.length; i++) owner.fill(i, first[i], first[i + 1]);
  return owner;
}
