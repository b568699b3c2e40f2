/** Alibaba 2017 (cluster-trace-v2017): batch jobs and online containers on 1,300 machines over 12 hours. */
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readRows } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED } from '../workload.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';
import { MachineLog } from './machine-log.ts';

const TASK_COLUMNS = ['create', 'end', 'job', 'task', 'instances', 'status', 'cpus', 'mem'];
const SERVER_COLUMNS = ['timestamp', 'machine', 'event', 'detail', 'cpus', 'mem', 'disk'];
const CONTAINER_COLUMNS = ['timestamp', 'event', 'instance', 'machine', 'cpus', 'mem', 'disk', 'cpu_ids'];

interface Stage {
  readonly instances: number;
  readonly request: number;
  readonly create: number;
  readonly end: number;
  readonly outcome: number;
}

export const alibaba2017: TraceImporter = {
  format: 'alibaba-2017',
  title: 'Alibaba cluster trace 2017: batch jobs and online containers, 1,300 machines, 12 hours',
  roleFields: ['workload'],
  options: {
    machineMemMib: {
      default: 131_072,
      description: 'memory of the largest machine, to which memory is normalised',
    },
    machineDiskMib: { default: 1_048_576, description: 'disk of the largest machine' },
  },

  recognise(probe) {
    return tableFiles(probe.files, 'batch_task').some((file) => {
      const cells = probe.head(file).split('\n', 1)[0].split(',');
      return cells.length === TASK_COLUMNS.length && /^\d+$/.test(cells[0]);
    })
      ? 1
      : 0;
  },

  async read(input, settings, report) {
    const { machineMemMib, machineDiskMib } = settings.options;
    const builder = new WorkloadBuilder(input.name);
    const jobs = new Map<string, Stage[]>();
    for (const file of tableFiles(input.files, 'batch_task')) {
      await readRows(input, file, { delimiter: ',', columns: TASK_COLUMNS }, report, (row) => {
        const create = row.amount('create', 'seconds');
        const end = row.amount('end', 'seconds');
        if (end < create) {
          report.leaveOut('task that ends before it was created');
          return;
        }
        if (row.text('cpus') === '') {
          report.leaveOut('task without a plan');
          return;
        }
        const stage = {
          instances: row.count('instances', 'instances', 1),
          request: builder.request({
            cpus: row.amount('cpus', 'cores'),
            mem: (row.optionalAmount('mem', 'machines') ?? 0) * machineMemMib,
          }),
          create,
          end,
          outcome: row.text('status') === 'Failed' ? OUTCOME_FAILED : OUTCOME_FINISHED,
        };
        const stages = jobs.get(row.text('job'));
        if (stages) stages.push(stage);
        else jobs.set(row.text('job'), [stage]);
      });
    }
    for (const [id, stages] of jobs) {
      if (builder.jobCount >= settings.maxJobs) break;
      builder.job({
        id,
        role: 'batch',
        submitUs: secondsToUs(Math.min(...stages.map(({ create }) => create))),
      });
      for (const { instances, request, create, end, outcome } of stages) {
        builder.stage();
        builder.tasks(instances, request, secondsToUs(end - create), outcome);
      }
    }
    await readContainers(input, builder, settings, report);
    const machines = new MachineLog();
    for (const file of tableFiles(input.files, 'server_event')) {
      await readRows(input, file, { delimiter: ',', columns: SERVER_COLUMNS }, report, (row) => {
        const timeUs = secondsToUs(row.amount('timestamp', 'seconds'));
        const event = row.text('event');
        if (event === 'add') {
          machines.add(timeUs, row.text('machine'), {
            cpus: row.amount('cpus', 'cores'),
            mem: row.amount('mem', 'machines') * machineMemMib,
            disk: row.amount('disk', 'machines') * machineDiskMib,
          });
        } else if (event === 'harderror') machines.remove(timeUs, row.text('machine'));
        else if (event !== 'softerror')
          throw row.error('event', `event "${event}" is none of add, softerror, harderror`);
      });
    }
    report.notes.push(
      `Memory and disk are normalised to the largest machine, taken as ${machineMemMib} MiB and ${machineDiskMib} MiB.`,
      'An instance runs from its task’s creation to its end, waiting included, since batch_instance is not read; tasks of a job are independent stages, as the trace has no precedence.',
      'Containers are jobs of one task that run to the end of the trace. A hard error takes a machine away; soft errors are left out.',
    );
    return builder.finish(machines.cluster());
  },
};

async function readContainers(
  input: TraceInput,
  builder: WorkloadBuilder,
  settings: Parameters<TraceImporter['read']>[1],
  report: ImportReport,
): Promise<void> {
  const { machineMemMib, machineDiskMib } = settings.options;
  const containers: { id: string; start: number; request: number }[] = [];
  let end = 0;
  for (const file of tableFiles(input.files, 'container_event')) {
    const dialect = { delimiter: ',', columns: CONTAINER_COLUMNS, mayEndEarly: true } as const;
    await readRows(input, file, dialect, report, (row) => {
      const start = row.amount('timestamp', 'seconds');
      end = Math.max(end, start);
      if (row.text('event') !== 'Create') return;
      const request = builder.request({
        cpus: row.amount('cpus', 'cores'),
        mem: row.amount('mem', 'machines') * machineMemMib,
        disk: row.amount('disk', 'machines') * machineDiskMib,
      });
      containers.push({ id: `container-${row.text('instance')}`, start, request });
    });
  }
  for (const { id, start, request } of containers) {
    if (builder.jobCount >= settings.maxJobs) return;
    builder.job({ id, role: 'online', submitUs: secondsToUs(start) });
    builder.tasks(1, request, secondsToUs(end - start));
  }
}

function tableFiles(files: readonly string[], table: string): string[] {
  return files.filter((file) => new RegExp(`(^|/)${table}[^/]*$`).test(file));
}
