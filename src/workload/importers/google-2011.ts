/** Google 2011 cluster data (clusterdata-2011-2): event logs of tasks and machines of one Borg cell over 29 days. */
import type { Constraint } from '../../cluster/constraints.ts';
import { WorkloadBuilder } from '../builder.ts';
import { type Row, readRows } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';
import { MachineLog } from './machine-log.ts';
import { statedAmounts, TaskLog } from './task-log.ts';

const TASK_COLUMNS = [
  'time',
  'missing info',
  'job ID',
  'task index',
  'machine ID',
  'event type',
  'user',
  'scheduling class',
  'priority',
  'CPU request',
  'memory request',
  'disk request',
  'different machines',
];
const JOB_COLUMNS = [
  'time',
  'missing info',
  'job ID',
  'event type',
  'user',
  'scheduling class',
  'job name',
  'logical job name',
];
const MACHINE_COLUMNS = ['time', 'machine ID', 'event type', 'platform ID', 'CPUs', 'memory'];
const ATTRIBUTE_COLUMNS = ['time', 'machine ID', 'attribute name', 'attribute value', 'deleted'];
const CONSTRAINT_COLUMNS = [
  'time',
  'job ID',
  'task index',
  'comparison operator',
  'attribute name',
  'attribute value',
];

/** The trace begins at 600 s; 0 stands for before it, and times from here on for after it. */
const START_US = 600_000_000;
const AFTER_END_US = 2 ** 62;

const [SUBMIT, SCHEDULE, UPDATE_PENDING, UPDATE_RUNNING] = [0, 1, 7, 8];
/** EVICT, FAIL, FINISH, KILL, LOST. */
const OUTCOMES: ReadonlyMap<number, number> = new Map([
  [2, OUTCOME_KILLED],
  [3, OUTCOME_FAILED],
  [4, OUTCOME_FINISHED],
  [5, OUTCOME_KILLED],
  [6, OUTCOME_FAILED],
]);
const OPERATORS = ['in', 'notIn', 'less', 'greater'] as const;

export const google2011: TraceImporter = {
  format: 'google-2011',
  title: 'Google cluster data 2011 (clusterdata-2011-2), one cell, 29 days',
  roleFields: ['user', 'schedulingClass', 'priorityBand', 'logicalJobName'],
  options: {
    attempts: {
      default: 0,
      description: '1: every attempt of a task is a job of its own; 0: each task has its total work once',
    },
    machineCpus: {
      default: 32,
      description: 'cores of the largest machine, to which CPU requests are normalised',
    },
    machineMemMib: { default: 131_072, description: 'memory of the largest machine' },
    machineDiskMib: { default: 1_048_576, description: 'disk of the largest machine' },
  },

  recognise(probe) {
    return tableFiles(probe.files, 'task_events').some((file) => {
      const cells = probe.head(file).split('\n', 1)[0].split(',');
      return cells.length === TASK_COLUMNS.length && /^\d+$/.test(cells[0]);
    })
      ? 1
      : 0;
  },

  async read(input, settings, report) {
    const { options, roleField } = settings;
    const files = (table: string) => tableFiles(input.files, table);
    const logicalNames = new Map<string, string>();
    for (const file of files('job_events')) {
      await readTable(input, file, JOB_COLUMNS, report, (row) => {
        logicalNames.set(row.text('job ID'), row.text('logical job name'));
      });
    }
    const machines = await readMachines(input, files, options, report);
    const constraints = await readConstraints(input, files('task_constraints'), report);

    const builder = new WorkloadBuilder(input.name);
    const log = new TaskLog(options.attempts === 1);
    const roles = new Map<string, string>();
    const spread = new Set<string>();
    let lastTime = 0;
    for (const file of files('task_events')) {
      await readTable(input, file, TASK_COLUMNS, report, (row) => {
        const time = row.amount('time', 'microseconds');
        if (time >= AFTER_END_US) {
          report.leaveOut('event after the end of the trace');
          return;
        }
        if (time < lastTime)
          throw row.error('time', `time ${time} is before ${lastTime} of an earlier row`, 'ROW_ORDER');
        lastTime = time;
        const job = row.text('job ID');
        const index = row.count('task index', 'tasks');
        const priority = row.text('priority') === '' ? 0 : row.count('priority', 'priorities');
        if (row.text('different machines') === '1') spread.add(job);
        if (!roles.has(job)) roles.set(job, roleOf(row, roleField, priority, logicalNames));
        const request = builder.request(
          statedAmounts({
            cpus: (row.optionalAmount('CPU request', 'machines') ?? 0) * options.machineCpus,
            mem: (row.optionalAmount('memory request', 'machines') ?? 0) * options.machineMemMib,
            disk: (row.optionalAmount('disk request', 'machines') ?? 0) * options.machineDiskMib,
          }),
          constraints.get(`${job} ${index}`) ?? null,
        );
        const timeUs = Math.max(0, time - START_US);
        const terms = { request, priority };
        const type = row.count('event type', 'event types');
        if (type === SUBMIT) log.submit(job, index, timeUs, terms);
        else if (type === SCHEDULE) log.schedule(job, index, timeUs, terms);
        else if (type === UPDATE_PENDING || type === UPDATE_RUNNING) log.update(job, index, timeUs, terms);
        else if (OUTCOMES.has(type)) log.end(job, index, timeUs, terms, OUTCOMES.get(type)!);
        else throw row.error('event type', `event type ${type} is unknown; the format has 0 to 8`);
      });
    }
    log.finish(builder, report, settings.maxJobs, (job) => ({
      role: roles.get(job) || 'unknown',
      ...(spread.has(job) ? { maxPerAgent: 1 } : {}),
    }));
    report.notes.push(
      `Requests and capacities are normalised to the largest machine, which is taken as ${options.machineCpus} cores, ${options.machineMemMib} MiB of memory and ${options.machineDiskMib} MiB of disk.`,
      options.attempts === 1
        ? 'Every attempt of a task is a job of one task, submitted when the attempt was.'
        : 'A task has the run time of all its attempts together, once; a job is submitted with its first task.',
      'Tasks that never ended run to the end of the trace; machine capacities have no disk, which agents get in full.',
    );
    return builder.finish(machines.cluster());
  },
};

function roleOf(
  row: Row,
  field: string,
  priority: number,
  logicalNames: ReadonlyMap<string, string>,
): string {
  switch (field) {
    case 'schedulingClass':
      return `class ${row.text('scheduling class')}`;
    case 'priorityBand':
      return priority <= 1 ? 'gratis' : priority >= 9 ? 'production' : 'other';
    case 'logicalJobName':
      return logicalNames.get(row.text('job ID')) ?? '';
    default:
      return row.text('user');
  }
}

async function readMachines(
  input: TraceInput,
  files: (table: string) => string[],
  options: Readonly<Record<string, number>>,
  report: ImportReport,
): Promise<MachineLog> {
  const machines = new MachineLog();
  for (const file of files('machine_events')) {
    await readTable(input, file, MACHINE_COLUMNS, report, (row) => {
      const timeUs = Math.max(0, row.amount('time', 'microseconds') - START_US);
      const id = row.text('machine ID');
      const type = row.count('event type', 'event types');
      if (type === 1) machines.remove(timeUs, id);
      else if (type === 0 || type === 2) {
        const amounts = {
          cpus: (row.optionalAmount('CPUs', 'machines') ?? 0) * options.machineCpus,
          mem: (row.optionalAmount('memory', 'machines') ?? 0) * options.machineMemMib,
          disk: options.machineDiskMib,
        };
        machines.add(timeUs, id, amounts, { platform: row.text('platform ID') });
      } else throw row.error('event type', `event type ${type} is unknown; the format has 0 to 2`);
    });
  }
  let changes = 0;
  for (const file of files('machine_attributes')) {
    await readTable(input, file, ATTRIBUTE_COLUMNS, report, (row) => {
      if (row.amount('time', 'microseconds') > START_US) changes++;
      else
        machines.setAttribute(
          row.text('machine ID'),
          row.text('attribute name'),
          row.text('attribute value'),
        );
    });
  }
  if (changes > 0)
    report.notes.push(`${changes} changes of machine attributes during the trace are left out.`);
  return machines;
}

/** By `job index`. Of constraints stated again later, all hold. */
async function readConstraints(
  input: TraceInput,
  files: readonly string[],
  report: ImportReport,
): Promise<Map<string, Constraint[]>> {
  const constraints = new Map<string, Constraint[]>();
  for (const file of files) {
    await readTable(input, file, CONSTRAINT_COLUMNS, report, (row) => {
      const operator = OPERATORS[row.count('comparison operator', 'operators')];
      if (!operator)
        throw row.error('comparison operator', 'the comparison operator is unknown; the format has 0 to 3');
      const key = `${row.text('job ID')} ${row.count('task index', 'tasks')}`;
      const constraint = {
        attribute: row.text('attribute name'),
        operator,
        values: [row.text('attribute value')],
      };
      const known = constraints.get(key);
      if (!known) constraints.set(key, [constraint]);
      else if (!known.some((other) => JSON.stringify(other) === JSON.stringify(constraint)))
        known.push(constraint);
    });
  }
  return constraints;
}

function tableFiles(files: readonly string[], table: string): string[] {
  return files.filter(
    (file) => new RegExp(`(^|/)${table}(/|[-_.]|$)`).test(file) && !file.endsWith('SHA256SUM'),
  );
}

function readTable(
  input: TraceInput,
  file: string,
  columns: readonly string[],
  report: ImportReport,
  handle: (row: Row) => unknown,
): Promise<void> {
  return readRows(input, file, { delimiter: ',', columns }, report, handle);
}
