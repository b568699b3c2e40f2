/** openb 2023: pods and nodes of an Alibaba GPU cluster, the data of the FGD paper (Weng et al., USENIX ATC 2023). */
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import { MILLI } from '../../cluster/resources.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { type Row, readRows } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED } from '../workload.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';

const NODE_COLUMNS = ['sn', 'cpu_milli', 'memory_mib', 'gpu', 'model'];
const POD_COLUMNS = ['name', 'cpu_milli', 'memory_mib', 'num_gpu', 'gpu_milli'];
const isNodeList = (file: string) => /node_list[^/]*$/.test(file);
const isPodList = (file: string) => /pod_list[^/]*$/.test(file);

export const openb: TraceImporter = {
  format: 'openb',
  title: 'openb 2023: Alibaba GPU cluster pods and nodes (cluster-trace-gpu-v2023)',
  roleFields: ['qos', 'gpuSpec'],
  options: {
    interarrivalSeconds: { default: 1, description: 'time between pods, for lists without times' },
    durationSeconds: { default: 3600, description: 'run time of pods, for lists without times' },
  },

  recognise(probe) {
    const heads = probe.files.map((file) => probe.head(file).split('\n', 1)[0]);
    if (heads.some((head) => head.startsWith(POD_COLUMNS.join(',')))) return 1;
    return heads.some((head) => head.startsWith(NODE_COLUMNS.join(','))) ? 0.9 : 0;
  },

  async read(input, settings, report) {
    const nodeFiles = [...input.files, ...input.companions].filter(isNodeList);
    const cluster = nodeFiles.length > 0 ? await readNodes(input, nodeFiles[0], report) : null;
    const others = input.files.filter((file) => !isNodeList(file));
    const named = others.filter(isPodList);
    const podFiles = named.length > 0 ? named : others;
    const builder = new WorkloadBuilder(input.name);
    if (podFiles.length > 1) {
      report.notes.push(
        `The folder has ${podFiles.length} pod lists; only the first, ${podFiles[0]}, is taken. Name a file for another.`,
      );
    }
    if (podFiles.length === 0) return builder.finish(cluster);
    await readPods(input, podFiles[0], builder, settings, report);
    report.notes.push(
      'A pod is a job of one task, submitted at its creation; it runs from its scheduling (creation where unknown) to its deletion.',
      'A share of a GPU (gpu_milli below 1000) is a share of one device; gpu_spec is a constraint on the attribute gpuModel.',
    );
    if (cluster) report.notes.push(`The agents are those of ${nodeFiles[0]}.`);
    return builder.finish(cluster);
  },
};

async function readPods(
  input: TraceInput,
  file: string,
  builder: WorkloadBuilder,
  settings: Parameters<TraceImporter['read']>[1],
  report: ImportReport,
): Promise<void> {
  const { interarrivalSeconds, durationSeconds } = settings.options;
  const names = new Set<string>();
  let isTimed = true;
  await readRows(input, file, { delimiter: ',', columns: 'header', required: POD_COLUMNS }, report, (row) => {
    if (builder.jobCount >= settings.maxJobs) return false;
    const name = row.text('name');
    if (names.has(name)) throw row.error('name', `pod ${name} appears twice`, 'ROW_DUPLICATE');
    names.add(name);
    isTimed = row.has('creation_time');
    const times = isTimed
      ? podTimes(row)
      : { submit: builder.jobCount * interarrivalSeconds, duration: durationSeconds };
    const models = row
      .text('gpu_spec')
      .split('|')
      .filter((model) => model !== '');
    const request = builder.request(
      {
        cpus: row.amount('cpu_milli', 'thousandths of a core') / MILLI,
        mem: row.amount('memory_mib', 'MiB'),
        gpus: (row.count('num_gpu', 'GPUs') * row.amount('gpu_milli', 'thousandths of a GPU')) / MILLI,
      },
      models.length > 0 ? [{ attribute: 'gpuModel', operator: 'in', values: models }] : null,
    );
    const role = settings.roleField === 'qos' ? row.text('qos') || 'unknown' : row.text('gpu_spec') || 'any';
    builder.job({ id: name, role, submitUs: secondsToUs(times.submit) });
    builder.tasks(
      1,
      request,
      secondsToUs(times.duration),
      row.text('pod_phase') === 'Failed' ? OUTCOME_FAILED : OUTCOME_FINISHED,
    );
    return true;
  });
  if (!isTimed) {
    report.notes.push(
      `The list has no times: pods arrive in file order, ${interarrivalSeconds} s apart, and run ${durationSeconds} s (--import interarrivalSeconds=…, durationSeconds=…).`,
    );
  }
}

function podTimes(row: Row): { submit: number; duration: number } {
  const submit = row.amount('creation_time', 'seconds');
  const start = row.optionalAmount('scheduled_time', 'seconds') ?? submit;
  const end = row.amount('deletion_time', 'seconds');
  if (end < start) throw row.error('deletion_time', `deletion ${end} is before the start ${start}`);
  return { submit, duration: end - start };
}

async function readNodes(input: TraceInput, file: string, report: ImportReport): Promise<Cluster> {
  const agents: AgentDescription[] = [];
  const seen = new Set<string>();
  await readRows(
    input,
    file,
    { delimiter: ',', columns: 'header', required: NODE_COLUMNS },
    report,
    (row) => {
      const model = row.text('model');
      const id = row.text('sn');
      if (seen.has(id)) throw row.error('sn', `node ${id} appears twice`, 'ROW_DUPLICATE');
      seen.add(id);
      agents.push({
        id,
        resources: {
          cpus: row.amount('cpu_milli', 'thousandths of a core') / MILLI,
          mem: row.amount('memory_mib', 'MiB'),
          gpus: row.count('gpu', 'GPUs'),
        },
        ...(model === '' ? {} : { attributes: { gpuModel: model } }),
      });
    },
  );
  return buildCluster(agents);
}
