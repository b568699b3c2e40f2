/** openb 2023. The figures of real lists come from a separate count over their rows. */
import { expect, test } from 'vitest';
import { loadTrace } from '../../../src/workload/load-trace.ts';
import { lacksTraces } from '../../traces.ts';
import { failedTasks, jobsByRole, loadReal, totalMilli, totalSeconds } from './real-traces.ts';
import { allowedAgents, clusterOf, jobsOf, lines, load, TextTrace } from './text-trace.ts';

const REAL = [
  {
    list: 'default',
    jobs: 8152,
    cpuMilli: 85_436_012,
    memMib: 303_546_211,
    gpuMilli: 6_086_800,
    seconds: 210_197_755,
    failed: 1870,
  },
  {
    list: 'cpu050',
    jobs: 7439,
    cpuMilli: 72_761_612,
    memMib: 268_502_666,
    gpuMilli: 6_086_800,
    seconds: 192_797_541,
    failed: 1869,
  },
  {
    list: 'gpushare40',
    jobs: 8152,
    cpuMilli: 80_383_484,
    memMib: 281_701_244,
    gpuMilli: 5_641_250,
    seconds: 189_790_286,
    failed: 2071,
  },
  {
    list: 'multigpu20',
    jobs: 8324,
    cpuMilli: 95_171_812,
    memMib: 344_773_251,
    gpuMilli: 7_086_800,
    seconds: 8324 * 3600,
    failed: 0,
  },
];

for (const real of REAL) {
  test.skipIf(lacksTraces)(`openb_pod_list_${real.list} has ${real.jobs} pods of one task`, async () => {
    const { workload, format } = await loadReal(`openb-2023/openb_pod_list_${real.list}.csv`);
    expect(format).toBe('openb');
    expect({
      list: real.list,
      jobs: workload.tasks.count,
      cpuMilli: totalMilli(workload, 'cpus'),
      memMib: totalMilli(workload, 'mem') / 1000,
      gpuMilli: totalMilli(workload, 'gpus'),
      seconds: totalSeconds(workload),
      failed: failedTasks(workload),
    }).toEqual(real);
    expect(workload.jobs.count).toBe(real.jobs);
  });
}

test.skipIf(lacksTraces)('the nodes come from the list beside the pods', async () => {
  const { cluster, roles, jobs, ...rest } = (await loadReal('openb-2023/openb_pod_list_default.csv'))
    .workload;
  const totals = cluster!.resources.map((_, r) =>
    cluster!.total.reduce(
      (sum, milli, index) => sum + (index % cluster!.resources.length === r ? milli : 0),
      0,
    ),
  );
  expect(cluster!.agentIds.length).toBe(1523);
  expect(Object.fromEntries(cluster!.resources.map((name, r) => [name, totals[r]]))).toEqual({
    cpus: 125_514_000,
    mem: 612_028_416_000,
    gpus: 6_212_000,
  });
  const models = cluster!.attributes.get('gpuModel')!;
  expect(models.filter((model) => model === 'G2').length).toBe(549);
  expect(models.filter((model) => model === null).length).toBe(310);
  expect(jobsByRole({ cluster, roles, jobs, ...rest })).toEqual({
    BE: 3398,
    Burstable: 100,
    Guaranteed: 7,
    LS: 4647,
  });
});

test.skipIf(lacksTraces)(
  'of a folder with several lists the first is taken, and the user is told',
  async () => {
    const { workload, report } = await loadReal('openb-2023');
    expect(workload.jobs.count).toBe(7439);
    expect(report.notes.join('\n')).toContain(
      'The folder has 4 pod lists; only the first, openb_pod_list_cpu050.csv',
    );
  },
);

const NODES = lines(
  'sn,cpu_milli,memory_mib,gpu,model',
  'n0,32000,1024,0,',
  'n1,64000,2048,2,T4',
  'n2,64000,2048,4,G2',
);
const HEADER =
  'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time';
const POD = 'p0,4500,512,1,460,,LS,Running,10,100,30';
const pods = (...rows: string[]) => ({ 'openb_pod_list_x.csv': lines(HEADER, ...rows) });

test('a pod runs from its scheduling, or its creation, to its deletion; a failed one fails', async () => {
  const { workload } = await load(
    pods(POD, 'p1,1000,0,2,1000,,BE,Failed,5,105,65', 'p2,1000,64,0,0,,BE,Pending,20,50,'),
  );
  expect(jobsOf(workload)).toEqual([
    'p1 BE @5: 1× cpus 1 gpus 2 40s failed',
    'p0 LS @10: 1× cpus 4.5 mem 512 gpus 0.46 70s',
    'p2 BE @20: 1× cpus 1 mem 64 30s',
  ]);
  expect(workload.cluster).toBe(null);
});

test('gpu_spec confines a pod to agents of these models', async () => {
  const trace = new TextTrace(pods(POD, POD.replace('p0', 'p1').replace(',,LS', ',G2|V100,LS')), {
    'openb_node_list_x.csv': NODES,
  });
  const { workload } = await loadTrace(trace);
  expect(clusterOf(workload)).toEqual([
    'n0 cpus 32 mem 1024 gpus 0 {gpuModel=null}',
    'n1 cpus 64 mem 2048 gpus 2 {gpuModel=T4}',
    'n2 cpus 64 mem 2048 gpus 4 {gpuModel=G2}',
  ]);
  expect(allowedAgents(workload, 'p0')).toEqual(['n0', 'n1', 'n2']);
  expect(allowedAgents(workload, 'p1')).toEqual(['n2']);
  expect((await loadTrace(trace, { roleField: 'gpuSpec' })).workload.roles).toEqual(['G2|V100', 'any']);
});

test('pods of lists without times come at a stated rate and run a stated time', async () => {
  const texts = {
    'pods.csv': lines('name,cpu_milli,memory_mib,num_gpu,gpu_milli', 'p0,1000,64,0,0', 'p1,1000,64,0,0'),
  };
  const { workload, report } = await load(texts, {
    importOptions: { interarrivalSeconds: 3, durationSeconds: 7 },
  });
  expect(jobsOf(workload)).toEqual([
    'p0 unknown @0: 1× cpus 1 mem 64 7s',
    'p1 unknown @3: 1× cpus 1 mem 64 7s',
  ]);
  expect(report.notes.join('\n')).toContain('pods arrive in file order, 3 s apart, and run 7 s');
});

test('other files in the folder are not taken for a pod list', async () => {
  const { workload } = await load({ 'README.md': 'openb', ...pods(POD), 'openb_node_list_x.csv': NODES });
  expect(workload.jobs.count).toBe(1);
  expect(workload.cluster!.agentIds.length).toBe(3);
});

test('a node list alone is a cluster', async () => {
  const texts = { 'openb_node_list_x.csv': NODES };
  expect((await load(texts, { mayLackJobs: true })).workload.cluster!.agentIds).toEqual(['n0', 'n1', 'n2']);
  await expect(load(texts)).rejects.toMatchObject({ code: 'TRACE_EMPTY' });
});

for (const [fault, row, code, place] of [
  [
    'deletion before the start',
    POD.replace('100,30', '29,30').replace('p0', 'p1'),
    'ROW_VALUE',
    { line: 3, column: 34 },
  ],
  ['a pod that comes twice', POD, 'ROW_DUPLICATE', { line: 3, column: 1 }],
  ['a negative share', POD.replace('460', '-460').replace('p0', 'p1'), 'ROW_VALUE', { line: 3, column: 15 }],
  ['half a GPU count', POD.replace(',1,', ',0.5,').replace('p0', 'p1'), 'ROW_VALUE', { line: 3, column: 13 }],
  ['a missing column', 'p1,4500,512', 'ROW_COLUMNS', { line: 3 }],
] as const) {
  test(`${fault} is ${code}`, async () => {
    await expect(load(pods(POD, row))).rejects.toMatchObject({
      code,
      place: { file: 'openb_pod_list_x.csv', ...place },
    });
    expect((await load(pods(POD, row), { skipsBadRows: true })).workload.jobs.count).toBe(1);
  });
}
