/** `mesolab simulate` as a user meets it. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { lacksTraces, tracePath } from '../traces.ts';
import { DEMO, mesolab, temporaryFolder } from './mesolab.ts';

const SWF_ROW = (job: number, submit: number, run: number, size: number) =>
  `${job} ${submit} -1 ${run} ${size} -1 -1 ${size} ${run} -1 1 ${job % 3} 1 -1 1 1 -1 -1`;
const SWF = ['; MaxProcs: 4', SWF_ROW(1, 0, 10, 3), SWF_ROW(2, 1, 10, 2), SWF_ROW(3, 2, 5, 1)].join('\n');

function traceFile(content: string | Uint8Array, name = 'log.swf'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

const SCHEMA = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/simulate-output.schema.json'), 'utf8'),
);

test('a trace is played through masters, agents and frameworks that exchange messages', async () => {
  const trace = traceFile(
    Array.from({ length: 20 }, (_, job) => SWF_ROW(job + 1, 2 * job, 10, 1 + (job % 3))).join('\n'),
  );
  const play = (...more: string[]) =>
    mesolab(['simulate', trace, '--agents', '4', '--agent', 'cpus=4', '--policy', 'drf', ...more]);
  const { code, stdout, stderr } = await play('--model', 'protocol', '--fault', 'kill-leader@15s', '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const output = JSON.parse(stdout);
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(SCHEMA);
  expect(validate(output), JSON.stringify(validate.errors)).toBe(true);
  const [{ metrics, protocol }] = output.runs;
  expect(metrics.unplaced).toBe(0);
  expect(protocol.failoverSeconds.max).toBeLessThan(4);
  expect(protocol.launchSeconds.max).toBeLessThan(1);

  const tables = await play('--model', 'protocol');
  expect(tables.stdout).toMatch(/launch latency, p50 +\d+.* ms/);

  const misspelt = await play('--model', 'protocol', '--fault', 'kill:agent-99@1s');
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toContain('nothing is named "agent-99"');
  const useless = await play('--fault', 'kill-leader@15s');
  expect(useless.stderr).toContain('--fault has no effect without --model protocol');
  const unknown = await play('--model', 'protocol', '--fairness', 'ties=name');
  expect(unknown.stderr).toContain('expected ties=count or turns, agents=whole or split');
  const unfit = await play('--model', 'protocol', '--fairness', 'agents=split', '--policy', 'fifo');
  expect(unfit.stderr).toContain('--fairness is for policies that order by shares');
});

test('the bundled trace is played with failing agents; what is not as asked is told', async () => {
  const { code, stdout, stderr } = await mesolab(
    `simulate ${DEMO} --first 20 --model protocol --policy drf --failures mtbf=1h,mttr=5m --fault kill-leader@9d --json`.split(
      ' ',
    ),
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: tasks that ask for a part of a GPU hold a whole one/);
  expect(stderr).toMatch(/warning: the fault kill at 9 d did not happen: all was over at/);
  const [{ metrics }] = JSON.parse(stdout).runs;
  expect(metrics.unplaced).toBe(0);
  expect(metrics.lostAttempts).toBeGreaterThan(0);
}, 60_000);

test('prints one JSON document that fits the schema', async () => {
  const { code, stdout } = await mesolab([
    'simulate',
    DEMO,
    '--first',
    '300',
    '--policy',
    'fifo,wdrf',
    '--json',
  ]);
  expect(code).toBe(0);
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(SCHEMA);
  const output = JSON.parse(stdout);
  expect(validate(output), JSON.stringify(validate.errors)).toBe(true);
  expect(output.runs.map(({ policy }: { policy: string }) => policy)).toEqual(['fifo', 'wdrf']);
  expect(output.runs[0].metrics.jobs).toBe(300);
});

test('EASY lets the short job pass, FIFO does not', async () => {
  const { stdout } = await mesolab(['simulate', traceFile(SWF), '--policy', 'fifo,easy', '--json']);
  const means = JSON.parse(stdout).runs.map(
    (run: { metrics: { waitSeconds: { mean: number } } }) => run.metrics.waitSeconds.mean,
  );
  expect(means).toEqual([(0 + 9 + 8) / 3, (0 + 9 + 0) / 3]);
});

test('writes runs and a report, which compare and report read again', async () => {
  const out = join(temporaryFolder(), 'runs');
  const first = await mesolab(['simulate', traceFile(SWF), '--policy', 'fifo,easy', '--out', out]);
  expect(first.code).toBe(0);
  expect(first.stdout).toContain('wait, mean');
  expect(readdirSync(out).sort()).toEqual(['easy', 'fifo', 'report.html']);
  expect(JSON.parse(readFileSync(join(out, 'fifo/manifest.json'), 'utf8')).status).toBe('complete');
  const compared = await mesolab(['compare', out]);
  expect(compared.code).toBe(0);
  expect(compared.stdout).toContain('fifo');
  const report = join(out, 'again.html');
  expect((await mesolab(['report', out, '--out', report])).code).toBe(0);
  expect(readFileSync(report, 'utf8')).toContain('<!doctype html>');
});

test('takes a score of agents as the fit of a policy file', async () => {
  const policy = traceFile(
    `export const policy = {
      name: 'last', title: 'last', source: 'this test', order: { kind: 'jobs' },
      fit: { name: 'roomy', score: (demand, agent) => agent.free[0] },
    };`,
    'last.ts',
  );
  const args = ['simulate', DEMO, '--first', '300', '--policy', `${policy},fifo:fit=worst`, '--json'];
  const { code, stdout } = await mesolab(args);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).runs[0].metrics.unplaced).toBe(0);
});

test('plays a policy from a file', async () => {
  const file = join(import.meta.dirname, '../../docs/examples/fewest-tasks.ts');
  const { code, stdout } = await mesolab([
    'simulate',
    DEMO,
    '--first',
    '300',
    '--policy',
    `fifo,${file}`,
    '--json',
  ]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).runs[1].policy).toBe('fewest-tasks');
});

test.skipIf(lacksTraces)('gives the same digest in every process', async () => {
  const args = ['simulate', tracePath('swf/hpc2n-slice.swf.gz'), '--policy', 'fifo', '--json'];
  const [a, b] = await Promise.all([mesolab(args), mesolab(args)]);
  const digest = (stdout: string) => JSON.parse(stdout).runs[0].decisionDigest;
  expect(digest(a.stdout)).toBe(digest(b.stdout));
});

test('says why gangs may have starved for offers', async () => {
  // The agents come free at 1 s and at 3 s, and are declined for 5 s each: never are both offered at once.
  const log = ['; MaxProcs: 2', SWF_ROW(1, 0, 1, 1), SWF_ROW(2, 0, 3, 1), SWF_ROW(3, 0, 1, 2)].join('\n');
  const args = [
    'simulate',
    traceFile(log),
    '--policy',
    'fifo',
    '--role',
    'queue',
    '--model',
    'offers',
    '--json',
  ];
  const [starved, fed] = await Promise.all([mesolab(args), mesolab([...args, '--refuse-seconds', '0'])]);
  expect(JSON.parse(starved.stdout).runs[0].metrics.unplaced).toBe(2);
  expect(starved.stderr).toMatch(/^warning: 2 tasks were never placed under fifo: .*--refuse-seconds 0/);
  expect(JSON.parse(fed.stdout).runs[0].metrics.unplaced).toBe(0);
  expect(fed.stderr).toBe('');
});

/** Presses Ctrl-C from inside: a policy that interrupts its own process when it is first asked. */
const INTERRUPTING_POLICY = `let isAsked = false;
export const policy = {
  name: 'interrupting', title: 'interrupts', source: 'this test',
  order: {
    kind: 'roles',
    key: (role) => {
      if (!isAsked) process.kill(process.pid, 'SIGINT');
      isAsked = true;
      return role.usage[0];
    },
  },
};
`;

function googleTask(eventType: number): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'task_events'));
  const row = `600000000,,1,0,,${eventType},user,0,0,0.5,0.5,0,`;
  writeFileSync(
    join(folder, 'task_events/part-00000-of-00500.csv'),
    `${row.replace(',9,', ',0,')}\n${row}\n`,
  );
  return folder;
}

const WRONG: readonly [what: string, args: () => string[], message: RegExp][] = [
  ['an unknown policy', () => [DEMO, '--policy', 'dfr'], /did you mean "drf".*POLICY_UNKNOWN/],
  ['a policy part', () => [DEMO, '--policy', 'drf:fit=bets'], /choose one of first, best.*POLICY_INVALID/],
  ['a missing file', () => ['/no/such/trace'], /\/no\/such\/trace: .*FILE_MISSING/],
  ['a folder without traces', () => [temporaryFolder()], /TRACE_EMPTY/],
  ['an unknown format', () => [traceFile('hello\n', 'a.txt')], /FORMAT_UNKNOWN/],
  ['an empty log', () => [traceFile('; MaxProcs: 4\n')], /TRACE_EMPTY/],
  [
    'too few columns',
    () => [traceFile(`${SWF}\n1 2 3`)],
    /log\.swf:5: .*3 columns.*--skip-bad-rows.*ROW_COLUMNS/,
  ],
  [
    'text for a number',
    () => [traceFile(SWF.replace('1 0 -1 10', '1 0 -1 abc'))],
    /log\.swf:2:8: run time "abc".*ROW_VALUE/,
  ],
  [
    'a negative time',
    () => [traceFile(SWF.replace('2 1 -1', '2 -7 -1'))],
    /log\.swf:3:3: .*negative.*ROW_VALUE/,
  ],
  ['NaN', () => [traceFile(SWF.replace('1 0 -1 10', '1 NaN -1 10'))], /ROW_VALUE/],
  ['time going backwards', () => [traceFile(SWF.replace('3 2 -1', '3 0 -1'))], /log\.swf:4.*ROW_ORDER/],
  ['a duplicate id', () => [traceFile(SWF.replace('3 2 -1', '2 2 -1'))], /appears twice.*ROW_DUPLICATE/],
  [
    'truncated gzip',
    () => [traceFile(gzipSync(SWF.repeat(50)).subarray(0, 60), 'log.swf.gz')],
    /FILE_TRUNCATED/,
  ],
  ['contradictory options', () => [DEMO, '--agents', '3', '--cluster', 'x.csv'], /OPTION_CONFLICT/],
  ['offers options without offers', () => [DEMO, '--decision-time', '2s'], /--model offers.*OPTION_CONFLICT/],
  [
    'conservative backfilling of DRF',
    () => [DEMO, '--policy', 'drf:backfill=conservative'],
    /OPTION_CONFLICT/,
  ],
  ['a part named twice', () => [DEMO, '--policy', 'fifo,drf:fit=best', '--fit', 'worst'], /OPTION_CONFLICT/],
  [
    'policies that would share a folder',
    () => [
      DEMO,
      '--policy',
      `fifo:fit=best,${traceFile(INTERRUPTING_POLICY.replace("'interrupting'", "'fifo-fit-best'"), 'p.ts')}`,
    ],
    /share the folder fifo-fit-best.*OPTION_CONFLICT/,
  ],
  ['a missing policy file', () => [DEMO, '--policy', './no/such.ts'], /such\.ts: .*FILE_MISSING/],
  ['a folder as a policy file', () => [DEMO, '--policy', temporaryFolder()], /FILE_IS_DIRECTORY/],
  [
    'a policy file that does not load',
    () => [DEMO, '--policy', traceFile('export const policy = ;', 'p.ts')],
    /POLICY_INVALID/,
  ],
  ['a missing cluster file', () => [DEMO, '--cluster', '/no/such.csv'], /FILE_MISSING/],
  [
    'a cluster file without agents',
    () => [DEMO, '--cluster', traceFile(SWF_ROW(1, 0, 1, 1))],
    /CLUSTER_INVALID/,
  ],
  ['an empty file', () => [traceFile('')], /TRACE_EMPTY/],
  ['an unknown event code', () => [googleTask(9)], /event type "9" is unknown.*ROW_VALUE/],
  [
    'agents that lack resources, all of them at once',
    () => [
      traceFile(
        'job,role,submitSeconds,durationSeconds,cpus,diskMib,resource:rdma\na,x,0,1,2,300,7\n',
        'jobs.csv',
      ),
      '--agents',
      '2',
    ],
    /ask for disk, rdma, .*--agent cpus=16,mem=65536,disk=300,rdma=7 .*CLUSTER_INVALID/,
  ],
  ['an unknown role', () => [DEMO, '--weight', 'servces=2'], /services.*OPTION_VALUE/],
  ['a bad number', () => [DEMO, '--load', 'fast'], /--load "fast".*OPTION_VALUE/],
  ['an unknown option', () => [DEMO, '--polcy', 'drf'], /--policy/],
  [
    'an output below a file',
    () => [DEMO, '--first', '9', '--out', join(traceFile(SWF), 'out')],
    /OUTPUT_UNWRITABLE/,
  ],
];

for (const [what, args, message] of WRONG) {
  test(`refuses ${what} with one line and code 2`, async () => {
    const { code, stdout, stderr } = await mesolab(['simulate', ...args()]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });
}

test('refuses to replace a folder that is no run', async () => {
  const out = temporaryFolder();
  mkdirSync(join(out, 'fifo'));
  writeFileSync(join(out, 'fifo', 'precious.txt'), 'mine');
  const { code, stderr } = await mesolab(['simulate', traceFile(SWF), '--policy', 'fifo', '--out', out]);
  expect(code).toBe(2);
  expect(stderr).toContain('OUTPUT_UNWRITABLE');
  expect(existsSync(join(out, 'fifo', 'precious.txt'))).toBe(true);
  chmodSync(out, 0o755);
});

test('leaves bad rows out if asked, and a task larger than every agent unplaced', async () => {
  const log = traceFile(`${SWF}\n1 2 3\n${SWF_ROW(9, 3, 5, 4)}`);
  const { stdout } = await mesolab([
    'simulate',
    log,
    '--skip-bad-rows',
    '--agents',
    '3',
    '--policy',
    'fifo',
    '--json',
  ]);
  const { trace, runs } = JSON.parse(stdout);
  const { metrics } = runs[0];
  expect(trace.leftOut).toEqual({ 'malformed row': 1 });
  expect(metrics.jobs).toBe(4);
  expect(metrics.unplaced).toBe(4);
});

test('Ctrl-C keeps partial results, marked as such, and nothing half-written', async () => {
  const out = join(temporaryFolder(), 'runs');
  const policy = traceFile(INTERRUPTING_POLICY, 'interrupting.ts');
  const args = ['simulate', DEMO, '--policy', `${policy},fifo`, '--out', out];
  const { code, stdout, stderr } = await mesolab(args);
  expect(code).toBe(130);
  expect(stdout).toContain('partial');
  expect(stderr).toContain('not replayed: fifo');
  expect(readdirSync(out).sort()).toEqual(['interrupting', 'report.html']);
  const { status } = JSON.parse(readFileSync(join(out, 'interrupting', 'manifest.json'), 'utf8'));
  expect(status).toBe('partial');
  expect((await mesolab(['compare', out])).stderr).toContain('is partial');
});
