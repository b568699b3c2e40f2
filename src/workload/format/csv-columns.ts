/** Column names of jobs.csv and agents.csv. */

/** Resource by column; further ones are columns `resource:NAME`. Natural units. */
export const AMOUNT_COLUMNS: Readonly<Record<string, string>> = {
  cpus: 'cpus',
  memMib: 'mem',
  diskMib: 'disk',
  gpus: 'gpus',
  networkMbit: 'network',
};

export const JOB_CSV_COLUMNS: readonly string[] = [
  'job',
  'role',
  'submitSeconds',
  'stage',
  'after',
  'tasks',
  'durationSeconds',
  ...Object.keys(AMOUNT_COLUMNS),
  'estimateSeconds',
  'priority',
  'gang',
  'maxPerAgent',
  'spreadGroup',
  'constraints',
  'outcome',
];

/** By `OUTCOME_…` number. */
export const OUTCOME_NAMES: readonly string[] = ['finished', 'failed', 'killed'];

export const CONSTRAINT_PATTERN = /^([^=!<>]+)(!=|=|<|>)(.*)$/;
