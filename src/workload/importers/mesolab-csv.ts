/** Our format's CSV twin, for writing by hand: jobs.csv and agents.csv, units in the column names. */
import { closest } from 'fastest-levenshtein';
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import type { Constraint } from '../../cluster/constraints.ts';
import { InputError } from '../../cluster/errors.ts';
import type { ResourceAmounts } from '../../cluster/resources.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { type JobDescription, WorkloadBuilder } from '../builder.ts';
import { AMOUNT_COLUMNS, CONSTRAINT_PATTERN, JOB_CSV_COLUMNS, OUTCOME_NAMES } from '../format/csv-columns.ts';
import { type Row, readRows } from '../rows.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';

const REQUIRED = ['job', 'role', 'submitSeconds', 'durationSeconds'];

interface StageRow {
  readonly name: string;
  readonly after: readonly string[];
  readonly groups: { count: number; request: number; durationUs: number; outcome: number }[];
}

interface JobRows {
  readonly description: JobDescription;
  readonly stages: StageRow[];
}

export const mesolabCsv: TraceImporter = {
  format: 'mesolab-csv',
  title: 'Ours, by hand: jobs.csv and agents.csv (docs/trace-format.md)',
  roleFields: ['role'],
  options: {},

  recognise(probe) {
    const heads = probe.files.map((file) => probe.head(file).split(/\r?\n/, 1)[0].split(','));
    const isJobs = (names: string[]) => REQUIRED.every((name) => names.includes(name));
    if (heads.some(isJobs)) return 1;
    return heads.some((names) => names[0] === 'agent') ? 0.9 : 0;
  },

  async read(input, settings, report) {
    const isAgents = (file: string) => /(^|\/)agents[^/]*\.csv$/.test(file);
    const jobFile = input.files.find((file) => !isAgents(file));
    const agentFile = [...input.files, ...input.companions].find(isAgents) ?? null;
    const builder = new WorkloadBuilder(input.name.replace(/\.csv$/, ''));
    const jobs = new Map<string, JobRows>();
    if (jobFile !== undefined) {
      await readRows(
        input,
        jobFile,
        { delimiter: ',', columns: 'header', required: REQUIRED },
        report,
        (row) => {
          if (jobs.size === 0) refuseUnknownColumns(row, JOB_CSV_COLUMNS);
          if (jobs.size >= settings.maxJobs && !jobs.has(row.text('job'))) return false;
          readJobRow(row, jobs, builder);
          return true;
        },
      );
    }
    for (const { description, stages } of jobs.values()) {
      builder.job(description);
      for (const { after, groups } of stages) {
        builder.stage(after.map((name) => stages.findIndex((stage) => stage.name === name)));
        for (const { count, request, durationUs, outcome } of groups)
          builder.tasks(count, request, durationUs, outcome);
      }
    }
    return builder.finish(agentFile === null ? null : await readAgents(input, agentFile, report));
  },
};

/** A row adds tasks to a stage; rows of one job belong together by its id, those of one stage by its name. */
function readJobRow(row: Row, jobs: Map<string, JobRows>, builder: WorkloadBuilder): void {
  const id = row.text('job');
  if (id === '') throw row.error('job', 'the job has no id');
  const durationUs = secondsToUs(row.amount('durationSeconds', 'seconds'));
  const submitUs = secondsToUs(row.amount('submitSeconds', 'seconds'));
  const request = builder.request(amountsOf(row), constraintsOf(row));
  const outcome = OUTCOME_NAMES.indexOf(row.text('outcome') || OUTCOME_NAMES[0]);
  if (outcome < 0)
    throw row.error('outcome', `outcome "${row.text('outcome')}" is none of ${OUTCOME_NAMES.join(', ')}`);
  const group = {
    count: row.text('tasks') === '' ? 1 : row.count('tasks', 'tasks', 1),
    request,
    durationUs,
    outcome,
  };
  const name = row.text('stage');
  const after = row
    .text('after')
    .split(' ')
    .filter((part) => part !== '');

  const known = jobs.get(id);
  if (known === undefined) {
    refuseUnknownStages(row, after, []);
    jobs.set(id, { description: describeJob(row, id, submitUs), stages: [{ name, after, groups: [group] }] });
    return;
  }
  const stage = known.stages.find((other) => other.name === name);
  if (stage) {
    if (name === '' && !row.has('stage')) throw row.error('job', `job ${id} appears twice`, 'ROW_DUPLICATE');
    stage.groups.push(group);
    return;
  }
  refuseUnknownStages(row, after, known.stages);
  known.stages.push({ name, after, groups: [group] });
}

function describeJob(row: Row, id: string, submitUs: number): JobDescription {
  const estimate = row.optionalAmount('estimateSeconds', 'seconds');
  const maxPerAgent = row.optionalAmount('maxPerAgent', 'tasks') ?? 0;
  const group = row.text('spreadGroup');
  const gang = row.text('gang');
  if (!['', '0', '1'].includes(gang)) throw row.error('gang', `gang "${gang}" is neither 0 nor 1`);
  const role = row.text('role');
  if (role === '') throw row.error('role', 'the job has no role');
  return {
    id,
    role,
    submitUs,
    priority: row.text('priority') === '' ? 0 : row.number('priority', 'priorities'),
    isGang: gang === '1',
    estimateUs: estimate === undefined ? undefined : secondsToUs(estimate),
    ...(maxPerAgent > 0 ? { maxPerAgent } : {}),
    ...(group === '' ? {} : { spreadGroup: group }),
  };
}

function amountsOf(row: Row): ResourceAmounts {
  const amounts: Record<string, number> = {};
  for (const [column, resource] of Object.entries(AMOUNT_COLUMNS)) {
    const amount = row.optionalAmount(column, resource);
    if (amount !== undefined) amounts[resource] = amount;
  }
  for (const column of row.columns()) {
    const [, resource] = /^resource:(.+)$/.exec(column) ?? [];
    const amount = resource === undefined ? undefined : row.optionalAmount(column, resource);
    if (resource !== undefined && amount !== undefined) amounts[resource] = amount;
  }
  return amounts;
}

/** `zone=a|b; kernel>4`: all must hold. */
function constraintsOf(row: Row): Constraint[] | null {
  const text = row.text('constraints');
  if (text === '') return null;
  return text.split(';').map((part) => {
    const match = CONSTRAINT_PATTERN.exec(part.trim());
    if (!match)
      throw row.error(
        'constraints',
        `constraint "${part.trim()}" is not like zone=a|b, zone!=c, kernel<5 or kernel>4`,
      );
    const operator = ({ '=': 'in', '!=': 'notIn', '<': 'less', '>': 'greater' } as const)[match[2] as '='];
    return { attribute: match[1], operator, values: match[3].split('|') };
  });
}

async function readAgents(input: TraceInput, file: string, report: ImportReport): Promise<Cluster> {
  const agents: AgentDescription[] = [];
  const seen = new Set<string>();
  await readRows(input, file, { delimiter: ',', columns: 'header', required: ['agent'] }, report, (row) => {
    if (agents.length === 0) refuseUnknownColumns(row, ['agent', 'count', ...Object.keys(AMOUNT_COLUMNS)]);
    const id = row.text('agent');
    if (seen.has(id)) throw row.error('agent', `agent ${id} appears twice`, 'ROW_DUPLICATE');
    seen.add(id);
    const count = row.text('count') === '' ? 1 : row.count('count', 'agents', 1);
    const attributes: Record<string, string> = {};
    for (const column of row.columns()) {
      const [, name] = /^attribute:(.+)$/.exec(column) ?? [];
      if (name !== undefined && row.text(column) !== '') attributes[name] = row.text(column);
    }
    for (let i = 0; i < count; i++) {
      agents.push({ id: count === 1 ? id : `${id}-${i}`, resources: amountsOf(row), attributes });
    }
  });
  return buildCluster(agents);
}

function refuseUnknownColumns(row: Row, known: readonly string[]): void {
  for (const column of row.columns()) {
    if (known.includes(column) || /^(resource|attribute):./.test(column)) continue;
    throw new InputError(
      'ROW_COLUMNS',
      `there is no column "${column}"; did you mean "${closest(column, [...known])}"? docs/trace-format.md lists them`,
      { file: row.file, line: 1 },
    );
  }
}

function refuseUnknownStages(row: Row, after: readonly string[], stages: readonly StageRow[]): void {
  for (const name of after) {
    if (stages.some((stage) => stage.name === name)) continue;
    throw row.error('after', `stage "${name}" is not a stage of this job in an earlier row`);
  }
}
