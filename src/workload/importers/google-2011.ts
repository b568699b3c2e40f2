/** Google 2011 cluster data (clusterdata-2011-2): event logs of tasks and machines of one Borg cell over 29 days. */
import type { ResourceAmounts } from '../../cluster/resources.ts';
import { WorkloadBuilder } from '../builder.ts';
import { keptText } from '../kept-text.ts';
import { type Row, readRows } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import { EMPTY_SET } from './constraint-sets.ts';
import { attemptsOption, workNotes } from './google-options.ts';
import { googleTimeNote, usFromStart } from './google-times.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';
import { MachineLog } from './machine-log.ts';
import { filesOfTable, firstCells, readTable } from './table-files.ts';
import { TaskConstraints } from './task-constraints.ts';
import { ENDED, NO_REQUEST, SCHEDULED, SUBMITTED, TaskLog, UPDATED } from './task-log.ts';

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

/** By event type: SUBMIT, SCHEDULE, EVICT, FAIL, FINISH, KILL, LOST, UPDATE_PENDING, UPDATE_RUNNING. */
const KINDS = [
  SUBMITTED,
  SCHEDULED,
  ENDED + OUTCOME_KILLED,
  ENDED + OUTCOME_FAILED,
  ENDED + OUTCOME_FINISHED,
  ENDED + OUTCOME_KILLED,
  ENDED + OUTCOME_FAILED,
  UPDATED,
  UPDATED,
];
const [MACHINE_ADD, MACHINE_REMOVE, MACHINE_UPDATE] = [0, 1, 2];
const MAX_PRIORITY = 11;

type Options = Readonly<Record<string, number>>;

export const google2011: TraceImporter = {
  format: 'google-2011',
  title: 'Google cluster data 2011 (clusterdata-2011-2), one cell, 29 days',
  roleFields: ['user', 'schedulingClass', 'priorityBand', 'logicalJobName'],
  options: {
    attempts: attemptsOption,
    machineCpus: {
      default: 32,
      isPositive: true,
      description: 'cores of the largest machine, to which CPU requests are normalised',
    },
    machineMemMib: { default: 131_072, isPositive: true, description: 'memory of the largest machine' },
    machineDiskMib: { default: 1_048_576, isPositive: true, description: 'disk of the largest machine' },
  },

  recognise(probe) {
    return taskFiles(probe.files).some((file) => isTaskRow(firstCells(probe.head(file)))) ? 1 : 0;
  },

  async read(input, settings, report) {
    const { options, roleField } = settings;
    const logicalNames = roleField === 'logicalJobName' ? await readJobNames(input, report) : new Map();
    const machines = await readMachines(input, options, report);
    const constraints = await TaskConstraints.read(input, machines, report);
    const builder = new WorkloadBuilder(input.name);
    const requestOf = requestsOf(builder, options, constraints);
    const log = new TaskLog(options.attempts === 1);
    const jobs = new Map<string, JobRows>();
    let lastTime = 0;
    let synthesised = 0;
    for (const file of taskFiles(input.files)) {
      await readRows(input, file, { delimiter: ',', columns: TASK_COLUMNS }, report, (row) => {
        const kind = KINDS[row.code('event type', KINDS.length)];
        const time = row.amount('time', 'microseconds');
        if (time < lastTime)
          throw row.error('time', `time ${time} is before ${lastTime} of an earlier row`, 'ROW_ORDER');
        const id = row.text('job ID');
        const index = row.count('task index', 'tasks');
        const priority = row.text('priority') === '' ? 0 : row.code('priority', MAX_PRIORITY + 1);
        const job = jobRows(jobs, id);
        const request = requestOf(row, job, constraints.setOf(id, index));
        const timeUs = usFromStart(time);
        if (timeUs === null) {
          report.leaveOut('event after the end of the trace');
          return;
        }
        lastTime = time;
        if (row.text('missing info') !== '') synthesised++;
        if (row.text('different machines') === '1') job.isSpread = true;
        if (job.role === '') job.role = keptText(roleOf(row, roleField, priority, logicalNames));
        log.apply(log.task(id, index, priority), kind, timeUs, request);
      });
    }
    log.finish(builder, report, settings.maxJobs, (id) => {
      const { role, isSpread } = jobs.get(id)!;
      return { role: role || 'unknown', ...(isSpread ? { maxPerAgent: 1 } : {}) };
    });
    report.notes.push(
      `Requests and capacities are normalised to the largest machine, which is taken as ${options.machineCpus} cores, ${options.machineMemMib} MiB of memory and ${options.machineDiskMib} MiB of disk; amounts are rounded to thousandths (of a core, of a MiB). Machines state no disk: each has it in full.`,
      ...workNotes(options.attempts === 1),
      googleTimeNote,
      'The restriction to different machines is one task of a job per agent. task_usage is not read, job_events only for --role logicalJobName.',
      ...constraints.notes,
    );
    if (synthesised > 0)
      report.notes.push(
        `${synthesised} task events were put in by the publisher for missing ones (missing info).`,
      );
    return builder.finish(machines.cluster(report));
  },
};

/** What the rows of a job have said so far. */
interface JobRows {
  /** Empty: none yet. */
  role: string;
  isSpread: boolean;
  /** Of the last row that stated a request, as text; rows of a job mostly repeat it. */
  cpus: string;
  mem: string;
  disk: string;
  constraints: number;
  /** Its number. */
  request: number;
}

function jobRows(jobs: Map<string, JobRows>, id: string): JobRows {
  let rows = jobs.get(id);
  if (rows === undefined) {
    rows = {
      role: '',
      isSpread: false,
      cpus: '',
      mem: '',
      disk: '',
      constraints: EMPTY_SET,
      request: NO_REQUEST,
    };
    jobs.set(keptText(id), rows);
  }
  return rows;
}

/** A request of equal text has one number; told apart by text, since millions of rows repeat a few requests. */
function requestsOf(
  builder: WorkloadBuilder,
  { machineCpus, machineMemMib, machineDiskMib }: Options,
  constraints: TaskConstraints,
): (row: Row, job: JobRows, set: number) => number {
  const numbers = new Map<string, number>();
  return (row, job, set) => {
    const cpus = row.text('CPU request');
    const mem = row.text('memory request');
    const disk = row.text('disk request');
    if (cpus === '' && mem === '') return NO_REQUEST;
    if (cpus === job.cpus && mem === job.mem && disk === job.disk && set === job.constraints)
      return job.request;
    const key = `${cpus} ${mem} ${disk} ${set}`;
    let number = numbers.get(key);
    if (number === undefined) {
      const amounts: ResourceAmounts = {
        cpus: (row.optionalAmount('CPU request', 'parts of the largest machine') ?? 0) * machineCpus,
        mem: (row.optionalAmount('memory request', 'parts of the largest machine') ?? 0) * machineMemMib,
        disk: (row.optionalAmount('disk request', 'parts of the largest machine') ?? 0) * machineDiskMib,
      };
      number = builder.request(amounts, constraints.sets.of(set));
      numbers.set(key, number);
    }
    job.cpus = keptText(cpus);
    job.mem = keptText(mem);
    job.disk = keptText(disk);
    job.constraints = set;
    job.request = number;
    return number;
  };
}

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
      return priorityBand(priority);
    case 'logicalJobName':
      return logicalNames.get(row.text('job ID')) ?? '';
    default:
      return row.text('user');
  }
}

/** Bands of the publisher's notes on the trace: 0 and 1 are free, 9 to 11 production, of which 10 is monitoring. */
function priorityBand(priority: number): string {
  if (priority === 10) return 'monitoring';
  if (priority >= 9) return 'production';
  return priority <= 1 ? 'free' : 'other';
}

async function readJobNames(input: TraceInput, report: ImportReport): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  await readTable(input, 'job_events', { columns: JOB_COLUMNS }, report, (row) => {
    names.set(keptText(row.text('job ID')), keptText(row.text('logical job name')));
  });
  return names;
}

async function readMachines(input: TraceInput, options: Options, report: ImportReport): Promise<MachineLog> {
  const machines = new MachineLog();
  await readTable(input, 'machine_events', { columns: MACHINE_COLUMNS }, report, (row) => {
    const type = row.code('event type', MACHINE_UPDATE + 1);
    const timeUs = usFromStart(row.amount('time', 'microseconds'));
    const cpus = row.optionalAmount('CPUs', 'parts of the largest machine');
    const mem = row.optionalAmount('memory', 'parts of the largest machine');
    const id = row.text('machine ID');
    if (timeUs === null) report.leaveOut('event after the end of the trace');
    else if (type === MACHINE_REMOVE) machines.remove(timeUs, id);
    else {
      const isStated = cpus !== undefined && mem !== undefined;
      const resources = isStated
        ? {
            cpus: cpus * options.machineCpus,
            mem: mem * options.machineMemMib,
            disk: options.machineDiskMib,
          }
        : undefined;
      const attributes = type === MACHINE_ADD ? { platform: row.text('platform ID') } : {};
      machines.add(timeUs, id, resources, attributes);
    }
  });
  await readTable(input, 'machine_attributes', { columns: ATTRIBUTE_COLUMNS }, report, (row) => {
    const timeUs = usFromStart(row.amount('time', 'microseconds'));
    const value = row.text('deleted') === '1' ? null : row.text('attribute value');
    if (timeUs === null) report.leaveOut('event after the end of the trace');
    else machines.stateAttribute(timeUs, row.text('machine ID'), row.text('attribute name'), value);
  });
  return machines;
}

/** Files of `task_events`; a single file that the user named is one, whatever its name. */
function taskFiles(files: readonly string[]): readonly string[] {
  return files.length === 1 ? files : filesOfTable(files, 'task_events');
}

function isTaskRow(cells: readonly string[]): boolean {
  if (cells.length !== TASK_COLUMNS.length) return false;
  const at = (column: string) => cells[TASK_COLUMNS.indexOf(column)];
  const isWhole = (column: string) => /^\d+$/.test(at(column));
  return ['time', 'job ID', 'task index'].every(isWhole) && /^[0-8]$/.test(at('event type'));
}
