/** Alibaba disaggregated DLRM 2025: inference instances of recommendation services on CPU and GPU nodes. */
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { type Row, readRows } from '../rows.ts';
import type { TraceImporter } from './importer.ts';

const REQUIRED = [
  'instance_sn',
  'role',
  'app_name',
  'cpu_request',
  'gpu_request',
  'rdma_request',
  'memory_request',
  'disk_request',
  'max_instance_per_node',
  'creation_time',
  'scheduled_time',
  'deletion_time',
];
const MIB_PER_GIB = 1024;

interface Instance {
  readonly id: string;
  readonly app: string;
  readonly role: string;
  readonly request: number;
  readonly maxPerAgent: number;
  readonly submit: number;
  readonly start: number;
  /** `undefined`: after the end of the trace. */
  readonly end: number | undefined;
}

export const alibabaDlrm2025: TraceImporter = {
  format: 'alibaba-dlrm-2025',
  title: 'Alibaba disaggregated DLRM inference 2025 (cluster-trace-gpu-v2025)',
  roleFields: ['app', 'role'],
  options: {},

  recognise(probe) {
    if (probe.files.length !== 1) return 0;
    return probe.head(probe.files[0]).startsWith('instance_sn,role,app_name,') ? 1 : 0;
  },

  async read(input, settings, report) {
    const builder = new WorkloadBuilder(input.name);
    const instances: Instance[] = [];
    const seen = new Set<string>();
    let traceEnd = 0;
    const dialect = { delimiter: ',', columns: 'header', required: REQUIRED } as const;
    await readRows(input, input.files[0], dialect, report, (row) => {
      const instance = readInstance(row, builder);
      if (seen.has(instance.id))
        throw row.error('instance_sn', `instance ${instance.id} appears twice`, 'ROW_DUPLICATE');
      seen.add(instance.id);
      traceEnd = Math.max(traceEnd, instance.submit, instance.start, instance.end ?? 0);
      if (instances.length < settings.maxJobs) instances.push(instance);
    });
    for (const { id, app, role, request, maxPerAgent, submit, start, end } of instances) {
      builder.job({
        id,
        role: settings.roleField === 'app' ? app : role,
        submitUs: secondsToUs(submit),
        ...(maxPerAgent > 0 ? { maxPerAgent, spreadGroup: app } : {}),
      });
      builder.tasks(1, request, secondsToUs((end ?? traceEnd) - start));
    }
    report.notes.push(
      'An instance is a job of one task. Without a creation time it was there before the trace and is submitted at 0; without a deletion time it runs to the end of the trace.',
      'rdma is the requested part of a node’s RDMA bandwidth, 0–100; max_instance_per_node limits instances of one app on an agent.',
      'Limits (cpu_limit, …) are left out. The trace has no list of nodes: give --cluster or --agents.',
    );
    return builder.finish();
  },
};

function readInstance(row: Row, builder: WorkloadBuilder): Instance {
  const submit = row.optionalAmount('creation_time', 'seconds') ?? 0;
  const start = row.optionalAmount('scheduled_time', 'seconds') ?? submit;
  const end = row.optionalAmount('deletion_time', 'seconds');
  if (end !== undefined && end < start) {
    throw row.error('deletion_time', `deletion ${end} is before the start ${start}`);
  }
  const perNode = row.count('max_instance_per_node', 'instances', -1);
  return {
    id: row.text('instance_sn'),
    app: row.text('app_name'),
    role: row.text('role'),
    request: builder.request({
      cpus: row.amount('cpu_request', 'cores'),
      mem: row.amount('memory_request', 'GiB') * MIB_PER_GIB,
      disk: row.amount('disk_request', 'GiB') * MIB_PER_GIB,
      gpus: row.amount('gpu_request', 'GPUs'),
      rdma: row.amount('rdma_request', 'percent of a node'),
    }),
    maxPerAgent: Math.max(0, perNode),
    submit,
    start,
    end,
  };
}
