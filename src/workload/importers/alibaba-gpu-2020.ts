/** Alibaba GPU 2020 (PAI, cluster-trace-gpu-v2020): machine-learning jobs on 1,800 machines with 6,500 GPUs over two months. */
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { type Row, type RowHandler, readRows } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED } from '../workload.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';

const TABLES: Readonly<Record<string, readonly string[]>> = {
  pai_job_table: ['job_name', 'inst_id', 'user', 'status', 'start_time', 'end_time'],
  pai_task_table: [
    'job_name',
    'task_name',
    'inst_num',
    'status',
    'start_time',
    'end_time',
    'plan_cpu',
    'plan_mem',
    'plan_gpu',
    'gpu_type',
  ],
  pai_machine_spec: ['machine', 'gpu_type', 'cap_cpu', 'cap_mem', 'cap_gpu'],
};
const PER_UNIT = 100;
const MIB_PER_GIB = 1024;

interface PaiTask {
  readonly instances: number;
  readonly request: number;
  readonly start: number;
  readonly end: number;
  readonly outcome: number;
}

export const alibabaGpu2020: TraceImporter = {
  format: 'alibaba-gpu-2020',
  title: 'Alibaba PAI 2020 (cluster-trace-gpu-v2020): machine-learning jobs with shared GPUs',
  roleFields: ['user', 'gpuType', 'taskName'],
  options: {},

  recognise(probe) {
    return tableFiles(probe.files, 'pai_task_table').length > 0 ? 1 : 0;
  },

  async read(input, settings, report) {
    const users = new Map<string, string>();
    await readTable(input, 'pai_job_table', report, (row) =>
      users.set(row.text('job_name'), row.text('user')),
    );
    const builder = new WorkloadBuilder(input.name);
    const jobs = new Map<string, { role: string; tasks: PaiTask[] }>();
    await readTable(input, 'pai_task_table', report, (row) => {
      const task = readTask(row, builder, report);
      if (task === null) return;
      const name = row.text('job_name');
      const job = jobs.get(name);
      if (job) {
        job.tasks.push(task);
        return;
      }
      const roles = {
        user: users.get(name) ?? '',
        gpuType: row.text('gpu_type'),
        taskName: row.text('task_name'),
      };
      jobs.set(name, { role: roles[settings.roleField as keyof typeof roles] || 'unknown', tasks: [task] });
    });
    for (const [id, { role, tasks }] of jobs) {
      if (builder.jobCount >= settings.maxJobs) break;
      const submit = Math.min(...tasks.map(({ start }) => start));
      builder.job({ id, role, submitUs: secondsToUs(submit), isGang: true });
      for (const { instances, request, start, end, outcome } of tasks) {
        builder.stage();
        builder.tasks(instances, request, secondsToUs(end - start), outcome);
      }
    }
    report.notes.push(
      'A task’s instances start together (gang) and run from its start to its end; 100 of plan_cpu are a core, 100 of plan_gpu a GPU, plan_mem is GB.',
      'gpu_type is the type a task got, not one it asked for: it is no constraint, but agents have it as attribute gpuModel.',
    );
    return builder.finish(await readMachines(input, report));
  },
};

function readTask(row: Row, builder: WorkloadBuilder, report: ImportReport): PaiTask | null {
  const start = row.optionalAmount('start_time', 'seconds');
  const end = row.optionalAmount('end_time', 'seconds');
  if (start === undefined || end === undefined || end < start) {
    report.leaveOut('task without a start or an end');
    return null;
  }
  const instances = row.optionalAmount('inst_num', 'instances');
  if (!instances) {
    report.leaveOut('task without instances');
    return null;
  }
  return {
    instances,
    request: builder.request({
      cpus: (row.optionalAmount('plan_cpu', 'hundredths of a core') ?? 0) / PER_UNIT,
      mem: (row.optionalAmount('plan_mem', 'GB') ?? 0) * MIB_PER_GIB,
      gpus: (row.optionalAmount('plan_gpu', 'hundredths of a GPU') ?? 0) / PER_UNIT,
    }),
    start,
    end,
    outcome: row.text('status') === 'Failed' ? OUTCOME_FAILED : OUTCOME_FINISHED,
  };
}

async function readMachines(input: TraceInput, report: ImportReport): Promise<Cluster | null> {
  const agents: AgentDescription[] = [];
  await readTable(input, 'pai_machine_spec', report, (row) => {
    agents.push({
      id: row.text('machine'),
      resources: {
        cpus: row.amount('cap_cpu', 'cores'),
        mem: row.amount('cap_mem', 'GB') * MIB_PER_GIB,
        gpus: row.optionalAmount('cap_gpu', 'GPUs') ?? 0,
      },
      attributes: { gpuModel: row.text('gpu_type') },
    });
  });
  return agents.length === 0 ? null : buildCluster(agents);
}

/** The published tables have their column names in `.header` files beside them; some copies have them as first row. */
async function readTable(
  input: TraceInput,
  table: string,
  report: ImportReport,
  handle: RowHandler,
): Promise<void> {
  for (const file of tableFiles([...input.files, ...input.companions], table)) {
    await readRows(input, file, { delimiter: ',', columns: TABLES[table] }, report, (row) =>
      row.text(TABLES[table][0]) === TABLES[table][0] ? true : handle(row),
    );
  }
}

function tableFiles(files: readonly string[], table: string): string[] {
  return files.filter((file) => new RegExp(`(^|/)${table}[^/]*$`).test(file) && !file.endsWith('.header'));
}
