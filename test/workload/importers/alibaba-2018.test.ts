import { describe, expect, it } from 'vitest';
import { clusterOf, jobsOf, lines, load } from './text-trace.ts';

const MIB = { importOptions: { machineMemMib: 1000 } };

/** A row of batch_task: half a core and 2 % of 1000 MiB. */
function task(job: string, name: string, more: Readonly<Record<string, string | number>> = {}): string {
  const row = {
    instances: 1,
    type: '1',
    status: 'Terminated',
    start: 100,
    end: 130,
    cpu: '50.0',
    mem: '2',
    ...more,
  };
  return `${name},${row.instances},${job},${row.type},${row.status},${row.start},${row.end},${row.cpu},${row.mem}`;
}

/** A row of batch_instance. */
function instance(job: string, name: string, start: number, end: number, more = 'Terminated,1,1'): string {
  const [status, sequence, total] = more.split(',');
  return `ins_${start},${name},${job},1,${status},${start},${end},m_1,${sequence},${total},50.0,60.0,0.1,0.2`;
}

async function read(tables: Readonly<Record<string, string[]>>, options: Parameters<typeof load>[1] = {}) {
  const texts = Object.entries(tables).map(([table, rows]) => [`${table}.csv`, lines(...rows)]);
  return load(Object.fromEntries(texts), {
    ...options,
    importOptions: { ...MIB.importOptions, ...options.importOptions },
  });
}

describe('an Alibaba 2018 job', () => {
  it('has a stage a task, in the order that their names tell', async () => {
    const rows = [
      task('j_1', 'M1', { instances: 2, start: 100 }),
      task('j_1', 'R2_1', { start: 130, end: 150 }),
      task('j_1', 'J4_2_3', { start: 160, end: 170 }),
      task('j_1', 'M3', { start: 110, end: 140 }),
      task('j_1', 'task_Nzg3ODAwNDgz', { start: 105, end: 106 }),
      task('j_1', 'MergeTask', { start: 105, end: 107 }),
    ];
    const { workload } = await read({ batch_task: rows });
    expect(jobsOf(workload)).toEqual([
      'j_1 batch @100: 2× cpus 0.5 mem 20 30s | 1× cpus 0.5 mem 20 20s after 0' +
        ' | 1× cpus 0.5 mem 20 30s | 1× cpus 0.5 mem 20 10s after 1,2' +
        ' | 1× cpus 0.5 mem 20 1s | 1× cpus 0.5 mem 20 2s',
    ]);
  });

  it('does without dependencies on tasks that are not there or come later, and says so', async () => {
    const rows = [task('j_1', 'R2_1'), task('j_1', 'R3_4_2'), task('j_1', 'R4_3')];
    const { workload, report } = await read({ batch_task: rows });
    expect(
      jobsOf(workload)[0]
        .split(' | ')
        .map((stage) => / after (.*)/.exec(stage)?.[1]),
    ).toEqual([undefined, '0', '1']);
    expect(report.notes.join()).toContain('2 dependencies on tasks that were left out or come later');
  });

  it('has the durations of its instances where the trace has them', async () => {
    const tables = {
      batch_task: [task('j_1', 'M1', { instances: 3 }), task('j_2', 'M1', { cpu: '' })],
      batch_instance: [
        instance('j_1', 'M1', 100, 103, 'Failed,1,2'),
        instance('j_1', 'M1', 104, 111, 'Terminated,2,2'),
        instance('j_1', 'M1', 100, 105),
        instance('j_2', 'M1', 100, 105),
        instance('j_1', 'M1', 0, 0, 'Waiting,1,1'),
      ],
    };
    const { workload, report } = await read(tables);
    expect(jobsOf(workload)).toEqual([
      'j_1 batch @100: 1× cpus 0.5 mem 20 7s, 1× cpus 0.5 mem 20 5s, 1× cpus 0.5 mem 20 30s',
    ]);
    expect([...report.leftOut]).toEqual([
      ['task without a plan', 1],
      ['earlier attempt of an instance', 1],
      ['instance of a task that is not taken', 1],
      ['instance that never ran', 1],
    ]);
    const alone = await read(tables, { importOptions: { instances: 0 } });
    expect(jobsOf(alone.workload)).toEqual(['j_1 batch @100: 3× cpus 0.5 mem 20 30s']);
    expect(alone.report.rows.has('batch_instance.csv')).toBe(false);
  });

  it('ends by its status, and with the trace where its end is after it', async () => {
    const rows = [
      task('j_1', 'M1', { status: 'Failed' }),
      task('j_2', 'M1', { status: 'Cancelled', end: 104 }),
      task('j_3', 'M1', { status: 'Running', end: 0 }),
      task('j_4', 'M1', { start: 0, end: 40 }),
      task('j_5', 'M1', { start: 300, end: 350 }),
    ];
    expect(jobsOf((await read({ batch_task: rows })).workload)).toEqual([
      'j_4 batch @0: 1× cpus 0.5 mem 20 40s',
      'j_1 batch @100: 1× cpus 0.5 mem 20 30s failed',
      'j_2 batch @100: 1× cpus 0.5 mem 20 4s killed',
      'j_3 batch @100: 1× cpus 0.5 mem 20 250s',
      'j_5 batch @300: 1× cpus 0.5 mem 20 50s',
    ]);
  });

  it('is left out, by reason, where a task has no plan, times or valid memory', async () => {
    const rows = [
      task('j_1', 'M1', { cpu: '', mem: '' }),
      task('j_2', 'M1', { mem: '' }),
      task('j_3', 'M1', { start: 200, end: 150 }),
      task('j_4', 'M1', { status: 'Waiting', start: 0, end: 0 }),
      task('j_5', 'M1', { status: 'Failed', end: 0 }),
      task('j_6', 'M1', { mem: 101 }),
      task('j_7', 'M1', { mem: -1 }),
      task('j_8', 'M1'),
    ];
    const { workload, report } = await read({ batch_task: rows });
    expect(workload.jobs.ids).toEqual(['j_8']);
    expect([...report.leftOut]).toEqual([
      ['task without a plan', 2],
      ['task that ends before it starts', 1],
      ['task that never ran', 1],
      ['task without an end', 1],
      ['task with an invalid memory size', 2],
    ]);
  });

  it('is one of the first in the file, with all its tasks, if only so many are taken', async () => {
    const rows = [task('j_1', 'M1'), task('j_2', 'M1'), task('j_1', 'R2_1'), task('j_3', 'M1')];
    const { workload } = await read({ batch_task: rows }, { maxJobs: 1 });
    expect(workload.jobs.ids).toEqual(['j_1']);
    expect(workload.stages.count).toBe(2);
  });

  it.each([
    ['workload', ['batch', 'online']],
    ['app', ['app_9', 'batch']],
    ['taskType', ['online', 'type 7']],
  ])('and a container have the roles of the field %s', async (roleField, roles) => {
    const container_meta = ['c_1,m_1,0,app_9,started,400,800,1.5'];
    const { workload } = await read(
      { batch_task: [task('j_1', 'M1', { type: 7 })], container_meta },
      { roleField },
    );
    expect(workload.roles).toEqual(roles);
  });
});

describe('an Alibaba 2018 container', () => {
  it('is there from its first row until it stops, or to the end of the trace', async () => {
    const container_meta = [
      'c_1,m_1,0,app_1,started,400,800,1.5',
      'c_2,m_1,50,app_1,allocated,200,800,1.5',
      'c_2,m_1,60,app_1,started,200,800,1.5',
      'c_2,m_1,90,app_1,stopped,200,800,1.5',
      'c_3,m_1,70,app_1,stopped,200,800,1.5',
      'c_4,m_1,70,app_1,started,200,800,101',
    ];
    const { workload, report } = await read({ batch_task: [task('j_1', 'M1')], container_meta });
    expect(jobsOf(workload)).toEqual([
      'container c_1 online @0: 1× cpus 4 mem 15 130s',
      'container c_2 online @50: 1× cpus 2 mem 15 40s',
      'j_1 batch @100: 1× cpus 0.5 mem 20 30s',
    ]);
    expect([...report.leftOut]).toEqual([
      ['end of a container that is not there', 1],
      ['container row with an invalid memory size', 1],
    ]);
  });
});

describe('Alibaba 2018 machines', () => {
  it('are as their first row has them', async () => {
    const machine_meta = [
      'm_1,0,3,d1,96,100,USING',
      'm_2,0,4,d2,96,50,USING',
      'm_1,500,3,d1,48,100,USING',
      'm_3,0,1,d1,96,-1,USING',
    ];
    const { workload, report } = await read({ batch_task: [task('j_1', 'M1')], machine_meta });
    expect(clusterOf(workload)).toEqual([
      'm_1 cpus 96 mem 1000 {failureDomain1=3 failureDomain2=d1}',
      'm_2 cpus 96 mem 500 {failureDomain1=4 failureDomain2=d2}',
    ]);
    expect(report.leftOut.get('machine with an invalid memory size')).toBe(1);
  });
});

describe('a malformed Alibaba 2018 row', () => {
  it.each([
    ['a plan that is no number', task('j_2', 'M1', { cpu: 'many' }), '2:31: plan_cpu "many" is not a number'],
    ['a negative plan', task('j_2', 'M1', { cpu: -5 }), '2:31: plan_cpu -5 is negative'],
    ['a memory beyond the whole', task('j_2', 'M1', { mem: 250 }), '2:36: plan_mem 250 is not a percentage'],
    [
      'no instances',
      task('j_2', 'M1', { instances: 0 }),
      '2:4: instance_num 0 is not a whole number of instances from 1',
    ],
    [
      'a time that is no number',
      task('j_2', 'M1', { start: 'noon' }),
      '2:23: start_time "noon" is not a number',
    ],
    ['a task for the second time', task('j_1', 'M1'), '2:1: task M1 of job j_1 appears twice'],
    ['a missing field', 'M1,1,j_2', '2: the row has 3 columns; expected 9'],
  ])('with %s is an error at its place, or counted', async (_, row, message) => {
    const tables = { batch_task: [task('j_1', 'M1'), row] };
    await expect(read(tables)).rejects.toThrow(`batch_task.csv:${message}`);
    expect((await read(tables, { skipsBadRows: true })).report.leftOut.get('malformed row')).toBe(1);
  });
});
