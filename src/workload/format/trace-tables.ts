/** A workload as the tables of our trace format; docs/trace-format.md describes them. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { Column, ColumnValues } from '../parquet-columns.ts';
import type { Workload } from '../workload.ts';
import {
  amountColumn,
  attributeColumn,
  columnTypes,
  type TraceDocument,
  type TraceTable,
} from './trace-document.ts';

/** The columns of one table, in the order in which they are stored. */
export function traceColumns(workload: Workload, document: TraceDocument, table: TraceTable): Column[] {
  const values = tableValues(workload, table);
  return Object.entries(columnTypes(document, table)).map(([name, type]) => ({
    name,
    type,
    values: values[name],
  }));
}

function tableValues(workload: Workload, table: TraceTable): Readonly<Record<string, ColumnValues>> {
  switch (table) {
    case 'jobs':
      return jobValues(workload);
    case 'stages':
      return {
        tasks: lengths(workload.stages.firstTask),
        after: Array.from({ length: workload.stages.count }, (_, stage) => afterText(workload, stage)),
      };
    case 'tasks': {
      const { count, request, durationUs, outcome } = workload.tasks;
      return { request, durationUs, outcome: outcome ? Int32Array.from(outcome) : new Int32Array(count) };
    }
    case 'requests': {
      const { count, demand, constraints } = workload.requests;
      return {
        ...amountValues(workload.resources, count, (row, r) => demand[row * workload.resources.length + r]),
        constraints: constraints.map((all) => (all ? JSON.stringify(all) : '')),
      };
    }
    case 'agents':
      return agentValues(workload.cluster!);
    case 'agent-events':
      return eventValues(workload.cluster!);
  }
}

function jobValues({ jobs, roles }: Workload): Record<string, ColumnValues> {
  return {
    ...(jobs.ids ? { id: jobs.ids } : {}),
    role: Array.from(jobs.role, (role) => roles[role]),
    submitUs: jobs.submitUs,
    priority: jobs.priority,
    isGang: Int32Array.from(jobs.isGang),
    estimateUs: jobs.estimateUs,
    maxPerAgent: jobs.maxPerAgent ?? new Int32Array(jobs.count),
    spreadGroup: jobs.spreadGroup ?? new Int32Array(jobs.count),
    stages: lengths(jobs.firstStage),
  };
}

function agentValues(cluster: Cluster): Record<string, ColumnValues> {
  const count = cluster.agentIds.length;
  const width = cluster.resources.length;
  const attributes = [...cluster.attributes].map(
    ([name, values]) => [attributeColumn(name), values] as const,
  );
  return {
    id: cluster.agentIds,
    isAbsent: Int32Array.from({ length: count }, (_, agent) => (cluster.absent.has(agent) ? 1 : 0)),
    ...amountValues(cluster.resources, count, (agent, r) => cluster.total[agent * width + r]),
    ...Object.fromEntries(attributes),
  };
}

function eventValues({ events, resources }: Cluster): Record<string, ColumnValues> {
  return {
    timeUs: Float64Array.from(events, ({ timeUs }) => timeUs),
    agent: Int32Array.from(events, ({ agent }) => agent),
    kind: events.map(({ kind }) => kind),
    ...amountValues(resources, events.length, (event, r) => events[event].total?.[r] ?? Number.NaN),
  };
}

function amountValues(
  resources: readonly string[],
  rows: number,
  amount: (row: number, resource: number) => number,
): Record<string, ColumnValues> {
  return Object.fromEntries(
    resources.map((name, r) => [
      amountColumn(name),
      Float64Array.from({ length: rows }, (_, row) => amount(row, r)),
    ]),
  );
}

/** Stages before a stage, as numbers within its job: `0 2`. */
function afterText({ jobs, stages }: Workload, stage: number): string {
  if (stages.precedence === null) return '';
  const { firstAfter, after } = stages.precedence;
  const base = jobs.firstStage[stages.job[stage]];
  return Array.from(after.subarray(firstAfter[stage], firstAfter[stage + 1]), (other) => other - base).join(
    ' ',
  );
}

function lengths(first: Int32Array): Int32Array {
  return Int32Array.from({ length: first.length - 1 }, (_, i) => first[i + 1] - first[i]);
}
