/** Which columns the tables of a run have on disk, with their types. */
import { sortResources } from '../cluster/resources.ts';
import type { RunTables } from '../metrics/tables.ts';
import type { Column, ColumnType, ColumnValues } from '../workload/parquet-columns.ts';

export type TableName = keyof RunTables;

export const TABLE_NAMES: readonly TableName[] = [
  'jobs',
  'tasks',
  'agents',
  'rolesOverTime',
  'clusterOverTime',
];

/** `rolesOverTime` is kept in `roles-over-time.parquet`. */
export function tableFile(table: TableName): string {
  return `${table.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.parquet`;
}

/** Columns of each table; an agent's resources are columns of their own, named as the resource. */
export const COLUMN_TYPES: Readonly<Record<TableName, Readonly<Record<string, ColumnType>>>> = {
  jobs: {
    jobId: 'text',
    role: 'text',
    submitSeconds: 'double',
    startSeconds: 'double',
    endSeconds: 'double',
    waitSeconds: 'double',
    responseSeconds: 'double',
    boundedSlowdown: 'double',
    finishTimeFairness: 'double',
    tasks: 'integer',
    unplacedTasks: 'integer',
  },
  tasks: {
    job: 'integer',
    agent: 'integer',
    startSeconds: 'double',
    endSeconds: 'double',
    attempts: 'integer',
    state: 'text',
  },
  agents: { agentId: 'text' },
  rolesOverTime: {
    timeSeconds: 'double',
    role: 'text',
    dominantShare: 'double',
    entitlement: 'double',
    waitingTasks: 'double',
    runningTasks: 'double',
  },
  clusterOverTime: {
    timeSeconds: 'double',
    resource: 'text',
    utilisation: 'double',
    fragmentation: 'double',
  },
};

/** The columns of one table, in the order in which they are stored. */
export function tableColumns(tables: RunTables, name: TableName): Column[] {
  const table = tables[name] as unknown as Readonly<Record<string, ColumnValues>>;
  const columns: Column[] = Object.entries(COLUMN_TYPES[name]).map(([column, type]) => ({
    name: column,
    type,
    values: table[column],
  }));
  if (name === 'agents') {
    for (const resource of sortResources(Object.keys(tables.agents.resources))) {
      columns.push({ name: resource, type: 'double', values: tables.agents.resources[resource] });
    }
  }
  return columns;
}

/** One table from its columns by name, the inverse of `tableColumns`. */
export function tableFromColumns<N extends TableName>(
  name: N,
  columns: ReadonlyMap<string, ColumnValues>,
): RunTables[N] {
  const known = COLUMN_TYPES[name];
  const table: Record<string, unknown> = {};
  const resources: Record<string, unknown> = {};
  for (const [column, values] of columns) (column in known ? table : resources)[column] = values;
  if (name === 'agents') table.resources = resources;
  return table as unknown as RunTables[N];
}
