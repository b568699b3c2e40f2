/** Alibaba DLRM 2025. The figures of the real trace come from a separate count over its rows. */
import { expect, test } from 'vitest';
import { lacksTraces } from '../../traces.ts';
import { jobsByRole, loadReal, totalMilli, totalSeconds } from './real-traces.ts';
import { jobsOf, lines, load } from './text-trace.ts';

const FILE = 'alibaba-dlrm-2025/disaggregated_DLRM_trace.csv.gz';
const MIB_MILLI_PER_GIB = 1024 * 1000;

test.skipIf(lacksTraces)('the trace has 23,871 instances of 156 services', async () => {
  const { workload, format } = await loadReal(FILE);
  expect(format).toBe('alibaba-dlrm-2025');
  expect([workload.jobs.count, workload.tasks.count, workload.roles.length]).toEqual([23_871, 23_871, 156]);
  expect(totalSeconds(workload)).toBe(21_191_056_438);
  expect(totalMilli(workload, 'cpus')).toBe(1_252_594_000);
  expect(totalMilli(workload, 'gpus')).toBe(7_386_000);
  expect(totalMilli(workload, 'rdma')).toBe(496_680_000);
  expect(totalMilli(workload, 'mem')).toBe(6_345_408.5 * MIB_MILLI_PER_GIB);
  expect(totalMilli(workload, 'disk')).toBe(7_359_181 * MIB_MILLI_PER_GIB);
  const limits = workload.jobs.maxPerAgent!;
  expect([0, 2, 4, 8].map((most) => limits.filter((limit) => limit === most).length)).toEqual([
    12_248, 6778, 3588, 724,
  ]);
  expect(workload.cluster).toBe(null);
});

test.skipIf(lacksTraces)('instances run on CPU nodes and on GPU nodes', async () => {
  const { workload } = await loadReal(FILE, { roleField: 'role' });
  expect(jobsByRole(workload)).toEqual({ CN: 16_485, HN: 7386 });
});

const HEADER =
  'instance_sn,role,app_name,cpu_request,cpu_limit,gpu_request,gpu_limit,rdma_request,rdma_limit,memory_request,memory_limit,disk_request,disk_limit,max_instance_per_node,creation_time,scheduled_time,deletion_time';
const amounts = '12,16,1,1,25,50,2.0,4.0,1.0,8.0';
const trace = (...rows: string[]) => ({ 'trace.csv': lines(HEADER, ...rows) });

test('an instance runs from its scheduling to its deletion; empty times are the start and the end of the trace', async () => {
  const { workload } = await load(
    trace(`i0,HN,a,${amounts},2,,,`, `i1,CN,a,${amounts},2,10,12,50`, `i2,CN,b,${amounts},-1,20,20,`),
  );
  const request = 'cpus 12 mem 2048 disk 1024 gpus 1 rdma 25';
  expect(jobsOf(workload)).toEqual([
    `i0 a @0 max 2 of group 0: 1× ${request} 50s`,
    `i1 a @10 max 2 of group 0: 1× ${request} 38s`,
    `i2 b @20: 1× ${request} 30s`,
  ]);
});

test('the end of the trace is that of all instances, not of those taken', async () => {
  const rows = trace(`i0,HN,a,${amounts},2,,,`, `i1,CN,a,${amounts},2,10,12,50`);
  const { workload } = await load(rows, { maxJobs: 1 });
  expect(workload.jobs.ids).toEqual(['i0']);
  expect(totalSeconds(workload)).toBe(50);
});

for (const [fault, row, code, place] of [
  ['deletion before the start', `i1,CN,a,${amounts},2,10,12,11`, 'ROW_VALUE', { line: 3, column: 49 }],
  ['a limit of −2 per node', `i1,CN,a,${amounts},-2,10,12,50`, 'ROW_VALUE', { line: 3, column: 41 }],
  ['text for a time', `i1,CN,a,${amounts},2,soon,12,50`, 'ROW_VALUE', { line: 3, column: 43 }],
  ['an instance that comes twice', `i0,CN,a,${amounts},2,10,12,50`, 'ROW_DUPLICATE', { line: 3, column: 1 }],
  ['a missing column', `i1,CN,a,${amounts},2,10,12`, 'ROW_COLUMNS', { line: 3 }],
] as const) {
  test(`${fault} is ${code}`, async () => {
    const texts = trace(`i0,HN,a,${amounts},2,,,`, row);
    await expect(load(texts)).rejects.toMatchObject({ code, place: { file: 'trace.csv', ...place } });
    expect((await load(texts, { skipsBadRows: true })).workload.jobs.ids).toEqual(['i0']);
  });
}
