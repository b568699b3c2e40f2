import { describe, expect, it } from 'vitest';
import { jobsOf, lines, load } from './text-trace.ts';

const HELIOS = 'job_id,user,vc,gpu_num,cpu_num,node_num,state,submit_time,start_time,end_time,duration,queue';
const SEREN =
  'job_id,user,node_num,gpu_num,cpu_num,type,state,submit_time,start_time,end_time,duration,queue,gpu_time';
const KALOS =
  'job_id,user,node_num,gpu_num,cpu_num,mem_per_pod_GB,shared_mem_per_pod,type,state,submit_time,start_time,end_time,fail_time,stop_time,duration,queue,gpu_time';

describe('a Helios job', () => {
  const row = (id: string, size: string, state: string, times: string) =>
    `${id},u1,vcA,${size},${state},${times},1,1`;
  const times = '2020-06-09 18:41:01,2020-06-09 18:42:01,2020-06-09 18:43:01';

  it('is a gang of a task a node, with whole GPUs that add up', async () => {
    const rows = [
      row('1', '1,4,1', 'COMPLETED', times),
      row('2', '16,32,2', 'CANCELLED', times.replace('18:41:01', '18:41:31')),
      row('3', '5,6,3', 'FAILED', times.replace('18:41:01', '18:41:41')),
    ];
    const { workload } = await load({ 'cluster_log.csv': lines(HELIOS, ...rows) });
    expect(jobsOf(workload)).toEqual([
      '1 vcA @0: 1× cpus 4 gpus 1 60s',
      '2 vcA @30 gang: 2× cpus 16 gpus 8 60s killed',
      '3 vcA @40 gang: 2× cpus 2 gpus 2 60s failed, 1× cpus 2 gpus 1 60s failed',
    ]);
  });

  it('has no GPUs if it asked for none, and is left out if it never started', async () => {
    const rows = [
      row('1', '0,4,1', 'COMPLETED', times),
      row('2', '1,4,1', 'CANCELLED', '2020-06-09 18:41:01,None,None'),
    ];
    const { workload, report } = await load({ 'cluster_log.csv': lines(HELIOS, ...rows) });
    expect(jobsOf(workload)).toEqual(['1 vcA @0: 1× cpus 4 60s']);
    expect([...report.leftOut]).toEqual([['job that never ran or ended', 1]]);
  });

  it('has its virtual cluster from the file’s name where the log lacks the column', async () => {
    const text = lines(HELIOS.replace('vc,', ''), row('1', '1,4,1', 'COMPLETED', times).replace('vcA,', ''));
    expect((await load({ 'vcB.csv': text })).workload.roles).toEqual(['vcB']);
    expect((await load({ 'vcB.csv': text }, { roleField: 'user' })).workload.roles).toEqual(['u1']);
  });

  it('is told from that of another cluster in the folder', async () => {
    const log = lines(HELIOS, row('1', '1,4,1', 'COMPLETED', times));
    const sizes = 'date,vcA,total\n2020-04-01,72,72\n';
    const { workload } = await load({
      'Earth/cluster_gpu_number.csv': sizes,
      'Earth/cluster_log.csv': log,
      'Venus/cluster_gpu_number.csv': sizes,
      'Venus/cluster_log.csv': log,
    });
    expect(workload.jobs.ids).toEqual(['Earth/cluster_log/1', 'Venus/cluster_log/1']);
  });

  it.each([
    ['twice', row('1', '1,4,1', 'COMPLETED', times), '3:1: job 1 appears twice'],
    [
      'with a malformed time',
      row('2', '1,4,1', 'COMPLETED', times.replace('2020-06-09', '9.6.2020')),
      '3:26: submit_time "9.6.2020 18:41:01" is not a time',
    ],
    [
      'that ends before it starts',
      row('2', '1,4,1', 'COMPLETED', times.replace('18:43', '18:40')),
      '3:66: end 2020-06-09 18:40:01 is before the start',
    ],
    [
      'with half a GPU',
      row('2', '0.5,4,1', 'COMPLETED', times),
      '3:10: gpu_num 0.5 is not a whole number of GPUs',
    ],
    ['with negative cores', row('2', '1,-4,1', 'COMPLETED', times), '3:12: cpu_num -4 is negative'],
  ])('%s is an error at its place, or counted', async (_, bad, message) => {
    const texts = { 'cluster_log.csv': lines(HELIOS, row('1', '1,4,1', 'COMPLETED', times), bad) };
    await expect(load(texts)).rejects.toThrow(`cluster_log.csv:${message}`);
    const { report, workload } = await load(texts, { skipsBadRows: true });
    expect(report.leftOut.get('malformed row')).toBe(1);
    expect(workload.jobs.count).toBe(1);
  });
});

describe('an Acme job', () => {
  const seren = lines(
    SEREN,
    '5778432,u5907,1,8,128,Other,FAILED,2023-03-01 00:18:22+08:00,2023-03-01 00:18:54+08:00,2023-03-01 00:20:51+08:00,117,32,936.0',
    '5778469,u5908,1,8,128,Pretrain,COMPLETED,2023-03-01 00:23:58+08:00,2023-03-01 00:24:11+08:00,2023-03-01 01:09:04+08:00,2693,13,21544.0',
  );
  // The examples of the publisher's description: duration is from submission to end.
  const kalos = lines(
    KALOS,
    'dlctk696s0jbvitv,uf794,8,64,960,1000,100.0,Other,FAILED,2023-05-17 11:00:58+00:00,2023-05-17 11:01:08+00:00,2023-05-17 11:01:16+00:00,2023-05-17 11:01:16+00:00,,18,10.0,1152.0',
    'dlc1t2ypl09b8qtp,uf794,8,64,960,1000,100.0,Other,CANCELLED,2023-05-17 11:28:42+00:00,2023-05-17 11:28:54+00:00,2023-05-17 11:30:04+00:00,,2023-05-17 11:30:04+00:00,82,12.0,5248.0',
  );

  it('of Seren states no memory', async () => {
    const { workload } = await load({ 'trace_seren.csv': seren });
    expect(jobsOf(workload)).toEqual([
      '5778432 Other @0: 1× cpus 128 gpus 8 117s failed',
      '5778469 Pretrain @336: 1× cpus 128 gpus 8 2693s',
    ]);
  });

  it('of Kalos has memory, and runs from its start, not from its submission', async () => {
    const { workload } = await load({ 'trace_kalos.csv': kalos });
    expect(jobsOf(workload)).toEqual([
      'dlctk696s0jbvitv Other @0 gang: 8× cpus 120 mem 1024000 gpus 8 8s failed',
      'dlc1t2ypl09b8qtp Other @1664 gang: 8× cpus 120 mem 1024000 gpus 8 70s killed',
    ]);
  });

  it('may have its user as role, and one of the first in the file if only so many are taken', async () => {
    const { workload } = await load({ 'trace_seren.csv': seren }, { roleField: 'user', maxJobs: 1 });
    expect(workload.roles).toEqual(['u5907']);
  });
});
