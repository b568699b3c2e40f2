/** Helios (SenseTime, Hu et al., SC 2021): GPU jobs of four clusters, one log a virtual cluster or cluster. */
import { WorkloadBuilder } from '../builder.ts';
import { readRows } from '../rows.ts';
import { addGpuJobs, type LoggedGpuJob, readGpuJob } from './gpu-log.ts';
import type { TraceImporter } from './importer.ts';

const REQUIRED = [
  'job_id',
  'user',
  'gpu_num',
  'cpu_num',
  'node_num',
  'state',
  'submit_time',
  'start_time',
  'end_time',
];

export const helios: TraceImporter = {
  format: 'helios',
  title: 'Helios GPU clusters 2020 (cluster_log.csv)',
  roleFields: ['vc', 'user'],
  options: {},

  recognise(probe) {
    const head = (file: string) => probe.head(file).split(/\r?\n/, 1)[0].split(',');
    const isOurs = (names: string[]) =>
      REQUIRED.every((name) => names.includes(name)) && !names.includes('type');
    return probe.files.some((file) => isOurs(head(file))) ? 0.9 : 0;
  },

  async read(input, settings, report) {
    const builder = new WorkloadBuilder(input.name);
    const jobs: LoggedGpuJob[] = [];
    for (const file of input.files) {
      const fileVc = file.replace(/^.*\//, '').replace(/\.csv$/, '');
      const seen = new Set<string>();
      await readRows(
        input,
        file,
        { delimiter: ',', columns: 'header', required: REQUIRED },
        report,
        (row) => {
          const vc = row.text('vc') || row.text('queue') || fileVc;
          const job = readGpuJob(row, settings.roleField === 'vc' ? vc : row.text('user'), report);
          if (job === null) return;
          if (seen.has(job.id)) throw row.error('job_id', `job ${job.id} appears twice`, 'ROW_DUPLICATE');
          seen.add(job.id);
          jobs.push(input.files.length > 1 ? { ...job, id: `${fileVc}/${job.id}` } : job);
        },
      );
    }
    addGpuJobs(builder, jobs, settings.maxJobs);
    report.notes.push(
      'A job on several nodes is a gang of a task a node with its part of cores and GPUs (whole devices, rounded up); times count from the first submit.',
      'The virtual cluster is the column vc or queue, else the file’s name. The log states neither memory nor nodes: give --agents or --cluster.',
    );
    return builder.finish();
  },
};
