/** Alibaba 2017 (cluster-trace-v2017): batch jobs and online containers on 1,300 machines over 12 hours. */
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import type { Row } from '../rows.ts';
import { BatchJobs } from './alibaba-batch.ts';
import { ContainerLog } from './alibaba-containers.ts';
import { outcomeOf, readSpan } from './alibaba-spans.ts';
import type { ImportReport, TraceImporter } from './importer.ts';
import { MachineLog } from './machine-log.ts';
import { filesOfTable, firstCells, readTable } from './table-files.ts';

const TASK_COLUMNS = ['create', 'end', 'job', 'task', 'instances', 'status', 'cpus', 'mem'];
const INSTANCE_COLUMNS = [
  'start',
  'end',
  'job',
  'task',
  'machine',
  'status',
  'seq_no',
  'total_seq_no',
  'cpu_max',
  'cpu_mean',
  'mem_max',
  'mem_mean',
];
const SERVER_COLUMNS = ['timestamp', 'machine', 'event', 'detail', 'cpus', 'mem', 'disk'];
const CONTAINER_COLUMNS = ['timestamp', 'event', 'instance', 'machine', 'cpus', 'mem', 'disk', 'cpu_ids'];

type Options = Readonly<Record<string, number>>;

export const alibaba2017: TraceImporter = {
  format: 'alibaba-2017',
  title: 'Alibaba cluster trace 2017: batch jobs and online containers, 1,300 machines, 12 hours',
  roleFields: ['workload'],
  options: {
    machineMemMib: {
      default: 131_072,
      isPositive: true,
      description: 'memory of the largest machine, to which memory is normalised',
    },
    machineDiskMib: { default: 1_048_576, isPositive: true, description: 'disk of the largest machine' },
    instances: {
      default: 1,
      description: '1: durations from batch_instance where it is there; 0: from batch_task alone',
    },
  },

  recognise(probe) {
    return filesOfTable(probe.files, 'batch_task').some((file) => isTaskRow(firstCells(probe.head(file))))
      ? 1
      : 0;
  },

  async read(input, settings, report) {
    const { options, maxJobs } = settings;
    const builder = new WorkloadBuilder(input.name);
    const jobs = new BatchJobs(maxJobs);
    await readTable(input, 'batch_task', { columns: TASK_COLUMNS }, report, (row) => {
      readTask(row, jobs, builder, options.machineMemMib, report);
    });
    if (options.instances === 1) {
      await readTable(
        input,
        'batch_instance',
        { columns: INSTANCE_COLUMNS, mayEndEarly: true },
        report,
        (row) => readInstance(row, jobs, report),
      );
    }
    const containers = new ContainerLog();
    await readTable(
      input,
      'container_event',
      { columns: CONTAINER_COLUMNS, mayEndEarly: true },
      report,
      (row) => {
        readContainer(row, containers, builder, options, report);
      },
    );
    jobs.addTo(builder, containers.lastSeconds, () => 'batch');
    containers.addTo(builder, jobs.lastSeconds, maxJobs, () => 'online');
    const machines = new MachineLog();
    await readTable(input, 'server_event', { columns: SERVER_COLUMNS, mayEndEarly: true }, report, (row) => {
      readServer(row, machines, options, report);
    });
    report.notes.push(
      `Memory and disk are normalised to the largest machine, taken as ${options.machineMemMib} MiB and ${options.machineDiskMib} MiB.`,
      ...jobs.notes(),
      'The trace does not say in which order tasks of a job run: they are independent stages.',
      ...containers.notes(),
      'A hard error takes a machine away, although what runs there may have gone on; soft errors are left out. Usage tables and cpu ids are not read.',
    );
    return builder.finish(machines.cluster(report));
  },
};

function readTask(
  row: Row,
  jobs: BatchJobs,
  builder: WorkloadBuilder,
  machineMemMib: number,
  report: ImportReport,
): void {
  const span = readSpan(row, { start: 'create', end: 'end', status: 'status' }, 'task', report);
  if (span === null) return;
  if (row.text('cpus') === '' || row.text('mem') === '') {
    report.leaveOut('task without a plan');
    return;
  }
  jobs.add(row, 'task', row.text('job'), {
    name: row.text('task'),
    type: '',
    instances: row.count('instances', 'instances', 1),
    request: builder.request({
      cpus: row.amount('cpus', 'cores'),
      mem: row.amount('mem', 'parts of the largest machine') * machineMemMib,
    }),
    ...span,
    outcome: outcomeOf(row.text('status')),
  });
}

/** Some rows of the published table lack their job and task. */
function readInstance(row: Row, jobs: BatchJobs, report: ImportReport): void {
  const [job, task] = [row.text('job'), row.text('task')];
  if (!jobs.has(job, task)) {
    report.leaveOut(job === '' ? 'instance without a job' : 'instance of a task that is not taken');
    return;
  }
  if (row.count('seq_no', 'attempts') < row.count('total_seq_no', 'attempts')) {
    report.leaveOut('earlier attempt of an instance');
    return;
  }
  const span = readSpan(row, { start: 'start', end: 'end', status: 'status' }, 'instance', report);
  if (span !== null) jobs.addInstance(job, task, span, outcomeOf(row.text('status')));
}

function readContainer(
  row: Row,
  containers: ContainerLog,
  builder: WorkloadBuilder,
  options: Options,
  report: ImportReport,
): void {
  const event = row.text('event');
  const id = row.text('instance');
  // A negative time is one before the trace.
  const seconds = Math.max(0, row.number('timestamp', 'seconds'));
  if (event === 'Remove') containers.end(id, seconds, report);
  else if (event === 'Create') {
    const request = builder.request({
      cpus: row.amount('cpus', 'cores'),
      mem: row.amount('mem', 'parts of the largest machine') * options.machineMemMib,
      disk: row.amount('disk', 'parts of the largest machine') * options.machineDiskMib,
    });
    containers.start(id, '', seconds, request);
  } else throw row.error('event', `event "${event}" is neither Create nor Remove`);
}

function readServer(row: Row, machines: MachineLog, options: Options, report: ImportReport): void {
  const event = row.text('event');
  const timeUs = secondsToUs(Math.max(0, row.number('timestamp', 'seconds')));
  if (event === 'add') {
    machines.add(timeUs, row.text('machine'), {
      cpus: row.amount('cpus', 'cores'),
      mem: row.amount('mem', 'parts of the largest machine') * options.machineMemMib,
      disk: row.amount('disk', 'parts of the largest machine') * options.machineDiskMib,
    });
  } else if (event === 'harderror') machines.remove(timeUs, row.text('machine'));
  else if (event === 'softerror') report.leaveOut('soft error of a machine');
  else throw row.error('event', `event "${event}" is none of add, softerror, harderror`);
}

/** The 2018 trace has a batch_task too, of nine columns that begin with a name. */
function isTaskRow(cells: readonly string[]): boolean {
  return cells.length === TASK_COLUMNS.length && /^-?\d+$/.test(cells[0]);
}
