/** The native engine against its twin on every sample trace. */
import { test } from 'vitest';
import { type Cluster, uniformCluster } from '../../src/cluster/cluster.ts';
import { TraceSource } from '../../src/files/trace-source.ts';
import { firstJobs } from '../../src/workload/leading-jobs.ts';
import { loadTrace } from '../../src/workload/load-trace.ts';
import { lacksTraces, tracePath } from '../traces.ts';
import { expectSameAnswers, lacksNative } from './both-engines.ts';

const POLICIES = ['fifo', 'drf', 'wdrf', 'hdrf'];

/** Where a trace states no agents, these are so few that tasks must wait. */
const TRACES: readonly { readonly file: string; readonly jobs?: number; readonly cluster?: Cluster }[] = [
  { file: 'swf/NASA-iPSC-1993-3.1-cln.swf.gz' },
  { file: 'swf/hpc2n-slice.swf.gz' },
  { file: 'swf/lublin_256.swf.gz' },
  { file: 'batsim/medium_late.json' },
  {
    file: 'alibaba-dlrm-2025/disaggregated_DLRM_trace.csv.gz',
    cluster: uniformCluster(40, { cpus: 192, mem: 1_100_000, disk: 1_100_000, gpus: 8, rdma: 100 }),
  },
  { file: 'gavel-msr/seed0-ee9e8c.trace.gz', cluster: uniformCluster(12, { gpus: 8 }) },
  ...['default', 'cpu050', 'gpushare40', 'multigpu20'].map((name) => ({
    file: `openb-2023/openb_pod_list_${name}.csv`,
  })),
  ...['FB-2009', 'FB-2010'].map((name) => ({
    file: `swim/${name}_samples_24_times_1hr_0.tsv.gz`,
    jobs: 200,
    cluster: uniformCluster(20, { cpus: 16, mem: 65_536 }),
  })),
];

for (const { file, jobs = 1500, cluster } of TRACES) {
  test.skipIf(lacksTraces || lacksNative)(`both engines agree on ${file}`, async () => {
    const { workload: whole } = await loadTrace(new TraceSource(tracePath(file)));
    const workload = firstJobs(whole, jobs);
    const agents = cluster ?? workload.cluster;
    for (const policy of POLICIES) expectSameAnswers(workload, agents!, policy);
  });
}
