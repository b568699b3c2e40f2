/** Alibaba GPU 2020 (PAI, cluster-trace-gpu-v2020): machine-learning jobs on 1,800 machines with 6,500 GPUs over two months. */
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import type { Constraint } from '../../cluster/constraints.ts';
import { InputError } from '../../cluster/errors.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readText } from '../lines.ts';
import { type Row, readRows } from '../rows.ts';
import { outcomeOf, readSpan, type Span } from './alibaba-spans.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';
import { filesOfTable, firstCells } from './table-files.ts';

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
  pai_group_tag_table: ['inst_id', 'user', 'gpu_type_spec', 'group', 'workload'],
  pai_machine_spec: ['machine', 'gpu_type', 'cap_cpu', 'cap_mem', 'cap_gpu'],
};
const SPAN_COLUMNS = { start: 'start_time', end: 'end_time', status: 'status' };
const PER_UNIT = 100;
const MIB_PER_GIB = 1024;

/** What the job table and the tags say of a job. */
interface JobFacts {
  readonly user: string;
  /** Undefined where the table has no time. */
  readonly submitSeconds: number | undefined;
  readonly tags: Tags | undefined;
}

interface Tags {
  readonly group: string;
  readonly workload: string;
  readonly gpuModels: readonly Constraint[] | null;
}

interface PaiTask extends Span {
  readonly name: string;
  readonly instances: number;
  readonly request: number;
  readonly outcome: number;
}

interface PaiJob {
  readonly role: string;
  readonly submitSeconds: number | undefined;
  readonly tasks: PaiTask[];
}

export const alibabaGpu2020: TraceImporter = {
  format: 'alibaba-gpu-2020',
  title: 'Alibaba PAI 2020 (cluster-trace-gpu-v2020): machine-learning jobs with shared GPUs',
  roleFields: ['user', 'group', 'workload', 'gpuType'],
  options: {},

  recognise(probe) {
    return filesOfTable(probe.files, 'pai_task_table').some(
      (file) => firstCells(probe.head(file)).length === TABLES.pai_task_table.length,
    )
      ? 1
      : 0;
  },

  async read(input, settings, report) {
    const tags = await readTags(input, report);
    const facts = await readJobs(input, tags, report);
    const builder = new WorkloadBuilder(input.name);
    const jobs = new Map<string, PaiJob>();
    let traceEnd = 0;
    await readTable(input, 'pai_task_table', report, (row) => {
      const name = row.text('job_name');
      if (!jobs.has(name) && jobs.size >= settings.maxJobs) return;
      const known = facts.get(name);
      const task = readTask(row, builder, known?.tags?.gpuModels ?? null, report);
      if (task === null) return;
      traceEnd = Math.max(traceEnd, Number.isFinite(task.endSeconds) ? task.endSeconds : task.startSeconds);
      const job = jobs.get(name);
      if (job?.tasks.some((other) => other.name === task.name))
        throw row.error('task_name', `task ${task.name} of job ${name} appears twice`, 'ROW_DUPLICATE');
      if (job) job.tasks.push(task);
      else {
        const role = roleOf(settings.roleField, row, known) || 'unknown';
        jobs.set(name, { role, submitSeconds: known?.submitSeconds, tasks: [task] });
      }
    });
    for (const [id, job] of jobs) addJob(builder, id, job, traceEnd);
    report.notes.push(
      'A job is submitted when pai_job_table says, else with its first task; the instances of a task start together (gang) and run from its start to its end, or to the end of the trace if it still runs then.',
      '100 of plan_cpu are a core, 100 of plan_gpu a GPU (less is a share of one device), plan_mem is GB.',
      'The GPU type that pai_group_tag_table asks for is a constraint on the attribute gpuModel; the gpu_type that a task got is none.',
      'Tables of instances, sensors and machine metrics are not read.',
    );
    return builder.finish(await readMachines(input, report));
  },
};

function addJob(
  builder: WorkloadBuilder,
  id: string,
  { role, submitSeconds, tasks }: PaiJob,
  traceEnd: number,
): void {
  let first = Number.POSITIVE_INFINITY;
  for (const { startSeconds } of tasks) first = Math.min(first, startSeconds);
  builder.job({ id, role, submitUs: secondsToUs(Math.min(submitSeconds ?? first, first)), isGang: true });
  for (const { instances, request, startSeconds, endSeconds, outcome } of tasks) {
    builder.stage();
    builder.tasks(instances, request, secondsToUs(Math.min(endSeconds, traceEnd) - startSeconds), outcome);
  }
}

function roleOf(field: string, row: Row, facts: JobFacts | undefined): string | undefined {
  if (field === 'gpuType') return row.text('gpu_type');
  return field === 'user' ? facts?.user : facts?.tags?.[field as 'group' | 'workload'];
}

function readTask(
  row: Row,
  builder: WorkloadBuilder,
  gpuModels: readonly Constraint[] | null,
  report: ImportReport,
): PaiTask | null {
  const span = readSpan(row, SPAN_COLUMNS, 'task', report);
  if (span === null) return null;
  if (row.text('inst_num') === '') {
    report.leaveOut('task without a number of instances');
    return null;
  }
  const gpus = (row.optionalAmount('plan_gpu', 'hundredths of a GPU') ?? 0) / PER_UNIT;
  return {
    name: row.text('task_name'),
    instances: row.count('inst_num', 'instances', 1),
    request: builder.request(
      {
        cpus: (row.optionalAmount('plan_cpu', 'hundredths of a core') ?? 0) / PER_UNIT,
        mem: (row.optionalAmount('plan_mem', 'GB') ?? 0) * MIB_PER_GIB,
        gpus,
      },
      gpus > 0 ? gpuModels : null,
    ),
    ...span,
    outcome: outcomeOf(row.text('status')),
  };
}

/** Tags by the id that the job table calls `inst_id`. */
async function readTags(input: TraceInput, report: ImportReport): Promise<Map<string, Tags>> {
  const tags = new Map<string, Tags>();
  await readTable(input, 'pai_group_tag_table', report, (row) => {
    const model = row.text('gpu_type_spec');
    tags.set(row.text('inst_id'), {
      group: row.text('group'),
      workload: row.text('workload'),
      gpuModels: model === '' ? null : [{ attribute: 'gpuModel', operator: 'in', values: [model] }],
    });
  });
  return tags;
}

async function readJobs(
  input: TraceInput,
  tags: ReadonlyMap<string, Tags>,
  report: ImportReport,
): Promise<Map<string, JobFacts>> {
  const facts = new Map<string, JobFacts>();
  await readTable(input, 'pai_job_table', report, (row) => {
    const name = row.text('job_name');
    if (facts.has(name)) throw row.error('job_name', `job ${name} appears twice`, 'ROW_DUPLICATE');
    const submitSeconds = row.optionalAmount('start_time', 'seconds');
    facts.set(name, { user: row.text('user'), submitSeconds, tags: tags.get(row.text('inst_id')) });
  });
  return facts;
}

async function readMachines(input: TraceInput, report: ImportReport): Promise<Cluster | null> {
  const agents = new Map<string, AgentDescription>();
  await readTable(input, 'pai_machine_spec', report, (row) => {
    const id = row.text('machine');
    if (agents.has(id)) throw row.error('machine', `machine ${id} appears twice`, 'ROW_DUPLICATE');
    agents.set(id, {
      id,
      resources: {
        cpus: row.amount('cap_cpu', 'cores'),
        mem: row.amount('cap_mem', 'GB') * MIB_PER_GIB,
        gpus: row.text('cap_gpu') === '' ? 0 : row.count('cap_gpu', 'GPUs'),
      },
      attributes: { gpuModel: row.text('gpu_type') },
    });
  });
  return agents.size === 0 ? null : buildCluster([...agents.values()]);
}

/** Tables are looked for beside a file that the user named, too. Some copies repeat the column names as first row. */
async function readTable(
  input: TraceInput,
  table: string,
  report: ImportReport,
  handle: (row: Row) => void,
): Promise<void> {
  const columns = await columnsOf(input, table);
  for (const file of filesOfTable([...input.files, ...input.companions], table)) {
    await readRows(input, file, { delimiter: ',', columns }, report, (row) => {
      if (row.line > 1 || row.text(columns[0]) !== columns[0]) handle(row);
    });
  }
}

/** Column names come in a file `pai_task_table.header` beside each table; without it they are as published. */
async function columnsOf(input: TraceInput, table: string): Promise<readonly string[]> {
  const file = [...input.files, ...input.companions].find((name) => name.endsWith(`${table}.header`));
  if (file === undefined) return TABLES[table];
  const columns = firstCells(await readText(input, file));
  const missing = TABLES[table].filter((name) => !columns.includes(name));
  if (missing.length === 0) return columns;
  throw new InputError(
    'ROW_COLUMNS',
    `the header lacks ${missing.join(', ')}; it has ${columns.join(', ')}`,
    {
      file: input.displayPath(file),
      line: 1,
    },
  );
}
