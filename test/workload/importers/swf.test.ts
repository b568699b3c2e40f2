/** Standard Workload Format. The figures of real logs come from a separate count over their lines. */
import { expect, test } from 'vitest';
import { lacksTraces } from '../../traces.ts';
import { loadReal, totalMilli, totalSeconds } from './real-traces.ts';
import { clusterOf, jobsOf, lines, load } from './text-trace.ts';

const REAL = [
  {
    file: 'swf/NASA-iPSC-1993-3.1-cln.swf.gz',
    rows: 18_239,
    jobs: 18_239,
    tasks: 309_953,
    processorSeconds: 474_238_015,
    users: 69,
    estimates: 0,
    agents: 128,
    leftOut: {},
  },
  {
    file: 'swf/hpc2n-slice.swf.gz',
    rows: 3170,
    jobs: 3145,
    tasks: 62_449,
    processorSeconds: 502_634_281,
    users: 17,
    estimates: 3145,
    agents: 240,
    leftOut: { 'unknown run time': 25 },
  },
  {
    file: 'swf/lublin_256.swf.gz',
    rows: 10_000,
    jobs: 10_000,
    tasks: 221_010,
    processorSeconds: 2_092_781_168,
    users: 1,
    estimates: 0,
    agents: 256,
    leftOut: {},
  },
];

for (const real of REAL) {
  test.skipIf(lacksTraces)(`${real.file} has ${real.jobs} usable jobs`, async () => {
    const { workload, report, format } = await loadReal(real.file);
    const { jobs, tasks, roles, cluster } = workload;
    expect(format).toBe('swf');
    expect({
      file: real.file,
      rows: [...report.rows.values()][0],
      jobs: jobs.count,
      tasks: tasks.count,
      processorSeconds: totalSeconds(workload),
      users: roles.length,
      estimates: jobs.estimateUs.filter((us) => us >= 0).length,
      agents: cluster!.agentIds.length,
      leftOut: Object.fromEntries(report.leftOut),
    }).toEqual(real);
    expect(jobs.isGang.every((isGang) => isGang === 1)).toBe(true);
    expect(totalMilli(workload, 'cpus')).toBe(tasks.count * 1000);
  });
}

test.skipIf(lacksTraces)('estimates shorter than the run are kept as they are', async () => {
  const { jobs, stages, tasks } = (await loadReal('swf/hpc2n-slice.swf.gz')).workload;
  const isShort = (us: number, job: number) => us < tasks.durationUs[stages.firstTask[jobs.firstStage[job]]];
  expect(jobs.estimateUs.filter(isShort).length).toBe(320);
});

/** Fields 1 … 18 of a job, with what differs from an ordinary one by number. */
function job(number: number, fields: Readonly<Record<number, number | string>> = {}): string {
  const ordinary = [number, 10, 0, 5, 2, -1, -1, 2, 60, -1, 1, 7, 8, 9, 3, 4, -1, -1];
  return ordinary.map((field, index) => fields[index + 1] ?? field).join('  ');
}

const log = (...rows: string[]) => ({ 'log.swf': lines('; MaxProcs: 4', ...rows) });

test('a job is a gang of one task for each processor', async () => {
  const { workload } = await load(log(job(1)));
  expect(jobsOf(workload)).toEqual(['1 7 @10 gang: 2× cpus 1 5s']);
  expect([...workload.jobs.estimateUs]).toEqual([60e6]);
  expect(clusterOf(workload)).toEqual([0, 1, 2, 3].map((agent) => `agent-${agent} cpus 1`));
});

test('processors are those asked for, else those allocated; a run of no time is a run', async () => {
  const { workload } = await load(log(job(1, { 5: 1, 8: 3 }), job(2, { 5: 1, 8: -1, 4: 0, 9: -1 })));
  expect(jobsOf(workload)).toEqual(['1 7 @10 gang: 3× cpus 1 5s', '2 7 @10 gang: 1× cpus 1 0s']);
  expect([...workload.jobs.estimateUs]).toEqual([60e6, -1]);
});

test('failed and cancelled jobs end so', async () => {
  const { workload } = await load(log(job(1, { 11: 0, 8: 1 }), job(2, { 11: 5, 8: 1 })));
  expect(jobsOf(workload)).toEqual([
    '1 7 @10 gang: 1× cpus 1 5s failed',
    '2 7 @10 gang: 1× cpus 1 5s killed',
  ]);
});

test('jobs without a run time, without processors and larger than the machine are left out and counted', async () => {
  const { workload, report } = await load(
    log(job(1, { 4: -1 }), job(2, { 5: -1, 8: 0 }), job(3, { 8: 5 }), job(4)),
  );
  expect(workload.jobs.ids).toEqual(['4']);
  expect(Object.fromEntries(report.leftOut)).toEqual({
    'unknown run time': 1,
    'unknown number of processors': 1,
    'larger than the machine': 1,
  });
});

test('partial executions are left out where their job has a line', async () => {
  const { workload, report } = await load(log(job(1, { 4: 9 }), job(1, { 11: 2 }), job(1, { 11: 3, 2: -1 })));
  expect(jobsOf(workload)).toEqual(['1 7 @10 gang: 2× cpus 1 9s']);
  expect([...report.leftOut]).toEqual([['partial execution of a job that has a line of its own', 2]]);
});

for (const [role, name] of [
  ['user', '7'],
  ['group', '8'],
  ['executable', '9'],
  ['queue', '3'],
  ['partition', '4'],
]) {
  test(`the role may be the ${role}`, async () => {
    expect((await load(log(job(1)), { roleField: role })).workload.roles).toEqual([name]);
  });
}

test('an unknown user is called so', async () => {
  expect((await load(log(job(1, { 12: -1 })))).workload.roles).toEqual(['unknown']);
});

test('the machine has MaxProcs processors, else MaxNodes, else it is not known', async () => {
  const agents = async (...header: string[]) =>
    (await load({ 'log.swf': lines('; Version: 2', ...header, job(1)) })).workload.cluster?.agentIds.length;
  expect(await agents('; MaxNodes: 3', '; MaxProcs: 6')).toBe(6);
  expect(await agents('; MaxNodes: 3')).toBe(3);
  expect(await agents('; MaxNodes: -1')).toBe(undefined);
});

test('memory is asked for on demand, and then no machine is made up', async () => {
  const { workload } = await load(log(job(1, { 10: 2048 }), job(2, { 7: 1024 })), {
    importOptions: { memory: 1 },
  });
  expect(jobsOf(workload)).toEqual(['1 7 @10 gang: 2× cpus 1 mem 2 5s', '2 7 @10 gang: 2× cpus 1 mem 1 5s']);
  expect(workload.cluster).toBe(null);
});

test('columns after the 18th, and logs without a header, are accepted', async () => {
  const { workload } = await load({ 'log.swf': lines(`  ${job(1)}  linux64 -1`) });
  expect(workload.jobs.count).toBe(1);
});

const FAULTS = [
  ['a missing column', '2 10 0 5', 'ROW_COLUMNS', '3: the row has 4 columns; expected 18'],
  [
    'text for a number',
    job(2, { 4: 'abc' }),
    'ROW_VALUE',
    '3:11: run time "abc" is not a number; expected a number from 0, or -1 for unknown',
  ],
  [
    'not a number',
    job(2, { 4: 'NaN' }),
    'ROW_VALUE',
    '3:11: run time "NaN" is not a number; expected a number from 0, or -1 for unknown',
  ],
  [
    'a negative number',
    job(2, { 4: -2 }),
    'ROW_VALUE',
    '3:11: run time "-2" is negative; expected a number from 0, or -1 for unknown',
  ],
  [
    'half a processor',
    job(2, { 8: 0.5 }),
    'ROW_VALUE',
    '3:25: requested processors "0.5" is a fraction; expected a whole number from 0, or -1 for unknown',
  ],
  [
    'an unknown submit time',
    job(2, { 2: -1 }),
    'ROW_VALUE',
    '3:4: submit time -1 is unknown; expected a number from 0',
  ],
  [
    'time that goes backwards',
    job(2, { 2: 9 }),
    'ROW_ORDER',
    '3:4: submit time 9 is before 10 of an earlier job; logs are in order of submission',
  ],
  ['a job that comes twice', job(1), 'ROW_DUPLICATE', '3:1: job 1 appears twice'],
] as const;

for (const [fault, row, code, message] of FAULTS) {
  test(`${fault} is ${code} with its place, or a row left out`, async () => {
    await expect(load(log(job(1), row))).rejects.toMatchObject({
      code,
      message: `log.swf:${message} (use --skip-bad-rows to leave such rows out)`,
    });
    const { workload, report } = await load(log(job(1), row, job(3)), { skipsBadRows: true });
    expect(workload.jobs.ids).toEqual(['1', '3']);
    expect([...report.leftOut]).toEqual([['malformed row', 1]]);
  });
}
