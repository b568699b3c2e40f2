/** The tables of our trace format as a workload. Other programs write such tables too, so nothing in them is trusted. */
import type { AgentEvent, Cluster } from '../../cluster/cluster.ts';
import type { ColumnValues } from '../parquet-columns.ts';
import { stageOnCycle } from '../stage-order.ts';
import { OUTCOME_KILLED, type StageColumns, type Workload } from '../workload.ts';
import { parseConstraintJson } from './constraint-text.ts';
import {
  amountColumn,
  attributeColumn,
  columnTypes,
  type TraceDocument,
  type TraceTable,
  tablesOf,
} from './trace-document.ts';

export type TraceTables = Readonly<Partial<Record<TraceTable, ReadonlyMap<string, ColumnValues>>>>;

/** What is wrong in the tables; `table` is where. */
export class TraceFault extends Error {
  readonly table: TraceTable;

  constructor(table: TraceTable, message: string) {
    super(message);
    this.table = table;
  }
}

/**
 * The workload of a document and its tables, which `columnTypes` must have been read of.
 * @throws TraceFault where a value is impossible or tables contradict each other
 */
export function workloadOf(document: TraceDocument, tables: TraceTables): Workload {
  for (const table of tablesOf(document)) checkRows(document, tables, table);
  const jobs = tables.jobs!;
  const requests = requestsOf(document, tables.requests!);
  const firstStage = offsets('jobs', jobs, 'stages', document.rows.stages!);
  const stages = stagesOf(document, tables.stages!, firstStage);
  const maxPerAgent = wholes('jobs', jobs, 'maxPerAgent', 0);
  const hasSpread = !isAllZero(maxPerAgent);
  const outcome = wholes('tasks', tables.tasks!, 'outcome', 0, OUTCOME_KILLED);
  return {
    name: document.name,
    resources: document.resources,
    roles: document.roles,
    jobs: {
      count: document.rows.jobs!,
      ids: document.hasJobIds ? (jobs.get('id') as readonly string[]) : null,
      role: rolesOf(document, jobs.get('role') as readonly string[]),
      submitUs: ascending('jobs', jobs, 'submitUs'),
      priority: jobs.get('priority') as Int32Array,
      isGang: new Uint8Array(wholes('jobs', jobs, 'isGang', 0, 1)),
      estimateUs: amounts('jobs', jobs, 'estimateUs', -1),
      maxPerAgent: hasSpread ? maxPerAgent : null,
      spreadGroup: hasSpread ? wholes('jobs', jobs, 'spreadGroup', 0) : null,
      firstStage,
    },
    stages,
    tasks: {
      count: document.rows.tasks!,
      stage: owners(stages.firstTask),
      request: wholes('tasks', tables.tasks!, 'request', 0, requests.count - 1),
      durationUs: amounts('tasks', tables.tasks!, 'durationUs'),
      outcome: isAllZero(outcome) ? null : new Uint8Array(outcome),
    },
    requests,
    cluster: document.agents && clusterOf(document.agents, tables.agents!, tables['agent-events']!),
    weights: new Map(Object.entries(document.weights)),
  };
}

function checkRows(document: TraceDocument, tables: TraceTables, table: TraceTable): void {
  const [column] = Object.keys(columnTypes(document, table));
  const rows = tables[table]!.get(column)!.length;
  if (rows !== document.rows[table])
    throw new TraceFault(table, `it has ${rows} rows, but trace.json says ${document.rows[table]}`);
}

function rolesOf(document: TraceDocument, names: readonly string[]): Int32Array {
  const numbers = new Map(document.roles.map((role, number) => [role, number]));
  const roles = new Int32Array(names.length);
  for (let row = 0; row < names.length; row++) {
    const number = numbers.get(names[row]);
    if (number === undefined)
      throw new TraceFault('jobs', `row ${row}: role "${names[row]}" is not among the roles of trace.json`);
    roles[row] = number;
  }
  return roles;
}

function stagesOf(
  document: TraceDocument,
  table: ReadonlyMap<string, ColumnValues>,
  firstStage: Int32Array,
): StageColumns {
  const job = owners(firstStage);
  return {
    count: document.rows.stages!,
    job,
    firstTask: offsets('stages', table, 'tasks', document.rows.tasks!),
    precedence: precedenceOf(table.get('after') as readonly string[], firstStage),
  };
}

function precedenceOf(texts: readonly string[], firstStage: Int32Array): StageColumns['precedence'] {
  if (texts.every((text) => text === '')) return null;
  const firstAfter = new Int32Array(texts.length + 1);
  const after: number[] = [];
  for (let job = 0; job + 1 < firstStage.length; job++) {
    const base = firstStage[job];
    const count = firstStage[job + 1] - base;
    const ofJob: number[][] = [];
    for (let stage = base; stage < base + count; stage++) {
      const numbers = texts[stage] === '' ? [] : texts[stage].split(' ').map(Number);
      if (!numbers.every((number) => Number.isInteger(number) && number >= 0 && number < count))
        throw new TraceFault('stages', `row ${stage}: after "${texts[stage]}" names no stages of its job`);
      for (const number of numbers) after.push(base + number);
      ofJob.push(numbers);
      firstAfter[stage + 1] = after.length;
    }
    const onCycle = ofJob.some((numbers) => numbers.length > 0) ? stageOnCycle(ofJob) : -1;
    if (onCycle >= 0) throw new TraceFault('stages', `row ${base + onCycle}: the stage waits for itself`);
  }
  return { firstAfter, after: Int32Array.from(after) };
}

function requestsOf(document: TraceDocument, table: ReadonlyMap<string, ColumnValues>): Workload['requests'] {
  const count = document.rows.requests!;
  const constraints = (table.get('constraints') as readonly string[]).map((text, row) => {
    if (text === '') return null;
    const parsed = parseConstraintJson(text);
    if (parsed === null)
      throw new TraceFault('requests', `row ${row}: constraints "${text}" are not a list of constraints`);
    return parsed;
  });
  return { count, demand: interleaved('requests', table, document.resources, count), constraints };
}

function clusterOf(
  { resources, attributes }: NonNullable<TraceDocument['agents']>,
  table: ReadonlyMap<string, ColumnValues>,
  events: ReadonlyMap<string, ColumnValues>,
): Cluster {
  const agentIds = table.get('id') as readonly string[];
  const seen = new Set<string>();
  agentIds.forEach((id, row) => {
    if (seen.has(id)) throw new TraceFault('agents', `row ${row}: agent "${id}" appears twice`);
    seen.add(id);
  });
  const isAbsent = wholes('agents', table, 'isAbsent', 0, 1);
  return {
    resources,
    agentIds,
    total: interleaved('agents', table, resources, agentIds.length),
    attributes: new Map(
      attributes.map((name) => [name, table.get(attributeColumn(name)) as readonly (string | null)[]]),
    ),
    absent: new Set(agentIds.flatMap((_, agent) => (isAbsent[agent] === 1 ? [agent] : []))),
    events: eventsOf(resources, agentIds.length, events),
  };
}

function eventsOf(
  resources: readonly string[],
  agentCount: number,
  table: ReadonlyMap<string, ColumnValues>,
): AgentEvent[] {
  const timeUs = ascending('agent-events', table, 'timeUs');
  const agent = wholes('agent-events', table, 'agent', 0, agentCount - 1);
  const columns = resources.map((name) => table.get(amountColumn(name)) as Float64Array);
  return (table.get('kind') as readonly string[]).map((kind, row) => {
    if (kind !== 'join' && kind !== 'leave' && kind !== 'change')
      throw new TraceFault('agent-events', `row ${row}: kind "${kind}" is none of join, leave, change`);
    const total = Float64Array.from(columns, (column) => column[row]);
    if (total.every(Number.isNaN)) return { timeUs: timeUs[row], agent: agent[row], kind, total: null };
    if (!total.every((amount) => amount >= 0 && amount < Number.POSITIVE_INFINITY))
      throw new TraceFault('agent-events', `row ${row}: amounts must be numbers from 0, or all be empty`);
    return { timeUs: timeUs[row], agent: agent[row], kind, total };
  });
}

/** Amounts row by row out of a column for each resource. */
function interleaved(
  name: TraceTable,
  table: ReadonlyMap<string, ColumnValues>,
  resources: readonly string[],
  rows: number,
): Float64Array {
  const all = new Float64Array(rows * resources.length);
  resources.forEach((resource, r) => {
    const column = amounts(name, table, amountColumn(resource));
    for (let row = 0; row < rows; row++) all[row * resources.length + r] = column[row];
  });
  return all;
}

/** A column of finite numbers from 0. @param alsoAllowed one more value, which stands for "unknown" */
function amounts(
  name: TraceTable,
  table: ReadonlyMap<string, ColumnValues>,
  column: string,
  alsoAllowed = 0,
): Float64Array {
  const values = table.get(column) as Float64Array;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY) && value !== alsoAllowed)
      throw new TraceFault(name, `row ${row}: ${column} ${value} is not a number from 0`);
  }
  return values;
}

function ascending(name: TraceTable, table: ReadonlyMap<string, ColumnValues>, column: string): Float64Array {
  const values = amounts(name, table, column);
  for (let row = 1; row < values.length; row++) {
    if (values[row - 1] > values[row])
      throw new TraceFault(name, `row ${row}: ${column} ${values[row]} is before that of the row above`);
  }
  return values;
}

function wholes(
  name: TraceTable,
  table: ReadonlyMap<string, ColumnValues>,
  column: string,
  least: number,
  most = Number.POSITIVE_INFINITY,
): Int32Array {
  const values = table.get(column) as Int32Array;
  for (let row = 0; row < values.length; row++) {
    if (values[row] >= least && values[row] <= most) continue;
    const expected = most === Number.POSITIVE_INFINITY ? `at least ${least}` : `from ${least} to ${most}`;
    throw new TraceFault(name, `row ${row}: ${column} ${values[row]} is not ${expected}`);
  }
  return values;
}

/** Where the parts of each row begin in another table, from their numbers; the last entry is its length. */
function offsets(
  name: TraceTable,
  table: ReadonlyMap<string, ColumnValues>,
  column: string,
  expected: number,
): Int32Array {
  // A stage or job with nothing in it would never end, and keep waiting what comes after it.
  const counts = wholes(name, table, column, 1);
  const first = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) first[i + 1] = first[i] + counts[i];
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i];
  if (sum !== expected)
    throw new TraceFault(name, `${column} sum up to ${sum}, but the table "${column}" has ${expected} rows`);
  return first;
}

/** For each item, which of the ranges `first[i]` … `first[i + 1] − 1` it is in. */
function owners(first: Int32Array): Int32Array {
  const owner = new Int32Array(first[first.length - 1]);
  let at = 0;
  for (let i = 0; i + 1 < first.length; i++) while (at < first[i + 1]) owner[at++] = i;
  return owner;
}

/** A loop, as in all checks of columns: the methods of typed arrays call back for each of tens of millions of values. */
function isAllZero(values: Int32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false;
  return true;
}
