/** Alibaba spot GPU 2026: high-priority and spot training jobs of several organisations. */
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readRows } from '../rows.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';

const NODE_COLUMNS = ['gpu_model', 'gpu_capacity_num', 'cpu_num', 'node_name'];
const JOB_COLUMNS = [
  'job_name',
  'organization',
  'gpu_model',
  'cpu_request',
  'gpu_request',
  'worker_num',
  'submit_time',
  'duration',
  'job_type',
];
const PRIORITIES: Readonly<Record<string, number>> = { HP: 1, Spot: 0 };
const isNodeList = (file: string) => /(^|\/)node_info/.test(file);
const isJobList = (file: string) => /(^|\/)job_info/.test(file);

export const alibabaSpot2026: TraceImporter = {
  format: 'alibaba-spot-2026',
  title: 'Alibaba spot GPU jobs 2026 (job_info_df.csv, node_info_df.csv)',
  roleFields: ['organization', 'jobType', 'gpuModel'],
  options: {},

  recognise(probe) {
    const isOurs = (head: string) =>
      [JOB_COLUMNS, NODE_COLUMNS].some((columns) => columns.every((name) => head.split(',').includes(name)));
    return probe.files.some((file) => isOurs(probe.head(file).split(/\r?\n/, 1)[0])) ? 1 : 0;
  },

  async read(input, settings, report) {
    const nodeFile = [...input.files, ...input.companions].find(isNodeList);
    const cluster = nodeFile === undefined ? null : await readNodes(input, nodeFile, report);
    const builder = new WorkloadBuilder(input.name);
    const seen = new Set<string>();
    const others = input.files.filter((name) => !isNodeList(name));
    const named = others.filter(isJobList);
    for (const file of named.length > 0 ? named : others) {
      await readRows(
        input,
        file,
        { delimiter: ',', columns: 'header', required: JOB_COLUMNS },
        report,
        (row) => {
          if (builder.jobCount >= settings.maxJobs) return false;
          const id = row.text('job_name');
          if (seen.has(id)) throw row.error('job_name', `job ${id} appears twice`, 'ROW_DUPLICATE');
          const type = row.text('job_type');
          if (!(type in PRIORITIES)) throw row.error('job_type', `job_type "${type}" is neither HP nor Spot`);
          const model = row.text('gpu_model');
          const workers = row.count('worker_num', 'workers', 1);
          const submitUs = secondsToUs(row.amount('submit_time', 'seconds'));
          const durationUs = secondsToUs(row.amount('duration', 'seconds'));
          const request = builder.request(
            { cpus: row.amount('cpu_request', 'cores'), gpus: row.amount('gpu_request', 'GPUs') },
            model === '' ? null : [{ attribute: 'gpuModel', operator: 'in', values: [model] }],
          );
          seen.add(id);
          const organization = row.text('organization') || 'unknown';
          const roles = { organization, jobType: type, gpuModel: model || 'any' };
          builder.job({
            id,
            role: roles[settings.roleField as keyof typeof roles],
            submitUs,
            priority: PRIORITIES[type],
            isGang: workers > 1,
          });
          builder.tasks(workers, request, durationUs);
          return true;
        },
      );
    }
    report.notes.push(
      'A job is a gang of worker_num tasks; HP jobs have priority 1, spot jobs 0; gpu_model is a constraint.',
      'The trace states no memory.',
    );
    return builder.finish(cluster);
  },
};

async function readNodes(input: TraceInput, file: string, report: ImportReport): Promise<Cluster> {
  const agents: AgentDescription[] = [];
  const seen = new Set<string>();
  await readRows(
    input,
    file,
    { delimiter: ',', columns: 'header', required: NODE_COLUMNS },
    report,
    (row) => {
      const id = row.text('node_name');
      if (seen.has(id)) throw row.error('node_name', `node ${id} appears twice`, 'ROW_DUPLICATE');
      seen.add(id);
      agents.push({
        id,
        resources: { cpus: row.amount('cpu_num', 'cores'), gpus: row.count('gpu_capacity_num', 'GPUs') },
        attributes: { gpuModel: row.text('gpu_model') },
      });
    },
  );
  return buildCluster(agents);
}
