/** Batsim workloads. The figures of the real one come from a separate count over its JSON. */
import { expect, test } from 'vitest';
import { lacksTraces } from '../../traces.ts';
import { jobsByRole, loadReal, totalSeconds } from './real-traces.ts';
import { clusterOf, jobsOf, load } from './text-trace.ts';

test.skipIf(lacksTraces)('medium_late has 801 jobs on 32 processors', async () => {
  const { workload, format } = await loadReal('batsim/medium_late.json');
  expect(format).toBe('batsim');
  expect([workload.jobs.count, workload.tasks.count]).toEqual([801, 2180]);
  expect(workload.cluster!.agentIds.length).toBe(32);
  expect(totalSeconds(workload)).toBeCloseTo(256_450.464, 6);
  expect(workload.jobs.estimateUs.filter((us) => us < 0).length).toBe(0);
  expect(workload.tasks.outcome).toBe(null);
  expect(workload.roles).toEqual(['all']);
});

test.skipIf(lacksTraces)('roles may be profiles', async () => {
  const { workload } = await loadReal('batsim/medium_late.json', { roleField: 'profile' });
  expect(Object.keys(jobsByRole(workload)).length).toBe(28);
});

const PROFILES = {
  short: { type: 'delay', delay: 5 },
  newer: { type: 'DelayProfile', delay: 20.25 },
  broken: { type: 'delay', delay: 5, ret: 1 },
  'p/q': { type: 'parallel_homogeneous', cpu: 1e6, com: 0 },
  undated: { type: 'delay' },
};

const JOB = { id: 'a', subtime: 3, res: 2, profile: 'short', walltime: 10 };

const trace = (jobs: unknown, more: object = {}) => ({
  'w.json': JSON.stringify({ nb_res: 2, jobs, profiles: PROFILES, ...more }),
});

test('a job is a gang that runs its profile’s delay; jobs may come in any order', async () => {
  const { workload } = await load(
    trace([JOB, { id: 7, subtime: 1.5, res: 1, profile: 'newer' }, { ...JOB, id: 'c', walltime: -1 }]),
  );
  expect(jobsOf(workload)).toEqual([
    '7 all @1.5 gang: 1× cpus 1 20.25s',
    'a all @3 gang: 2× cpus 1 5s',
    'c all @3 gang: 2× cpus 1 5s',
  ]);
  expect([...workload.jobs.estimateUs]).toEqual([-1, 10e6, -1]);
  expect(clusterOf(workload)).toEqual(['agent-0 cpus 1', 'agent-1 cpus 1']);
});

test('a job is killed at its walltime, and fails if its profile says so', async () => {
  const { workload } = await load(
    trace([
      { ...JOB, walltime: 4 },
      { ...JOB, id: 'b', profile: 'broken' },
    ]),
  );
  expect(jobsOf(workload)).toEqual([
    'a all @3 gang: 2× cpus 1 4s killed',
    'b all @3 gang: 2× cpus 1 5s failed',
  ]);
});

test('a job larger than the machine is left out and counted', async () => {
  const { workload, report } = await load(trace([JOB, { ...JOB, id: 'b', res: 3 }]));
  expect(workload.jobs.ids).toEqual(['a']);
  expect([...report.leftOut]).toEqual([['larger than the machine', 1]]);
});

for (const [fault, job, code, message] of [
  [
    'a profile that is no delay',
    { ...JOB, id: 'b', profile: 'p/q' },
    'ROW_VALUE',
    'w.json#/profiles/p~1q/type: the profile is of type "parallel_homogeneous"; only those of type "delay" say how long a job runs',
  ],
  [
    'a profile that is not there',
    { ...JOB, id: 'b', profile: 'gone' },
    'ROW_VALUE',
    'w.json#/jobs/1/profile: there is no profile "gone"',
  ],
  [
    'a delay profile without a delay',
    { ...JOB, id: 'b', profile: 'undated' },
    'ROW_VALUE',
    'w.json#/profiles/undated/delay: undefined is not a number of seconds from 0',
  ],
  [
    'text for a time',
    { ...JOB, id: 'b', subtime: '3' },
    'ROW_VALUE',
    'w.json#/jobs/1/subtime: "3" is not a number of seconds from 0',
  ],
  [
    'a negative time',
    { ...JOB, id: 'b', subtime: -3 },
    'ROW_VALUE',
    'w.json#/jobs/1/subtime: -3 is not a number of seconds from 0',
  ],
  [
    'half a processor',
    { ...JOB, id: 'b', res: 0.5 },
    'ROW_VALUE',
    'w.json#/jobs/1/res: 0.5 is not a whole number from 1',
  ],
  ['a job that is no object', null, 'ROW_VALUE', 'w.json#/jobs/1: not an object with a job'],
  ['a job that comes twice', JOB, 'ROW_DUPLICATE', 'w.json#/jobs/1/id: job a appears twice'],
] as const) {
  test(`${fault} is ${code} with its place, or a job left out`, async () => {
    const texts = trace([JOB, job]);
    await expect(load(texts)).rejects.toMatchObject({
      code,
      message: `${message} (use --skip-bad-rows to leave such jobs out)`,
    });
    const { workload, report } = await load(texts, { skipsBadRows: true });
    expect(workload.jobs.ids).toEqual(['a']);
    expect([...report.leftOut]).toEqual([['malformed row', 1]]);
  });
}

for (const [fault, texts, message] of [
  ['without jobs', trace({}), 'w.json#/jobs: not a list of jobs'],
  ['without profiles', trace([JOB], { profiles: [] }), 'w.json#/profiles: not an object with profiles'],
  [
    'without processors',
    trace([JOB], { nb_res: 0 }),
    'w.json#/nb_res: 0 is not a whole number of processors from 1',
  ],
] as const) {
  test(`a document ${fault} is refused, whatever may be skipped`, async () => {
    await expect(load(texts, { skipsBadRows: true })).rejects.toMatchObject({ code: 'ROW_VALUE', message });
  });
}

test('what is not JSON is refused with what the parser found', async () => {
  await expect(load({ 'w.json': '{"nb_res": 2,\n "jobs": [}' })).rejects.toMatchObject({
    code: 'ROW_VALUE',
    message: expect.stringMatching(/^w\.json: not valid JSON: .*Unexpected token '}'/),
  });
});
