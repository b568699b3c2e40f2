import { describe, expect, it } from 'vitest';
import { allowedAgents, clusterOf, jobsOf, lines, load } from './text-trace.ts';

const TASKS = 'task_events/part-00000-of-00500.csv';
const LATER_TASKS = 'task_events/part-00001-of-00500.csv';
const MACHINES = 'machine_events/part-00000-of-00001.csv';
const ATTRIBUTES = 'machine_attributes/part-00000-of-00001.csv';
const CONSTRAINTS = 'task_constraints/part-00000-of-00500.csv';
const JOBS = 'job_events/part-00000-of-00500.csv';
const AFTER_END = '9223372036854775807';

const [SUBMIT, SCHEDULE, EVICT, FAIL, FINISH, KILL, LOST, UPDATE_PENDING, UPDATE_RUNNING] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
];

interface Event {
  readonly job?: number;
  readonly task?: number;
  readonly user?: string;
  readonly priority?: number;
  /** CPU, memory, disk as in the file. */
  readonly request?: string;
  readonly missing?: string;
  readonly spread?: string;
}

/** A row of task_events. @param seconds since the start of the trace, which is at 600 s */
function event(seconds: number, type: number, about: Event = {}): string {
  const { job = 1, task = 0, user = 'ann', priority = 2, request = '0.5,0.25,0.001' } = about;
  const time = (600 + seconds) * 1e6;
  return `${time},${about.missing ?? ''},${job},${task},4155527081,${type},${user},3,${priority},${request},${about.spread ?? '0'}`;
}

async function jobs(rows: string[], options: Parameters<typeof load>[1] = {}): Promise<string[]> {
  return jobsOf((await load({ [TASKS]: lines(...rows) }, options)).workload);
}

describe('a Google 2011 task', () => {
  it('runs from SCHEDULE to its end, on its share of the largest machine', async () => {
    expect(await jobs([event(10, SUBMIT), event(15, SCHEDULE), event(45, FINISH)])).toEqual([
      '1 ann @10 priority 2: 1× cpus 16 mem 32768 disk 1048.576 30s',
    ]);
  });

  it('has its requests in thousandths of the scale that the user may state', async () => {
    const rows = [
      event(0, SUBMIT, { request: '0.0125,0.006218,0' }),
      event(0, SCHEDULE),
      event(1, FINISH),
    ].map((row) => row.replace('0.5,0.25,0.001', '0.0125,0.006218,0'));
    expect(await jobs(rows)).toEqual(['1 ann @0 priority 2: 1× cpus 0.4 mem 815.006 1s']);
    expect(await jobs(rows, { importOptions: { machineCpus: 1000, machineMemMib: 1e6 } })).toEqual([
      '1 ann @0 priority 2: 1× cpus 12.5 mem 6218 1s',
    ]);
  });

  it('has the time of all its attempts once, and the outcome of the last', async () => {
    const rows = [
      event(0, SUBMIT),
      event(5, SCHEDULE),
      event(15, EVICT),
      event(15, SUBMIT),
      event(20, SCHEDULE),
      event(50, FAIL),
      event(60, SUBMIT),
      event(61, SCHEDULE),
      event(62, FINISH),
    ];
    expect(await jobs(rows)).toEqual(['1 ann @0 priority 2: 1× cpus 16 mem 32768 disk 1048.576 41s']);
  });

  it('may be replayed attempt by attempt, each submitted when it was', async () => {
    const rows = [
      event(0, SUBMIT, { spread: '1' }),
      event(5, SCHEDULE),
      event(15, EVICT),
      event(16, SUBMIT),
      event(20, SCHEDULE),
      event(50, LOST),
      event(60, SUBMIT),
      event(61, SCHEDULE),
      event(62, SUBMIT, { task: 7, job: 2 }),
      event(70, UPDATE_RUNNING),
    ];
    expect(await jobs(rows, { importOptions: { attempts: 1 } })).toEqual([
      '1/0#1 ann @0 priority 2 max 1 of group 0: 1× cpus 16 mem 32768 disk 1048.576 10s killed',
      '1/0#2 ann @16 priority 2 max 1 of group 0: 1× cpus 16 mem 32768 disk 1048.576 30s failed',
      '1/0#3 ann @60 priority 2 max 1 of group 0: 1× cpus 16 mem 32768 disk 1048.576 9s',
    ]);
  });

  it.each([
    [EVICT, ' killed'],
    [FAIL, ' failed'],
    [FINISH, ''],
    [KILL, ' killed'],
    [LOST, ' failed'],
  ])('that ends with event %i has ended so', async (type, outcome) => {
    const [job] = await jobs([event(0, SUBMIT), event(1, SCHEDULE), event(3, type)]);
    expect(job).toMatch(new RegExp(` 2s${outcome}$`));
  });

  it('that never ends runs to the end of the trace, whatever became of earlier attempts', async () => {
    const rows = [
      event(0, SUBMIT),
      event(1, SCHEDULE),
      event(2, FAIL),
      event(3, SUBMIT),
      event(4, SCHEDULE),
      event(100, SUBMIT, { job: 2 }),
    ];
    const { workload, report } = await load({ [TASKS]: lines(...rows) });
    expect(jobsOf(workload)).toEqual(['1 ann @0 priority 2: 1× cpus 16 mem 32768 disk 1048.576 97s']);
    expect([...report.leftOut]).toEqual([['task that never ran', 1]]);
  });

  it('that ran before the trace is submitted at 0 and has the rest of its time', async () => {
    const atZero = (row: string) => row.replace(/^\d+/, '0');
    const rows = [atZero(event(0, SUBMIT)), atZero(event(0, SCHEDULE)), event(40, FINISH)];
    expect(await jobs(rows)).toEqual(['1 ann @0 priority 2: 1× cpus 16 mem 32768 disk 1048.576 40s']);
  });

  it('is not ended by an event after the trace', async () => {
    const rows = [
      event(0, SUBMIT),
      event(10, SCHEDULE),
      event(30, SUBMIT, { job: 2 }),
      event(0, FINISH).replace(/^\d+/, AFTER_END),
    ];
    const { workload, report } = await load({ [TASKS]: lines(...rows) });
    expect(jobsOf(workload)[0]).toMatch(/ 20s$/);
    expect(report.leftOut.get('event after the end of the trace')).toBe(1);
  });

  it('asks for what it last asked for, and is left out if it never asked for anything', async () => {
    const rows = [
      event(0, SUBMIT, { request: '0.5,0.5,' }),
      event(1, UPDATE_PENDING, { request: '0.25,0.125,' }),
      event(2, SCHEDULE, { request: ',,' }),
      event(2, SUBMIT, { job: 2, request: ',,' }),
      event(3, SCHEDULE, { job: 2, request: ',,' }),
      event(9, FINISH, { request: ',,' }),
    ];
    const { workload, report } = await load({ [TASKS]: lines(...rows) });
    expect(jobsOf(workload)).toEqual(['1 ann @0 priority 2: 1× cpus 8 mem 16384 7s']);
    expect([...report.leftOut]).toEqual([['task that never stated a request', 1]]);
  });

  it('goes on running where a second SCHEDULE was put in for a missing event', async () => {
    const rows = [
      event(0, SUBMIT),
      event(1, SCHEDULE),
      event(5, SCHEDULE, { missing: '1' }),
      event(11, FINISH, { missing: '0' }),
    ];
    const { workload, report } = await load({ [TASKS]: lines(...rows) });
    expect(jobsOf(workload)[0]).toMatch(/ 10s$/);
    expect(report.notes.join()).toContain('2 task events were put in by the publisher');
  });

  it('killed while pending adds no time', async () => {
    const rows = [event(0, SUBMIT), event(5, SCHEDULE), event(6, EVICT), event(6, SUBMIT), event(60, KILL)];
    expect((await jobs(rows))[0]).toMatch(/ 1s killed$/);
  });
});

describe('a Google 2011 job', () => {
  it('has all its tasks, over all parts, from its first submission on', async () => {
    const first = lines(event(1, SUBMIT), event(2, SCHEDULE), event(3, SUBMIT, { task: 1 }));
    const second = lines(event(4, SCHEDULE, { task: 1 }), event(5, FINISH), event(9, FINISH, { task: 1 }));
    const { workload, report } = await load({ [TASKS]: first, [LATER_TASKS]: second });
    expect(jobsOf(workload)).toEqual([
      '1 ann @1 priority 2: 1× cpus 16 mem 32768 disk 1048.576 3s, 1× cpus 16 mem 32768 disk 1048.576 5s',
    ]);
    expect([...report.rows]).toEqual([
      [TASKS, 3],
      [LATER_TASKS, 3],
    ]);
  });

  it('restricted to different machines has one task an agent', async () => {
    const rows = [event(0, SUBMIT, { spread: '1' }), event(0, SCHEDULE), event(1, FINISH)];
    expect((await jobs(rows))[0]).toContain(' max 1 of group 0:');
  });

  it.each([
    ['user', ['ann', 'bob', 'bob', 'bob']],
    ['schedulingClass', ['class 3', 'class 3', 'class 3', 'class 3']],
    ['priorityBand', ['free', 'other', 'production', 'monitoring']],
    ['logicalJobName', ['indexer', 'unknown', 'unknown', 'unknown']],
  ])('has the role that its %s names', async (roleField, roles) => {
    const users = ['ann', 'bob', 'bob', 'bob'];
    const rows = [1, 2, 9, 10].flatMap((priority, i) => {
      const about = { job: priority, priority, user: users[i] };
      return [event(i, SUBMIT, about), event(i, SCHEDULE, about)];
    });
    const names = lines('600000000,,1,0,ann,3,hash1,indexer');
    const { workload } = await load({ [JOBS]: names, [TASKS]: lines(...rows) }, { roleField });
    expect(jobsOf(workload).map((job) => /^\d+ (.+) @/.exec(job)![1])).toEqual(roles);
  });

  it('counts towards the most jobs to take only if it is taken', async () => {
    const rows = [
      event(0, SUBMIT),
      ...[2, 3, 4].flatMap((job) => [event(1, SUBMIT, { job }), event(1, SCHEDULE, { job })]),
    ];
    expect((await jobs(rows, { maxJobs: 2 })).map((job) => job[0])).toEqual(['2', '3']);
  });
});

describe('Google 2011 machines', () => {
  const task = lines(event(0, SUBMIT), event(0, SCHEDULE), event(9, FINISH));

  it('join, leave and change', async () => {
    const machines = lines(
      '0,5,0,platformA,0.5,0.2493',
      '0,6,0,platformB,1,1',
      '600000000,7,0,platformA,0.25,0.5',
      '610000000,5,1,platformA,0.5,0.2493',
      '620000000,6,2,platformB,1,0.5',
      '630000000,8,0,platformB,1,1',
      '640000000,5,0,platformA,0.5,0.2493',
    );
    const { workload } = await load({ [TASKS]: task, [MACHINES]: machines });
    expect(clusterOf(workload)).toEqual([
      '5 cpus 16 mem 32676.25 disk 1048576 {platform=platformA}',
      '6 cpus 32 mem 131072 disk 1048576 {platform=platformB}',
      '7 cpus 8 mem 65536 disk 1048576 {platform=platformA}',
      '8 cpus 32 mem 131072 disk 1048576 {platform=platformB} absent',
      '@10 5 leave',
      '@20 6 change cpus 32 mem 65536 disk 1048576',
      '@30 8 join cpus 32 mem 131072 disk 1048576',
      '@40 5 join cpus 16 mem 32676.25 disk 1048576',
    ]);
  });

  it('without capacities come back as they were, or are left out', async () => {
    const machines = lines(
      '0,5,0,A,0.5,0.5',
      '0,6,0,A,,',
      '610000000,5,1,A,,',
      '620000000,5,0,A,,',
      '630000000,9,1,A,,',
    );
    const { workload, report } = await load({ [TASKS]: task, [MACHINES]: machines });
    expect(clusterOf(workload)).toEqual([
      '5 cpus 16 mem 65536 disk 1048576 {platform=A}',
      '@10 5 leave',
      '@20 5 join',
    ]);
    expect([...report.leftOut]).toEqual([
      ['machine event without capacities', 1],
      ['removal of a machine that is not there', 1],
    ]);
  });

  it('may be missing', async () => {
    expect((await load({ [TASKS]: task })).workload.cluster).toBeNull();
  });
});

describe('Google 2011 task constraints', () => {
  const machines = lines('0,m1,0,A,1,1', '0,m2,0,A,1,1', '0,m3,0,A,1,1');
  const attributes = lines(
    '0,m1,zone,east,0',
    '0,m2,zone,west,0',
    '0,m1,kernel,4,0',
    '0,m2,kernel,7,0',
    '700000000,m2,zone,north,0',
  );
  const task = lines(event(0, SUBMIT), event(0, SCHEDULE), event(9, FINISH));

  /** Machines that may run the task under a row `operator,attribute,value`. */
  async function allowed(...rows: string[]): Promise<string[]> {
    const constraints = lines(...rows.map((row) => `600000000,1,0,${row}`));
    const texts = {
      [TASKS]: task,
      [MACHINES]: machines,
      [ATTRIBUTES]: attributes,
      [CONSTRAINTS]: constraints,
    };
    return allowedAgents((await load(texts)).workload, '1');
  }

  it('compare attributes of machines, of which a missing one is empty, or 0', async () => {
    expect(await allowed('0,zone,east')).toEqual(['m1']);
    expect(await allowed('0,zone,')).toEqual(['m3']);
    expect(await allowed('1,zone,east')).toEqual(['m2', 'm3']);
    expect(await allowed('1,zone,')).toEqual(['m1', 'm2']);
    expect(await allowed('2,kernel,7')).toEqual(['m1', 'm3']);
    expect(await allowed('3,kernel,4')).toEqual(['m2']);
    expect(await allowed('0,unheard,')).toEqual(['m1', 'm2', 'm3']);
    expect(await allowed('0,unheard,x')).toEqual([]);
  });

  it('stated at one time must all hold, and a later statement replaces them', async () => {
    expect(await allowed('1,zone,west', '3,kernel,3')).toEqual(['m1']);
    const constraints = lines(
      '600000000,1,0,0,zone,east',
      '650000000,1,0,0,zone,west',
      '650000000,2,0,0,zone,east',
    );
    const { workload, report } = await load({
      [TASKS]: task,
      [MACHINES]: machines,
      [ATTRIBUTES]: attributes,
      [CONSTRAINTS]: constraints,
    });
    expect(allowedAgents(workload, '1')).toEqual(['m2']);
    expect(report.leftOut.get('change of a machine attribute')).toBe(1);
  });

  it('are left out, and that is said, where the trace lacks the attributes', async () => {
    const constraints = lines('600000000,1,0,0,zone,east');
    const { workload, report } = await load({
      [TASKS]: task,
      [MACHINES]: machines,
      [CONSTRAINTS]: constraints,
    });
    expect(workload.requests.constraints).toEqual([null]);
    expect(report.notes.join()).toContain('Task constraints are left out');
  });
});

describe('a malformed Google 2011 row', () => {
  const good = event(5, SUBMIT);

  it.each([
    [
      'an unknown event type',
      event(6, 9),
      `${TASKS}:2:27: event type "9" is unknown; expected a code from 0 to 8`,
    ],
    ['a time that goes back', event(4, SUBMIT), `${TASKS}:2:1: time 604000000 is before 605000000`],
    [
      'a request that is no number',
      event(6, SUBMIT, { request: 'x,0.5,0' }),
      `${TASKS}:2:37: CPU request "x" is not a number`,
    ],
    [
      'a negative request',
      event(6, SUBMIT, { request: '0.5,-1,0' }),
      `${TASKS}:2:41: memory request -1 is negative`,
    ],
    [
      'a priority outside 0 to 11',
      event(6, SUBMIT, { priority: 12 }),
      `${TASKS}:2:35: priority "12" is unknown`,
    ],
    ['a missing field', '606000000,,1,0', `${TASKS}:2: the row has 4 columns; expected 13`],
  ])('with %s is an error at its place, or counted', async (_, row, message) => {
    const texts = { [TASKS]: lines(good, row, event(9, SCHEDULE), event(10, FINISH)) };
    await expect(load(texts)).rejects.toThrow(message);
    const { report, workload } = await load(texts, { skipsBadRows: true });
    expect(report.leftOut.get('malformed row')).toBe(1);
    expect(jobsOf(workload)).toHaveLength(1);
  });

  it.each([
    [MACHINES, '0,5,3,A,1,1', 'machine_events/part-00000-of-00001.csv:1:5: event type "3" is unknown'],
    [ATTRIBUTES, 'x,5,zone,a,0', 'machine_attributes/part-00000-of-00001.csv:1:1: time "x" is not a number'],
  ])('of %s is an error too', async (file, row, message) => {
    await expect(load({ [TASKS]: lines(good), [file]: lines(row) })).rejects.toThrow(message);
  });

  it('of task_constraints is an error too', async () => {
    const texts = {
      [TASKS]: lines(good),
      [MACHINES]: lines('0,m1,0,A,1,1'),
      [ATTRIBUTES]: lines('0,m1,zone,a,0'),
      [CONSTRAINTS]: lines('0,1,0,4,zone,a'),
    };
    await expect(load(texts)).rejects.toThrow(
      'comparison operator "4" is unknown; expected a code from 0 to 3',
    );
  });
});
