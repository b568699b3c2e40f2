import { describe, expect, it } from 'vitest';
import { clusterOf, jobsOf, lines, load } from './text-trace.ts';

const SIZES = { machineMemMib: 1000, machineDiskMib: 10_000 };
const TASK = '10,40,3,11,2,Terminated,1,0.016';

async function read(tables: Readonly<Record<string, string[]>>, skipsBadRows = false) {
  const texts = Object.entries(tables).map(([table, rows]) => [`${table}.csv`, lines(...rows)]);
  return load(Object.fromEntries(texts), { importOptions: SIZES, skipsBadRows });
}

describe('an Alibaba 2017 job', () => {
  it('has a stage a task, none waiting for another', async () => {
    const rows = [TASK, '20,50,3,12,1,Failed,2,0.5', '5,15,4,13,1,Terminated,1,0.1'];
    expect(jobsOf((await read({ batch_task: rows })).workload)).toEqual([
      '4 batch @5: 1× cpus 1 mem 100 10s',
      '3 batch @10: 2× cpus 1 mem 16 30s | 1× cpus 2 mem 500 30s failed',
    ]);
  });

  it('has the durations of its instances; times before the trace are its start', async () => {
    const { workload, report } = await read({
      batch_task: [TASK],
      batch_instance: [
        '12,19,3,11,1300,Terminated,1,1,1.2,0.5,0.01,0.01',
        '-7,5,3,11,1301,Terminated,1,1,,,,',
        '12,19,,,1300,Terminated,1,1,1.2,0.5,0.01,0.01',
      ],
    });
    expect(jobsOf(workload)).toEqual(['3 batch @10: 1× cpus 1 mem 16 7s, 1× cpus 1 mem 16 5s']);
    expect([...report.leftOut]).toEqual([['instance without a job', 1]]);
  });

  it('that is waiting, or still runs, never ran or runs to the end of the trace', async () => {
    const rows = [
      TASK,
      '10,30,5,14,1,Waiting,1,0.1',
      '20,0,6,15,1,Running,1,0.1',
      '10,30,7,16,1,Terminated,,',
    ];
    const { workload, report } = await read({ batch_task: rows });
    expect(jobsOf(workload)[1]).toBe('6 batch @20: 1× cpus 1 mem 100 20s');
    expect([...report.leftOut]).toEqual([
      ['task that never ran', 1],
      ['task without a plan', 1],
    ]);
  });
});

describe('an Alibaba 2017 container', () => {
  it('is there from Create to Remove, or to the end of the trace', async () => {
    const { workload } = await read({
      batch_task: [TASK],
      container_event: [
        '0,Create,1,11,4,0.5,0.25,0|1|2|3',
        '5,Create,2,11,8,0.5,0.25,4|5|6|7',
        '25,Remove,2,11,8,0.5,0.25,4|5|6|7',
      ],
    });
    expect(jobsOf(workload)).toEqual([
      'container 1 online @0: 1× cpus 4 mem 500 disk 2500 40s',
      'container 2 online @5: 1× cpus 8 mem 500 disk 2500 20s',
      '3 batch @10: 2× cpus 1 mem 16 30s',
    ]);
  });
});

describe('Alibaba 2017 machines', () => {
  it('leave at a hard error', async () => {
    const { workload, report } = await read({
      batch_task: [TASK],
      server_event: [
        '0,1,add,,64,0.69,0.5',
        '0,2,add,,64,1,1',
        '30,1,softerror,diskfull,,,',
        '20,2,harderror,fan,,,',
      ],
    });
    expect(clusterOf(workload)).toEqual([
      '1 cpus 64 mem 690 disk 5000',
      '2 cpus 64 mem 1000 disk 10000',
      '@20 2 leave',
    ]);
    expect([...report.leftOut]).toEqual([['soft error of a machine', 1]]);
  });
});

describe('a malformed Alibaba 2017 row', () => {
  it.each([
    ['batch_task', 'x,40,4,11,2,Terminated,1,0.016', '2:1: create "x" is not a number of seconds'],
    ['batch_task', '10,40,4,11,2,Terminated,1,-1', '2:27: mem -1 is negative'],
    ['batch_task', '10,40,3,11,2,Terminated,1,0.1', '2:9: task 11 of job 3 appears twice'],
    ['server_event', '10,1,explode,,,,', '1:6: event "explode" is none of add, softerror, harderror'],
    ['container_event', '10,Move,1,1,4,0.1,0.1,', '1:4: event "Move" is neither Create nor Remove'],
  ])('of %s is an error at its place, or counted', async (table, row, message) => {
    const rows = table === 'batch_task' ? [TASK, row] : [row];
    const tables = { batch_task: [TASK], [table]: rows };
    await expect(read(tables)).rejects.toThrow(`${table}.csv:${message}`);
    expect((await read(tables, true)).report.leftOut.get('malformed row')).toBe(1);
  });
});
