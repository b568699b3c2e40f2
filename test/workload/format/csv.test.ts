import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCsvTrace } from '../../../src/files/trace-directory.ts';
import { TraceSource } from '../../../src/files/trace-source.ts';
import { csvFiles } from '../../../src/workload/format/csv-text.ts';
import { loadTrace } from '../../../src/workload/load-trace.ts';
import { clusterOf, jobsOf, lines, load, TextTrace } from '../importers/text-trace.ts';
import { anyWorkload } from './any-workload.ts';
import { meaningOf } from './meaning.ts';

const HEADER = 'job,role,submitSeconds,durationSeconds,cpus';

/** The message of the error that loading ends with. */
const refusalOf = (files: Readonly<Record<string, string>>, options = {}) =>
  load(files, options).then(
    () => 'no error',
    (error: Error) => error.message,
  );

describe('a trace in CSV', () => {
  it('means the same after writing and reading', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorkload(), async (workload) => {
        const files = [...csvFiles(workload)].map(([name, text]) => [name, [...text].join('')]);
        const { workload: read, format } = await load(Object.fromEntries(files));
        expect(format).toBe('mesolab-csv');
        expect(meaningOf(read)).toEqual(meaningOf(workload));
      }),
      { numRuns: 150, seed: 12 },
    );
  });

  it('is a folder of files, as many as it needs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mesolab-csv-'));
    const { workload } = await load({
      'jobs.csv': lines(HEADER, 'a,ads,0,1,2'),
      'agents.csv': 'agent,cpus\nx,8\n',
    });
    await writeCsvTrace(join(folder, 'trace'), workload);
    const { workload: read, report } = await loadTrace(new TraceSource(join(folder, 'trace')));
    expect(read).toEqual(workload);
    expect([...report.rows.keys()]).toEqual(['jobs.csv', 'agents.csv']);
    await rm(folder, { recursive: true });
  });

  it('has columns only for what its jobs use', async () => {
    const { workload } = await load({ 'jobs.csv': lines(HEADER, 'a,ads,0,1.5,2') });
    const [, text] = [...csvFiles(workload)][0];
    expect([...text].join('')).toBe(
      lines('job,role,submitSeconds,tasks,durationSeconds,cpus', 'a,ads,0,1,1.5,2'),
    );
  });
});

describe('jobs.csv by hand', () => {
  it('needs four columns; a task that asks for nothing asks for nothing', async () => {
    const { workload } = await load({
      'jobs.csv': lines('job,role,submitSeconds,durationSeconds', 'a,ads,3,10', 'b,web,0.5,0'),
    });
    expect(jobsOf(workload)).toEqual(['b web @0.5: 1× 0s', 'a ads @3: 1× 10s']);
  });

  it('may have all that a workload has, in columns of any order', async () => {
    const { workload } = await load({
      'jobs.csv': lines(
        'gpus,memMib,diskMib,networkMbit,resource:fpgas,cpus,tasks,durationSeconds,submitSeconds,role,job,gang,priority,estimateSeconds,maxPerAgent,spreadGroup,constraints,outcome',
        '0.5,2048,100,10,1,4,3,60,0,ml,train,1,9,90,1,g,zone=a|b; kernel>4,failed',
        ',,,,,,,5,1,web,page,,,,,,,',
      ),
    });
    expect(jobsOf(workload)).toEqual([
      'train ml @0 gang priority 9 max 1 of group 0: 3× cpus 4 mem 2048 disk 100 gpus 0.5 network 10 fpgas 1 [zone in a|b] [kernel greater 4] 60s failed',
      'page web @1: 1× 5s',
    ]);
    expect(workload.jobs.estimateUs[0]).toBe(90e6);
  });

  it('has a row for each kind of task of a job; its stages may come in any order', async () => {
    const { workload } = await load({
      'jobs.csv': lines(
        'job,role,submitSeconds,stage,after,tasks,durationSeconds,cpus',
        'etl,ads,0,reduce,map filter,4,60,2',
        'etl,,,map,,40,30,1',
        'etl,ads,0.0,map,,2,90,1',
        'etl,,,filter,,1,5,1',
      ),
    });
    expect(jobsOf(workload)).toEqual([
      'etl ads @0: 4× cpus 2 60s after 1,2 | 40× cpus 1 30s, 2× cpus 1 90s | 1× cpus 1 5s',
    ]);
  });

  it('may have blanks, an empty line, quotes, a byte order mark and the line ends of Windows', async () => {
    const text = `\uFEFFjob , role,submitSeconds,durationSeconds\r\n"a, b", ads , 1 ,2\r\n\r\nc,ads,2,2\r\n`;
    const { workload } = await load({ 'jobs.csv': text });
    expect(jobsOf(workload)).toEqual(['a, b ads @1: 1× 2s', 'c ads @2: 1× 2s']);
  });

  it('may have any name', async () => {
    const { format } = await load({ 'my-jobs.csv': lines(HEADER, 'a,ads,0,1,1') });
    expect(format).toBe('mesolab-csv');
  });

  it.each([
    [
      'a column that is not known',
      `${HEADER},memMb\na,x,0,1,1,5\n`,
      /jobs\.csv:1: there is no column "memMb"; did you mean "memMib"\?/,
    ],
    ['a column that is not known, in a table without rows', `${HEADER},memMb\n`, /no column "memMb"/],
    ['one column twice', `${HEADER},cpus\na,x,0,1,1,5\n`, /:1: there are two columns "cpus"/],
    [
      'a resource under a name of another column',
      `${HEADER},resource:mem\na,x,0,1,1,5\n`,
      /no column "resource:mem"; did/,
    ],
    [
      'a required column missing',
      'job,role,durationSeconds\na,x,1\n',
      /:1: the header lacks submitSeconds; it has job, role/,
    ],
    ['a negative amount', `${HEADER}\na,x,0,1,-1\n`, /jobs\.csv:2:9: cpus -1 is negative/],
    ['a negative duration', `${HEADER}\na,x,0,-1,1\n`, /:2:7: durationSeconds -1 is negative/],
    [
      'text for a number',
      `${HEADER}\na,x,soon,1,1\n`,
      /:2:5: submitSeconds "soon" is not a number of seconds/,
    ],
    ['a field missing', `${HEADER}\na,x,0,1\n`, /:2: the row has 4 columns; expected 5/],
    ['no id', `${HEADER}\n,x,0,1,1\n`, /:2:1: the job has no id/],
    ['no role', `${HEADER}\na,,0,1,1\n`, /:2:3: the job has no role/],
    [
      'an id twice',
      `${HEADER}\na,x,0,1,1\na,x,0,1,1\n`,
      /:3:1: job a appears twice; a job of several rows needs the column stage/,
    ],
    ['no task', `${HEADER},tasks\na,x,0,1,1,0\n`, /tasks 0 is not a whole number of tasks from 1/],
    ['half a task', `${HEADER},tasks\na,x,0,1,1,0.5\n`, /:2:11: tasks 0.5 is not a whole number/],
    ['a gang of neither kind', `${HEADER},gang\na,x,0,1,1,maybe\n`, /gang "maybe" is neither 0 nor 1/],
    ['a priority between two', `${HEADER},priority\na,x,0,1,1,1.5\n`, /priority 1.5 is not a whole number/],
    [
      'an outcome that is not known',
      `${HEADER},outcome\na,x,0,1,1,lost\n`,
      /outcome "lost" is none of finished, failed, killed/,
    ],
    [
      'constraints that are none',
      `${HEADER},constraints\na,x,0,1,1,fast\n`,
      /constraints "fast" are not understood; expected e\.g\. zone=a/,
    ],
    [
      'broken constraints in JSON',
      `${HEADER},constraints\na,x,0,1,1,[1]\n`,
      /constraints "\[1\]" are not understood/,
    ],
    [
      'a stage after one that is not there',
      `${HEADER},stage,after\na,x,0,1,1,r,m\n`,
      /:2:13: stage "m" is not a stage of job a/,
    ],
    [
      'stages in a circle',
      `${HEADER},stage,after\na,x,0,1,1,r,m\na,x,0,1,1,m,r\n`,
      /stage "[rm]" waits for itself/,
    ],
    ['a blank in the name of a stage', `${HEADER},stage\na,x,0,1,1,big map\n`, /stage "big map" has a blank/],
    [
      'two roles for one job',
      `${HEADER},stage\na,x,0,1,1,m\na,y,0,1,1,r\n`,
      /:3:3: role "y" is "x" in the first row of this job \(line 2\)/,
    ],
    [
      'two submit times for one job',
      `${HEADER},stage\na,x,0,1,1,m\na,x,7,1,1,r\n`,
      /:3:5: submitSeconds "7" is "0"/,
    ],
  ])('is refused with %s', async (_, text, message) => {
    expect(await refusalOf({ 'jobs.csv': text })).toMatch(message);
  });

  it('is told apart from other tables when its format is named', async () => {
    const message = await refusalOf({ 'x.csv': 'id,when\n1,2\n' }, { format: 'mesolab-csv' });
    expect(message).toMatch(/x\.csv: no table of jobs or agents; expected a header with job, role/);
  });

  it('may lose its malformed rows, which are counted; a wrong header is refused all the same', async () => {
    const text = lines(`${HEADER},stage,after`, 'a,x,0,1,1,,', 'b,x,no,1,1,,', 'c,x,0,1,1,r,m');
    const { workload, report } = await load({ 'jobs.csv': text }, { skipsBadRows: true });
    expect(jobsOf(workload)).toEqual(['a x @0: 1× cpus 1 1s']);
    expect([...report.leftOut.values()].reduce((sum, count) => sum + count, 0)).toBe(2);
    const wrong = lines(`${HEADER},memMb`, 'a,x,0,1,1,5');
    expect(await refusalOf({ 'jobs.csv': wrong }, { skipsBadRows: true })).toMatch(/no column "memMb"/);
  });

  it('may be read in part', async () => {
    const text = lines(`${HEADER},stage`, 'a,x,0,1,1,m', 'b,x,1,1,1,', 'a,x,0,1,1,r');
    const { workload } = await load({ 'jobs.csv': text }, { maxJobs: 1 });
    expect(jobsOf(workload)).toEqual(['a x @0: 1× cpus 1 1s | 1× cpus 1 1s']);
  });
});

describe('agents.csv, agent-events.csv and roles.csv', () => {
  const jobs = lines(HEADER, 'a,x,0,1,1');

  it('describe agents one by one or many at once, and what becomes of them', async () => {
    const { workload } = await load({
      'jobs.csv': jobs,
      'agents.csv': lines(
        'agent,count,absent,cpus,memMib,gpus,attribute:zone',
        'big,,,32,1024,2,a',
        'small,2,1,8,256,,',
      ),
      'agent-events.csv': lines(
        'seconds,agent,event,cpus,memMib,gpus',
        '5,small-0,join,,,',
        '2,big,change,16,1024,2',
      ),
    });
    expect(clusterOf(workload)).toEqual([
      'big cpus 32 mem 1024 gpus 2 {zone=a}',
      'small-0 cpus 8 mem 256 gpus 0 {zone=null} absent',
      'small-1 cpus 8 mem 256 gpus 0 {zone=null} absent',
      '@2 big change cpus 16 mem 1024 gpus 2',
      '@5 small-0 join',
    ]);
  });

  it('give weights to roles', async () => {
    const { workload } = await load({ 'jobs.csv': jobs, 'roles.csv': lines('role,weight', 'x,2.5', 'y,1') });
    expect(workload.weights).toEqual(
      new Map([
        ['x', 2.5],
        ['y', 1],
      ]),
    );
  });

  it('are found beside a jobs.csv that is named alone, and other files there are not looked at', async () => {
    const beside = {
      'agents.csv': 'agent,cpus\nm,4\n',
      'roles.csv': 'role,weight\nx,3\n',
      'other-jobs.csv': 'job\n',
    };
    const { workload } = await loadTrace(new TextTrace({ 'jobs.csv': jobs }, beside));
    expect(clusterOf(workload)).toEqual(['m cpus 4']);
    expect(workload.weights.get('x')).toBe(3);
  });

  it('may stand among other files in a folder, which are named in the notes', async () => {
    const { report } = await load({ 'README.md': '# mine\n', 'jobs.csv': jobs });
    expect(report.notes).toEqual(['README.md is not a table of this format and was left out.']);
  });

  it.each<[what: string, files: Record<string, string>, message: RegExp]>([
    ['an agent twice', { 'agents.csv': 'agent,cpus\nm,4\nm,4\n' }, /agents\.csv:3:1: agent m appears twice/],
    [
      'an agent twice by counting',
      { 'agents.csv': 'agent,count\nm-1,\nm,2\n' },
      /:3:1: agent m-1 appears twice/,
    ],
    ['no agent', { 'agents.csv': 'agent,count\nm,0\n' }, /count 0 is not a whole number of agents from 1/],
    ['an agent without a name', { 'agents.csv': 'agent,cpus\n,4\n' }, /the agent has no id/],
    [
      'half a GPU in an agent',
      { 'agents.csv': 'agent,gpus\nm,1.5\n' },
      /:2:3: gpus 1.5 is not a whole number/,
    ],
    ['a negative capacity', { 'agents.csv': 'agent,cpus\nm,-4\n' }, /cpus -4 is negative/],
    [
      'an unknown column',
      { 'agents.csv': 'agent,cpu\nm,4\n' },
      /agents\.csv:1: there is no column "cpu"; did you mean "cpus"/,
    ],
    [
      'an event of nobody',
      { 'agents.csv': 'agent\nm\n', 'agent-events.csv': 'seconds,agent,event\n1,n,leave\n' },
      /agent "n" is not in agents\.csv/,
    ],
    [
      'an unknown event',
      { 'agents.csv': 'agent\nm\n', 'agent-events.csv': 'seconds,agent,event\n1,m,die\n' },
      /event "die" is none of join, leave, change/,
    ],
    ['a weight of 0', { 'roles.csv': 'role,weight\nx,0\n' }, /roles\.csv:2:3: weight 0/],
    ['a role twice', { 'roles.csv': 'role,weight\nx,1\nx,2\n' }, /role x appears twice/],
    ['two tables of jobs', { 'more.csv': jobs }, /jobs\.csv has jobs already; name one of the two files/],
  ])('are refused with %s', async (_, files, message) => {
    expect(await refusalOf({ 'jobs.csv': jobs, ...files })).toMatch(message);
  });
});
