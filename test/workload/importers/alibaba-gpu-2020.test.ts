import { describe, expect, it } from 'vitest';
import { loadTrace } from '../../../src/workload/load-trace.ts';
import { allowedAgents, clusterOf, jobsOf, lines, load, TextTrace } from './text-trace.ts';

const JOBS = ['job_a,inst_a,ann,Terminated,90.0,160.0', 'job_b,inst_b,bob,Failed,200.0,230.0'];
const TASKS = [
  'job_a,ps,1.0,Terminated,100.0,160.0,600.0,29.296875,,',
  'job_a,worker,2.0,Terminated,105.0,155.0,400.0,10.0,50.0,MISC',
  'job_b,tensorflow,1.0,Failed,210.0,230.0,600.0,10.0,200.0,V100',
];
const TAGS = ['inst_a,ann,,group1,ctr', 'inst_b,bob,V100,group2,'];
const MACHINES = ['m1,V100,96,512,8', 'm2,MISC,64,512,2', 'm3,CPU,64,256,0'];

async function read(tables: Readonly<Record<string, string[]>>, options: Parameters<typeof load>[1] = {}) {
  const texts = Object.entries(tables).map(([table, rows]) => [`${table}.csv`, lines(...rows)]);
  return load(Object.fromEntries(texts), options);
}

describe('a PAI job', () => {
  it('is submitted by the job table; the instances of each task are a gang', async () => {
    const { workload } = await read({ pai_job_table: JOBS, pai_task_table: TASKS });
    expect(jobsOf(workload)).toEqual([
      'job_a ann @90 gang: 1× cpus 6 mem 30000 60s | 2× cpus 4 mem 10240 gpus 0.5 50s',
      'job_b bob @200 gang: 1× cpus 6 mem 10240 gpus 2 20s failed',
    ]);
  });

  it('without a row in the job table is submitted with its first task', async () => {
    const { workload } = await read({ pai_task_table: TASKS });
    expect(jobsOf(workload).map((job) => job.split(':')[0])).toEqual([
      'job_a unknown @100 gang',
      'job_b unknown @210 gang',
    ]);
  });

  it('runs on the GPU type it asked for', async () => {
    const tables = {
      pai_job_table: JOBS,
      pai_task_table: TASKS,
      pai_group_tag_table: TAGS,
      pai_machine_spec: MACHINES,
    };
    const { workload } = await read(tables);
    expect(allowedAgents(workload, 'job_a')).toEqual(['m1', 'm2', 'm3']);
    expect(allowedAgents(workload, 'job_b')).toEqual(['m1']);
    expect(clusterOf(workload)).toEqual([
      'm1 cpus 96 mem 524288 gpus 8 {gpuModel=V100}',
      'm2 cpus 64 mem 524288 gpus 2 {gpuModel=MISC}',
      'm3 cpus 64 mem 262144 gpus 0 {gpuModel=CPU}',
    ]);
  });

  it.each([
    ['user', ['ann', 'bob']],
    ['group', ['group1', 'group2']],
    ['workload', ['ctr', 'unknown']],
    ['gpuType', ['unknown', 'V100']],
  ])('has the role that its %s names', async (roleField, roles) => {
    const tables = { pai_job_table: JOBS, pai_task_table: TASKS, pai_group_tag_table: TAGS };
    const { workload } = await read(tables, { roleField });
    expect(jobsOf(workload).map((job) => job.split(' ')[1])).toEqual(roles);
  });

  it('that still runs ends with the trace; waiting tasks, and those without instances, are left out', async () => {
    const rows = [
      'job_c,worker,1.0,Running,220.0,,100.0,1.0,100.0,T4',
      'job_d,worker,1.0,Waiting,,,100.0,1.0,100.0,',
      'job_e,worker,,Terminated,100.0,110.0,100.0,1.0,100.0,',
      'job_f,worker,1.0,Failed,100.0,,100.0,1.0,100.0,',
    ];
    const { workload, report } = await read({ pai_task_table: [...TASKS, ...rows] });
    expect(jobsOf(workload)[2]).toBe('job_c unknown @220 gang: 1× cpus 1 mem 1024 gpus 1 10s');
    expect(workload.jobs.count).toBe(3);
    expect([...report.leftOut]).toEqual([
      ['task that never ran', 1],
      ['task without a number of instances', 1],
      ['task without an end', 1],
    ]);
  });
});

describe('PAI tables', () => {
  const names = 'job_name,task_name,inst_num,status,start_time,end_time,plan_cpu,plan_mem,plan_gpu,gpu_type';

  it('may repeat their column names as first row', async () => {
    const { workload } = await read({ pai_task_table: [names, ...TASKS] });
    expect(workload.jobs.count).toBe(2);
  });

  it('have their columns as a .header file says', async () => {
    const swapped = names.replace('job_name,task_name', 'task_name,job_name');
    const rows = TASKS.map((row) => row.replace(/^(\w+),(\w+)/, '$2,$1'));
    const texts = { 'pai_task_table.csv': lines(...rows), 'pai_task_table.header': lines(swapped) };
    expect((await load(texts)).workload.jobs.ids).toEqual(['job_a', 'job_b']);
    const cut = { ...texts, 'pai_task_table.header': 'job_name,task_name\n' };
    await expect(load(cut)).rejects.toThrow('pai_task_table.header:1: the header lacks inst_num, status');
  });

  it('are found beside the one that the user names', async () => {
    const trace = new TextTrace(
      { 'pai_task_table.csv': lines(...TASKS) },
      { 'pai_job_table.csv': lines(...JOBS), 'pai_machine_spec.csv': lines(...MACHINES) },
    );
    const { workload } = await loadTrace(trace);
    expect(workload.roles).toEqual(['ann', 'bob']);
    expect(workload.cluster?.agentIds).toEqual(['m1', 'm2', 'm3']);
  });

  it.each([
    ['pai_task_table', [TASKS[0], TASKS[0]], '2:7: task ps of job job_a appears twice'],
    [
      'pai_task_table',
      ['job_z,ps,1.5,Terminated,1.0,2.0,1,1,1,'],
      '1:10: inst_num 1.5 is not a whole number',
    ],
    ['pai_task_table', ['job_z,ps,1,Terminated,1.0,2.0,-3,1,1,'], '1:31: plan_cpu -3 is negative'],
    ['pai_job_table', [JOBS[0], JOBS[0]], '2:1: job job_a appears twice'],
    ['pai_job_table', ['job_z,i,ann,Terminated,soon,2.0'], '1:24: start_time "soon" is not a number'],
    ['pai_machine_spec', ['m9,T4,96,512,1.5'], '1:14: cap_gpu 1.5 is not a whole number of GPUs'],
  ])('with a malformed row (%s) are refused at its place', async (table, rows, message) => {
    await expect(read({ pai_task_table: TASKS, [table]: rows })).rejects.toThrow(`${table}.csv:${message}`);
  });
});
