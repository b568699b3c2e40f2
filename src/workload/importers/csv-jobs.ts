/** Rows of jobs.csv: a row adds tasks to a stage of a job. */
import { InputError } from '../../cluster/errors.ts';
import type { ResourceAmounts } from '../../cluster/resources.ts';
import { secondsToUs } from '../../cluster/time.ts';
import type { JobDescription, WorkloadBuilder } from '../builder.ts';
import { parseConstraintText } from '../format/constraint-text.ts';
import { OUTCOME_NAMES, resourceOf } from '../format/csv-columns.ts';
import type { Row } from '../rows.ts';
import { stageOnCycle } from '../stage-order.ts';
import type { ImportReport } from './importer.ts';

interface TaskGroup {
  readonly count: number;
  readonly request: number;
  readonly durationUs: number;
  readonly outcome: number;
}

interface StageOfRows {
  readonly name: string;
  /** Its first row. */
  readonly row: Row;
  readonly after: readonly string[];
  readonly groups: TaskGroup[];
}

interface JobOfRows {
  readonly description: JobDescription;
  readonly stages: StageOfRows[];
}

/** What describes the job rather than its tasks: rows after its first leave it empty or repeat it. */
const JOB_COLUMNS = [
  'role',
  'submitSeconds',
  'estimateSeconds',
  'priority',
  'gang',
  'maxPerAgent',
  'spreadGroup',
] as const;

export class CsvJobs {
  private readonly builder: WorkloadBuilder;
  private readonly jobs = new Map<string, JobOfRows>();

  constructor(builder: WorkloadBuilder) {
    this.builder = builder;
  }

  /** Rows of one job belong together by its id, those of one stage by its name. @throws InputError */
  add(row: Row): void {
    const id = row.text('job');
    if (id === '') throw row.error('job', 'the job has no id');
    const known = this.jobs.get(id);
    const name = row.text('stage');
    if (/\s/.test(name)) throw row.error('stage', `stage "${name}" has a blank in its name`);
    const after = row.text('after').split(/\s+/).filter(Boolean);
    const group = this.groupOf(row);
    if (known === undefined) {
      this.jobs.set(id, {
        description: describeJob(row, id),
        stages: [{ name, row, after, groups: [group] }],
      });
      return;
    }
    const first = known.stages[0].row;
    for (const column of JOB_COLUMNS) refuseOtherValue(row, first, column, 'job');
    const stage = known.stages.find((other) => other.name === name);
    if (stage === undefined) {
      known.stages.push({ name, row, after, groups: [group] });
      return;
    }
    if (!row.has('stage')) {
      const hint = 'a job of several rows needs the column stage, the same in rows of one stage';
      throw row.error('job', `job ${id} appears twice; ${hint}`, 'ROW_DUPLICATE');
    }
    refuseOtherValue(row, stage.row, 'after', 'stage');
    stage.groups.push(group);
  }

  hasJob(id: string): boolean {
    return this.jobs.has(id);
  }

  get count(): number {
    return this.jobs.size;
  }

  /** Adds all jobs to the builder; those whose stages name stages that are not there go to `report.badRow`. */
  finish(report: ImportReport): void {
    for (const job of this.jobs.values()) {
      try {
        this.build(job, precedenceOf(job.stages));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        report.badRow(error);
      }
    }
  }

  private build({ description, stages }: JobOfRows, after: readonly (readonly number[])[]): void {
    this.builder.job(description);
    stages.forEach(({ groups }, stage) => {
      this.builder.stage(after[stage]);
      for (const { count, request, durationUs, outcome } of groups)
        this.builder.tasks(count, request, durationUs, outcome);
    });
  }

  private groupOf(row: Row): TaskGroup {
    const count = row.text('tasks') === '' ? 1 : row.count('tasks', 'tasks', 1);
    const outcomeName = row.text('outcome') || OUTCOME_NAMES[0];
    const outcome = OUTCOME_NAMES.indexOf(outcomeName);
    if (outcome < 0)
      throw row.error('outcome', `outcome "${outcomeName}" is none of ${OUTCOME_NAMES.join(', ')}`);
    const constraints = row.text('constraints') === '' ? null : parseConstraintText(row.text('constraints'));
    if (constraints === null && row.text('constraints') !== '') {
      const expected = 'expected e.g. zone=a|b;kernel>4';
      throw row.error(
        'constraints',
        `constraints "${row.text('constraints')}" are not understood; ${expected}`,
      );
    }
    const durationUs = secondsToUs(row.amount('durationSeconds', 'seconds'));
    return { count, request: this.builder.request(amountsOf(row), constraints), durationUs, outcome };
  }
}

/** Amounts of a row in natural units; empty fields are left out. @throws InputError ROW_VALUE */
export function amountsOf(row: Row): ResourceAmounts {
  const amounts: Record<string, number> = {};
  for (const column of row.columns()) {
    const resource = resourceOf(column);
    if (resource === null || row.text(column) === '') continue;
    amounts[resource] = row.amount(column, resource);
  }
  return amounts;
}

/** 0 or 1; empty is 0. @throws InputError ROW_VALUE */
export function isMarked(row: Row, column: string): boolean {
  const text = row.text(column);
  if (!['', '0', '1'].includes(text)) throw row.error(column, `${column} "${text}" is neither 0 nor 1`);
  return text === '1';
}

function describeJob(row: Row, id: string): JobDescription {
  const role = row.text('role');
  if (role === '') throw row.error('role', 'the job has no role');
  const estimate = row.optionalAmount('estimateSeconds', 'seconds');
  const maxPerAgent = row.text('maxPerAgent') === '' ? 0 : row.count('maxPerAgent', 'tasks');
  const priority = row.text('priority') === '' ? 0 : row.number('priority', 'priorities');
  if (!Number.isInteger(priority)) throw row.error('priority', `priority ${priority} is not a whole number`);
  const spreadGroup = row.text('spreadGroup');
  return {
    id,
    role,
    submitUs: secondsToUs(row.amount('submitSeconds', 'seconds')),
    priority,
    isGang: isMarked(row, 'gang'),
    estimateUs: estimate === undefined ? undefined : secondsToUs(estimate),
    ...(maxPerAgent > 0 ? { maxPerAgent } : {}),
    ...(spreadGroup === '' ? {} : { spreadGroup }),
  };
}

function refuseOtherValue(row: Row, first: Row, column: string, of: string): void {
  const [text, expected] = [row.text(column), first.text(column)];
  if (text === '' || text === expected || (expected !== '' && Number(text) === Number(expected))) return;
  throw row.error(
    column,
    `${column} "${text}" is "${expected}" in the first row of this ${of} (line ${first.line})`,
  );
}

/** By stage: the numbers of the stages that it comes after. @throws InputError ROW_VALUE */
function precedenceOf(stages: readonly StageOfRows[]): number[][] {
  const numbers = new Map(stages.map(({ name }, number) => [name, number]));
  const after = stages.map((stage) =>
    stage.after.map((name) => {
      const number = numbers.get(name);
      if (number === undefined)
        throw stage.row.error('after', `stage "${name}" is not a stage of job ${stage.row.text('job')}`);
      return number;
    }),
  );
  const onCycle = stageOnCycle(after);
  if (onCycle < 0) return after;
  const { row, name } = stages[onCycle];
  throw row.error('after', `stage "${name}" waits for itself`);
}
