/** Alibaba 2018 (cluster-trace-v2018): batch jobs as DAGs of tasks, and long-running containers, on 4,000 machines. */
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { type Row, readRows } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED } from '../workload.ts';
import { parseDagName } from './alibaba-dag.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';

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
const CPU_PER_CORE = 100;
const PERCENT = 100;

interface BatchTask {
  readonly name: string;
  readonly instances: number;
  readonly type: string;
  readonly request: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly outcome: number;
}

export const alibaba2018: TraceImporter = {
  format: 'alibaba-2018',
  title: 'Alibaba cluster trace 2018: batch DAGs and containers, 4,000 machines, 8 days',
  roleFields: ['workload', 'taskType'],
  options: {
    machineMemMib: {
      default: 524_288,
      description: 'memory of the largest machine, to which memory is normalised',
    },
  },

  recognise(probe) {
    return tableFiles(probe.files, 'batch_task').some((file) => isTaskRow(probe.head(file))) ? 1 : 0;
  },

  async read(input, settings, report) {
    const { machineMemMib } = settings.options;
    const builder = new WorkloadBuilder(input.name);
    const durations = await readInstances(input, tableFiles(input.files, 'batch_instance'), report);
    const jobs = new Map<string, BatchTask[]>();
    for (const file of tableFiles(input.files, 'batch_task')) {
      await readRows(input, file, { delimiter: ',', columns: TASK_COLUMNS }, report, (row) => {
        const task = readTask(row, builder, machineMemMib, report);
        if (task === null) return;
        const name = row.text('job_name');
        const tasks = jobs.get(name);
        if (!tasks) jobs.set(name, [task]);
        else if (tasks.some((other) => other.name === task.name)) {
          throw row.error('task_name', `task ${task.name} of job ${name} appears twice`, 'ROW_DUPLICATE');
        } else tasks.push(task);
      });
    }
    for (const [name, tasks] of jobs) {
      if (builder.jobCount >= settings.maxJobs) break;
      builder.job({
        id: name,
        role: settings.roleField === 'taskType' ? `type ${tasks[0].type}` : 'batch',
        submitUs: secondsToUs(Math.min(...tasks.map((task) => task.startSeconds))),
      });
      addStages(builder, name, tasks, durations);
    }
    await readContainers(input, builder, settings.maxJobs, machineMemMib, report);
    report.notes.push(
      `Memory is in percent of the largest machine, taken as ${machineMemMib} MiB; 100 of plan_cpu are a core.`,
      'A job is submitted when its first task started, since the trace has no submit times; its tasks are stages whose order their names tell, and instances are the tasks of a stage.',
      durations.size > 0
        ? 'Instances run as long as batch_instance says.'
        : 'Without batch_instance, every instance runs from its task’s start to its end.',
      'Containers are jobs of one task that run to the end of the trace, in the role containers.',
    );
    return builder.finish(await readMachines(input, machineMemMib, report));
  },
};

function readTask(
  row: Row,
  builder: WorkloadBuilder,
  machineMemMib: number,
  report: ImportReport,
): BatchTask | null {
  const startSeconds = row.optionalAmount('start_time', 'seconds') ?? 0;
  const endSeconds = row.optionalAmount('end_time', 'seconds') ?? 0;
  if (startSeconds === 0 || endSeconds === 0) {
    report.leaveOut('task without a start or an end');
    return null;
  }
  if (endSeconds < startSeconds) {
    report.leaveOut('task that ends before it starts');
    return null;
  }
  if (row.text('plan_cpu') === '') {
    report.leaveOut('task without a plan');
    return null;
  }
  return {
    name: row.text('task_name'),
    instances: row.count('instance_num', 'instances', 1),
    type: row.text('task_type'),
    request: builder.request({
      cpus: row.amount('plan_cpu', 'hundredths of a core') / CPU_PER_CORE,
      mem: ((row.optionalAmount('plan_mem', 'percent') ?? 0) / PERCENT) * machineMemMib,
    }),
    startSeconds,
    durationSeconds: endSeconds - startSeconds,
    outcome: row.text('status') === 'Failed' ? OUTCOME_FAILED : OUTCOME_FINISHED,
  };
}

/** A stage per task; names that point at tasks the job does not have, or at later ones that point back, are taken as free. */
function addStages(
  builder: WorkloadBuilder,
  job: string,
  tasks: readonly BatchTask[],
  durations: ReadonlyMap<string, readonly number[]>,
): void {
  const stageOf = new Map<number, number>();
  tasks.forEach((task, stage) => {
    const dag = parseDagName(task.name);
    if (dag) stageOf.set(dag.number, stage);
  });
  for (const task of tasks) {
    const dag = parseDagName(task.name);
    const earlier = (dag?.after ?? []).filter((number) => number < dag!.number && stageOf.has(number));
    builder.stage(earlier.map((number) => stageOf.get(number)!));
    const seconds = durations.get(`${job} ${task.name}`);
    if (seconds === undefined) {
      builder.tasks(task.instances, task.request, secondsToUs(task.durationSeconds), task.outcome);
    } else {
      for (const duration of seconds) builder.tasks(1, task.request, secondsToUs(duration), task.outcome);
    }
  }
}

/** Durations of instances by `job task`, seconds. */
async function readInstances(
  input: TraceInput,
  files: readonly string[],
  report: ImportReport,
): Promise<Map<string, number[]>> {
  const durations = new Map<string, number[]>();
  for (const file of files) {
    await readRows(input, file, { delimiter: ',', columns: INSTANCE_COLUMNS }, report, (row) => {
      const start = row.optionalAmount('start_time', 'seconds') ?? 0;
      const end = row.optionalAmount('end_time', 'seconds') ?? 0;
      if (start === 0 || end < start) {
        report.leaveOut('instance without a start or an end');
        return;
      }
      const key = `${row.text('job_name')} ${row.text('task_name')}`;
      const list = durations.get(key);
      if (list) list.push(end - start);
      else durations.set(key, [end - start]);
    });
  }
  return durations;
}

/** The first row of a container is its start; the last time stamp of all is the end of the trace. */
async function readContainers(
  input: TraceInput,
  builder: WorkloadBuilder,
  maxJobs: number,
  machineMemMib: number,
  report: ImportReport,
): Promise<void> {
  const first = new Map<string, { time: number; request: number }>();
  let end = 0;
  for (const file of tableFiles(input.files, 'container_meta')) {
    await readRows(input, file, { delimiter: ',', columns: CONTAINER_COLUMNS }, report, (row) => {
      const time = row.amount('time_stamp', 'seconds');
      end = Math.max(end, time);
      const id = row.text('container_id');
      if (first.has(id)) return;
      const request = builder.request({
        cpus: row.amount('cpu_request', 'hundredths of a core') / CPU_PER_CORE,
        mem: ((row.optionalAmount('mem_size', 'percent') ?? 0) / PERCENT) * machineMemMib,
      });
      first.set(id, { time, request });
    });
  }
  for (const [id, { time, request }] of first) {
    if (builder.jobCount >= maxJobs) return;
    builder.job({ id, role: 'containers', submitUs: secondsToUs(time) });
    builder.tasks(1, request, secondsToUs(end - time));
  }
}

async function readMachines(
  input: TraceInput,
  machineMemMib: number,
  report: ImportReport,
): Promise<Cluster | null> {
  const agents = new Map<string, AgentDescription>();
  for (const file of tableFiles(input.files, 'machine_meta')) {
    await readRows(input, file, { delimiter: ',', columns: MACHINE_COLUMNS }, report, (row) => {
      const id = row.text('machine_id');
      if (agents.has(id)) return;
      agents.set(id, {
        id,
        resources: {
          cpus: row.amount('cpu_num', 'cores'),
          mem: (row.amount('mem_size', 'percent') / PERCENT) * machineMemMib,
        },
        attributes: {
          failureDomain1: row.text('failure_domain_1'),
          failureDomain2: row.text('failure_domain_2'),
        },
      });
    });
  }
  return agents.size === 0 ? null : buildCluster([...agents.values()]);
}

/** The 2017 trace has a batch_task too, of eight columns that begin with times. */
function isTaskRow(head: string): boolean {
  const cells = head.split('\n', 1)[0].trim().split(',');
  return cells.length === TASK_COLUMNS.length && !/^\d/.test(cells[0]);
}

function tableFiles(files: readonly string[], table: string): string[] {
  return files.filter((file) => new RegExp(`(^|/)${table}[^/]*$`).test(file));
}
