/** `trace.json` of our trace format: what a trace has besides its tables, and which columns the tables have. */
import type { ColumnType } from '../parquet-columns.ts';
import type { Workload } from '../workload.ts';

export const TRACE_LAYOUT = 1;
export const DOCUMENT_FILE = 'trace.json';
/** Each is kept in `NAME.parquet`; the last two only if the trace describes its agents. */
export const TRACE_TABLES = ['jobs', 'stages', 'tasks', 'requests', 'agents', 'agent-events'] as const;
export type TraceTable = (typeof TRACE_TABLES)[number];

export interface TraceDocument {
  readonly layout: typeof TRACE_LAYOUT;
  readonly name: string;
  /** How the trace was made, for people. */
  readonly origin: string;
  /** Of tasks; the order is that of the workload's columns. */
  readonly resources: readonly string[];
  readonly roles: readonly string[];
  /** By role; roles without one are not listed. */
  readonly weights: Readonly<Record<string, number>>;
  /** Whether jobs have ids other than their numbers. */
  readonly hasJobIds: boolean;
  /** `null`: the trace describes no agents. */
  readonly agents: { readonly resources: readonly string[]; readonly attributes: readonly string[] } | null;
  /** Rows by table, to tell a whole trace from a part of one. */
  readonly rows: Readonly<Partial<Record<TraceTable, number>>>;
}

export function traceDocument(workload: Workload, origin: string): TraceDocument {
  const { name, resources, roles, weights, cluster, jobs, stages, tasks, requests } = workload;
  return {
    layout: TRACE_LAYOUT,
    name,
    origin,
    resources,
    roles,
    weights: Object.fromEntries(weights),
    hasJobIds: jobs.ids !== null,
    agents: cluster && { resources: cluster.resources, attributes: [...cluster.attributes.keys()] },
    rows: {
      jobs: jobs.count,
      stages: stages.count,
      tasks: tasks.count,
      requests: requests.count,
      ...(cluster ? { agents: cluster.agentIds.length, 'agent-events': cluster.events.length } : {}),
    },
  };
}

/** The tables that a trace of this document has. */
export function tablesOf(document: TraceDocument): TraceTable[] {
  return TRACE_TABLES.filter((table) => document.agents !== null || !table.startsWith('agent'));
}

/** The columns of a table, in the order in which they are stored. */
export function columnTypes(document: TraceDocument, table: TraceTable): Record<string, ColumnType> {
  const amounts = (resources: readonly string[]) =>
    Object.fromEntries(resources.map((name) => [amountColumn(name), 'double' as const]));
  switch (table) {
    case 'jobs':
      return {
        ...(document.hasJobIds ? { id: 'text' } : {}),
        role: 'text',
        submitUs: 'double',
        priority: 'integer',
        isGang: 'integer',
        estimateUs: 'double',
        maxPerAgent: 'integer',
        spreadGroup: 'integer',
        stages: 'integer',
      };
    case 'stages':
      return { tasks: 'integer', after: 'text' };
    case 'tasks':
      return { request: 'integer', durationUs: 'double', outcome: 'integer' };
    case 'requests':
      return { ...amounts(document.resources), constraints: 'text' };
    case 'agents': {
      const { resources, attributes } = document.agents!;
      const ofAttributes = attributes.map((name) => [attributeColumn(name), 'optionalText' as const]);
      return { id: 'text', isAbsent: 'integer', ...amounts(resources), ...Object.fromEntries(ofAttributes) };
    }
    case 'agent-events':
      return { timeUs: 'double', agent: 'integer', kind: 'text', ...amounts(document.agents!.resources) };
  }
}

/** `cpusMilli`: thousandths of the resource. */
export function amountColumn(resource: string): string {
  return `${resource}Milli`;
}

export function attributeColumn(attribute: string): string {
  return `attribute:${attribute}`;
}
