/** Acme (Shanghai AI Laboratory, Hu et al., NSDI 2024): jobs of large-model development on two GPU clusters. */
import { WorkloadBuilder } from '../builder.ts';
import { readRows } from '../rows.ts';
import { addGpuJobs, type LoggedGpuJob, readGpuJob } from './gpu-log.ts';
import type { TraceImporter } from './importer.ts';

const REQUIRED = [
  'job_id',
  'user',
  'node_num',
  'gpu_num',
  'cpu_num',
  'mem_per_pod_GB',
  'type',
  'state',
  'submit_time',
  'start_time',
  'end_time',
];
const MIB_PER_GIB = 1024;

export const acme: TraceImporter = {
  format: 'acme',
  title: 'Acme GPU clusters 2023 (trace_seren.csv, trace_kalos.csv)',
  roleFields: ['type', 'user', 'queue'],
  options: {},

  recognise(probe) {
    const isOurs = (head: string) => REQUIRED.every((name) => head.split(',').includes(name));
    return probe.files.some((file) => isOurs(probe.head(file).split(/\r?\n/, 1)[0])) ? 1 : 0;
  },

  async read(input, settings, report) {
    const builder = new WorkloadBuilder(input.name);
    const jobs: LoggedGpuJob[] = [];
    const seen = new Set<string>();
    for (const file of input.files) {
      await readRows(
        input,
        file,
        { delimiter: ',', columns: 'header', required: REQUIRED },
        report,
        (row) => {
          const job = readGpuJob(row, row.text(settings.roleField), report);
          if (job === null) return;
          if (seen.has(job.id)) throw row.error('job_id', `job ${job.id} appears twice`, 'ROW_DUPLICATE');
          seen.add(job.id);
          jobs.push({ ...job, memMib: (row.optionalAmount('mem_per_pod_GB', 'GB') ?? 0) * MIB_PER_GIB });
        },
      );
    }
    addGpuJobs(builder, jobs, settings.maxJobs);
    report.notes.push(
      'A job on several nodes is a gang of a task a node with its part of cores and GPUs (whole devices, rounded up) and mem_per_pod_GB; times count from the first submit.',
      'Shared memory is left out. The log has no list of nodes: give --agents or --cluster.',
    );
    return builder.finish();
  },
};
