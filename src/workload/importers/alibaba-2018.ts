/** Alibaba 2018 (cluster-trace-v2018): batch jobs as DAGs of tasks, and long-running containers, on 4,000 machines. */
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import { WorkloadBuilder } from '../builder.ts';
import type { Row } from '../rows.ts';
import { BatchJobs } from './alibaba-batch.ts';
import { ContainerLog } from './alibaba-containers.ts';
import { outcomeOf, readSpan } from './alibaba-spans.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';
import { filesOfTable, firstCells, readTable } from './table-files.ts';

const TASK_COLUMNS = [
  'task_name',
  'instance_num',
  'job_name',
  'task_type',
  'status',
  'start_time',
  'end_time',
  'plan_cpu',
  'plan_mem',
];
const INSTANCE_COLUMNS = [
  'instance_name',
  'task_name',
  'job_name',
  'task_type',
  'status',
  'start_time',
  'end_time',
  'machine_id',
  'seq_no',
  'total_seq_no',
  'cpu_avg',
  'cpu_max',
  'mem_avg',
  'mem_max',
];
const MACHINE_COLUMNS = [
  'machine_id',
  'time_stamp',
  'failure_domain_1',
  'failure_domain_2',
  'cpu_num',
  'mem_size',
  'status',
];
const CONTAINER_COLUMNS = [
  'container_id',
  'machine_id',
  'time_stamp',
  'app_du',
  'status',
  'cpu_request',
  'cpu_limit',
  'mem_size',
];
const SPAN_COLUMNS = { start: 'start_time', end: 'end_time', status: 'status' };
const CPU_PER_CORE = 100;
const PERCENT = 100;

export const alibaba2018: TraceImporter = {
  format: 'alibaba-2018',
  title: 'Alibaba cluster trace 2018: batch DAGs and containers, 4,000 machines, 8 days',
  roleFields: ['workload', 'app', 'taskType'],
  options: {
    machineMemMib: {
      default: 524_288,
      isPositive: true,
      description: 'memory of the largest machine, to which memory is normalised',
    },
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
    const { options, roleField, maxJobs } = settings;
    const builder = new WorkloadBuilder(input.name);
    const jobs = new BatchJobs(maxJobs);
    await readTable(input, 'batch_task', { columns: TASK_COLUMNS }, report, (row) => {
      readTask(row, jobs, builder, options.machineMemMib, report);
    });
    if (options.instances === 1) {
      await readTable(input, 'batch_instance', { columns: INSTANCE_COLUMNS }, report, (row) =>
        readInstance(row, jobs, report),
      );
    }
    const containers = new ContainerLog();
    await readTable(input, 'container_meta', { columns: CONTAINER_COLUMNS }, report, (row) => {
      readContainer(row, containers, builder, options.machineMemMib, report);
    });
    jobs.addTo(builder, containers.lastSeconds, ({ type }) =>
      roleField === 'taskType' ? `type ${type}` : 'batch',
    );
    containers.addTo(builder, jobs.lastSeconds, maxJobs, (app) => (roleField === 'app' ? app : 'online'));
    report.notes.push(
      `Memory is in percent of the largest machine, taken as ${options.machineMemMib} MiB; 100 of plan_cpu or cpu_request are a core.`,
      ...jobs.notes(),
      'The order of tasks is that of their names (R3_1_2 comes after tasks 1 and 2).',
      ...containers.notes(),
      'Machines are as their first row has them, and there all the time. Usage tables and cpu_limit are not read.',
    );
    return builder.finish(await readMachines(input, options.machineMemMib, report));
  },
};

function readTask(
  row: Row,
  jobs: BatchJobs,
  builder: WorkloadBuilder,
  machineMemMib: number,
  report: ImportReport,
): void {
  const span = readSpan(row, SPAN_COLUMNS, 'task', report);
  if (span === null) return;
  if (row.text('plan_cpu') === '' || row.text('plan_mem') === '') {
    report.leaveOut('task without a plan');
    return;
  }
  const share = memoryShare(row, 'plan_mem', 'task', report);
  if (share === null) return;
  jobs.add(row, 'task_name', row.text('job_name'), {
    name: row.text('task_name'),
    type: row.text('task_type'),
    instances: row.count('instance_num', 'instances', 1),
    request: builder.request({
      cpus: row.amount('plan_cpu', 'hundredths of a core') / CPU_PER_CORE,
      mem: share * machineMemMib,
    }),
    ...span,
    outcome: outcomeOf(row.text('status')),
  });
}

function readInstance(row: Row, jobs: BatchJobs, report: ImportReport): void {
  const [job, task] = [row.text('job_name'), row.text('task_name')];
  if (!jobs.has(job, task)) {
    report.leaveOut('instance of a task that is not taken');
    return;
  }
  if (row.count('seq_no', 'attempts') < row.count('total_seq_no', 'attempts')) {
    report.leaveOut('earlier attempt of an instance');
    return;
  }
  const span = readSpan(row, SPAN_COLUMNS, 'instance', report);
  if (span !== null) jobs.addInstance(job, task, span, outcomeOf(row.text('status')));
}

function readContainer(
  row: Row,
  containers: ContainerLog,
  builder: WorkloadBuilder,
  machineMemMib: number,
  report: ImportReport,
): void {
  const id = row.text('container_id');
  const seconds = row.amount('time_stamp', 'seconds');
  if (row.text('status') === 'stopped') {
    containers.end(id, seconds, report);
    return;
  }
  const share = memoryShare(row, 'mem_size', 'container row', report);
  if (share === null) return;
  const request = builder.request({
    cpus: row.amount('cpu_request', 'hundredths of a core') / CPU_PER_CORE,
    mem: share * machineMemMib,
  });
  containers.start(id, row.text('app_du'), seconds, request);
}

async function readMachines(
  input: TraceInput,
  machineMemMib: number,
  report: ImportReport,
): Promise<Cluster | null> {
  const agents = new Map<string, AgentDescription>();
  await readTable(input, 'machine_meta', { columns: MACHINE_COLUMNS }, report, (row) => {
    const id = row.text('machine_id');
    if (agents.has(id)) return;
    const share = memoryShare(row, 'mem_size', 'machine', report);
    if (share === null) return;
    agents.set(id, {
      id,
      resources: { cpus: row.amount('cpu_num', 'cores'), mem: share * machineMemMib },
      attributes: {
        failureDomain1: row.text('failure_domain_1'),
        failureDomain2: row.text('failure_domain_2'),
      },
    });
  });
  return agents.size === 0 ? null : buildCluster([...agents.values()]);
}

/** Part of the largest machine’s memory. `null` for −1 and 101, which the publisher put for invalid ones: counted. */
function memoryShare(row: Row, column: string, what: string, report: ImportReport): number | null {
  const percent = row.number(column, 'percent');
  if (percent >= 0 && percent <= PERCENT) return percent / PERCENT;
  if (percent !== -1 && percent !== 101)
    throw row.error(column, `${column} ${percent} is not a percentage from 0 to 100`);
  report.leaveOut(`${what} with an invalid memory size`);
  return null;
}

/** The 2017 trace has a batch_task too, of eight columns that begin with times. */
function isTaskRow(cells: readonly string[]): boolean {
  return cells.length === TASK_COLUMNS.length && !/^-?\d/.test(cells[0]);
}
