/** Files and columns of our CSV format, for the reader and the writer. docs/trace-format.md describes them. */

/** Names of the files that stand beside each other; only the first is always there. */
export const CSV_FILES = {
  jobs: 'jobs.csv',
  agents: 'agents.csv',
  events: 'agent-events.csv',
  roles: 'roles.csv',
} as const;
export type CsvTable = keyof typeof CSV_FILES;

/** Resource by column; further ones are columns `resource:NAME`. Natural units. */
export const AMOUNT_COLUMNS: Readonly<Record<string, string>> = {
  cpus: 'cpus',
  memMib: 'mem',
  diskMib: 'disk',
  gpus: 'gpus',
  networkMbit: 'network',
};

/** Columns besides `resource:NAME` and, of agents, `attribute:NAME`. */
export const CSV_COLUMNS: Readonly<Record<CsvTable, readonly string[]>> = {
  jobs: [
    'job',
    'role',
    'submitSeconds',
    'stage',
    'after',
    'tasks',
    'durationSeconds',
    'estimateSeconds',
    'priority',
    'gang',
    'maxPerAgent',
    'spreadGroup',
    'constraints',
    'outcome',
    ...Object.keys(AMOUNT_COLUMNS),
  ],
  agents: ['agent', 'count', 'absent', ...Object.keys(AMOUNT_COLUMNS)],
  events: ['seconds', 'agent', 'event', ...Object.keys(AMOUNT_COLUMNS)],
  roles: ['role', 'weight'],
};

export const REQUIRED_COLUMNS: Readonly<Record<CsvTable, readonly string[]>> = {
  jobs: ['job', 'role', 'submitSeconds', 'durationSeconds'],
  agents: ['agent'],
  events: ['seconds', 'agent', 'event'],
  roles: ['role', 'weight'],
};

/** By `OUTCOME_…` number. */
export const OUTCOME_NAMES: readonly string[] = ['finished', 'failed', 'killed'];

/** The column of a resource's amounts. */
export function amountColumn(resource: string): string {
  return Object.entries(AMOUNT_COLUMNS).find(([, name]) => name === resource)?.[0] ?? `resource:${resource}`;
}

/** The resource whose amounts a column has, `null` if it has none. */
export function resourceOf(column: string): string | null {
  return AMOUNT_COLUMNS[column] ?? /^resource:(.+)$/s.exec(column)?.[1] ?? null;
}
