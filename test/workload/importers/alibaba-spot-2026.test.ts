/** Alibaba spot GPU 2026, by its published schema. */
import { expect, test } from 'vitest';
import { loadTrace } from '../../../src/workload/load-trace.ts';
import { allowedAgents, clusterOf, jobsOf, lines, load, TextTrace } from './text-trace.ts';

const NODES = lines('gpu_model,gpu_capacity_num,cpu_num,node_name', 'A100,8,96,n0', 'H800,4,64,n1');
const HEADER =
  'job_name,organization,gpu_model,cpu_request,gpu_request,worker_num,submit_time,duration,job_type';
const JOB = 'j0,org1,A100,12.5,1,2,100,3600,HP';
const jobs = (...rows: string[]) => ({ 'job_info_df.csv': lines(HEADER, ...rows) });

test('a job is a gang of its workers, and HP goes before spot', async () => {
  const { workload, format } = await load(jobs(JOB, 'j1,,,4,0.5,1,50,60,Spot'));
  expect(format).toBe('alibaba-spot-2026');
  expect(jobsOf(workload)).toEqual([
    'j1 unknown @50: 1× cpus 4 gpus 0.5 60s',
    'j0 org1 @100 gang priority 1: 2× cpus 12.5 gpus 1 [gpuModel in A100] 3600s',
  ]);
});

test('roles are organisations, job types or GPU models', async () => {
  const texts = jobs(JOB, 'j1,org2,,4,1,1,50,60,Spot');
  const roles = async (roleField?: string) => (await load(texts, { roleField })).workload.roles;
  expect(await roles()).toEqual(['org1', 'org2']);
  expect(await roles('jobType')).toEqual(['HP', 'Spot']);
  expect(await roles('gpuModel')).toEqual(['A100', 'any']);
});

test('nodes come from the folder, or from beside the file', async () => {
  const inFolder = await load({ ...jobs(JOB), 'node_info_df.csv': NODES, 'README.md': 'spot' });
  const beside = await loadTrace(new TextTrace(jobs(JOB), { 'node_info_df.csv': NODES }));
  for (const { workload } of [inFolder, beside]) {
    expect(clusterOf(workload)).toEqual([
      'n0 cpus 96 gpus 8 {gpuModel=A100}',
      'n1 cpus 64 gpus 4 {gpuModel=H800}',
    ]);
    expect(allowedAgents(workload, 'j0')).toEqual(['n0']);
  }
});

test('a node that comes twice is ROW_DUPLICATE', async () => {
  const texts = { ...jobs(JOB), 'node_info_df.csv': `${NODES}A100,8,96,n0\n` };
  await expect(load(texts)).rejects.toMatchObject({
    code: 'ROW_DUPLICATE',
    place: { file: 'node_info_df.csv', line: 4, column: 11 },
  });
});

for (const [fault, row, code, place] of [
  ['an unknown job type', 'j1,org1,A100,12,1,2,100,3600,Best', 'ROW_VALUE', { line: 3, column: 30 }],
  ['a job without workers', 'j1,org1,A100,12,1,0,100,3600,HP', 'ROW_VALUE', { line: 3, column: 19 }],
  ['a negative duration', 'j1,org1,A100,12,1,2,100,-5,HP', 'ROW_VALUE', { line: 3, column: 25 }],
  ['a job that comes twice', JOB, 'ROW_DUPLICATE', { line: 3, column: 1 }],
  ['a missing column', 'j1,org1,A100', 'ROW_COLUMNS', { line: 3 }],
] as const) {
  test(`${fault} is ${code}`, async () => {
    const texts = jobs(JOB, row);
    await expect(load(texts)).rejects.toMatchObject({ code, place: { file: 'job_info_df.csv', ...place } });
    expect((await load(texts, { skipsBadRows: true })).workload.jobs.ids).toEqual(['j0']);
  });
}
