/** `mesolab compare` and `mesolab report` over finished runs, and what keeps runs apart. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mesolab, temporaryFolder } from './mesolab.ts';

const JOBS = 'job,role,submitSeconds,durationSeconds,cpus\na,x,0,9,2\nb,y,1,9,1\nc,x,2,5,1\n';

function traceFile(content = JOBS): string {
  const file = join(temporaryFolder(), 'jobs.csv');
  writeFileSync(file, content);
  return file;
}

async function simulate(out: string, ...args: string[]): Promise<string> {
  const { code, stderr } = await mesolab(['simulate', ...args, '--agents', '1', '--out', out]);
  expect(code, stderr).toBe(0);
  return stderr;
}

const manifestOf = (run: string) => JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8'));

test('keeps the order of --policy, so that the base stays the same', async () => {
  const out = join(temporaryFolder(), 'runs');
  await simulate(out, traceFile(), '--policy', 'wdrf,fifo,drf');
  const { stdout, stderr } = await mesolab(['compare', out, '--json']);
  expect(stderr).toBe('');
  const { base, warnings, runs } = JSON.parse(stdout);
  expect(base).toBe(join(out, 'wdrf'));
  expect(runs.map(({ policy }: { policy: string }) => policy)).toEqual(['wdrf', 'fifo', 'drf']);
  expect(warnings).toEqual([]);
  await mesolab(['report', out, '--out', join(out, 'again.html')]);
  const [first, again] = ['report.html', 'again.html'].map((name) => readFileSync(join(out, name), 'utf8'));
  expect(again.includes('<title>jobs: wdrf, fifo, drf</title>')).toBe(true);
  expect(again === first).toBe(true);
});

test('names policies after the parts that options replace, and keeps both runs', async () => {
  const out = join(temporaryFolder(), 'runs');
  const trace = traceFile();
  for (const fit of ['best', 'worst'])
    await simulate(out, trace, '--policy', 'fifo', '--fit', fit, '--gang', 'all');
  expect(readdirSync(out).sort()).toEqual([
    'fifo-fit-best-gang-all',
    'fifo-fit-worst-gang-all',
    'report.html',
  ]);
  const { stdout, stderr } = await mesolab(['compare', out]);
  expect(stderr).toBe('');
  expect(stdout).toContain('fifo:fit=best:gang=all');
  expect(stdout).toContain('fifo:fit=worst:gang=all');
});

test('says which run of another experiment it replaces', async () => {
  const out = join(temporaryFolder(), 'runs');
  const trace = traceFile();
  expect(await simulate(out, trace, '--policy', 'fifo')).toBe('');
  expect(await simulate(out, trace, '--policy', 'fifo')).toBe('');
  expect(await simulate(out, trace, '--policy', 'fifo', '--seed', '7', '--load', '2')).toMatch(
    /^warning: \S+fifo has a run that differs in seed: 1 \(there\), 7 \(now\); option load: not given \(there\), 2 \(now\); it will be replaced/,
  );
});

test.each([
  ['trace', () => [traceFile(`${JOBS}d,y,3,4,1\n`)], /trace: jobs \([0-9a-f]{12}\) \(.*\), jobs \(/],
  ['seed', () => [traceFile(), '--seed', '2'], /seed: 1 \(.*one\/fifo\), 2 \(.*two\/fifo\)/],
  ['option first', () => [traceFile(), '--first', '2'], /option first: not given \(.*\), 2 \(.*\)/],
  ['option until', () => [traceFile(), '--until', '2s'], /option until: not given \(.*\), 2 s \(.*\)/],
  ['option agent', () => [traceFile(), '--agent', 'cpus=3'], /option agent: not given .*\{"cpus":3\}/],
])('warns of runs that differ in %s, in table and report too', async (what, args, message) => {
  const folder = temporaryFolder();
  await simulate(join(folder, 'one'), traceFile(), '--policy', 'fifo');
  await simulate(join(folder, 'two'), ...args(), '--policy', 'fifo');
  const compared = await mesolab(['compare', folder]);
  expect(compared.code).toBe(0);
  expect(compared.stderr).toMatch(message);
  expect(compared.stdout).toMatch(new RegExp(`^Not the same experiment: the runs differ in ${what}\\.\n`));
  const report = join(folder, 'report.html');
  const reported = await mesolab(['report', folder, '--out', report]);
  expect(reported.stderr).toMatch(message);
  const head = readFileSync(report, 'utf8').split('<main>')[0];
  expect(head).toContain('Not the same experiment');
  expect(head).toContain(`<li>${what}: `);
});

test('tells clusters apart by what their files hold, not by where they are', async () => {
  const folder = temporaryFolder();
  const agents = (name: string, cpus: number) => {
    const file = join(folder, name);
    writeFileSync(file, `agent,cpus\nm1,${cpus}\n`);
    return file;
  };
  const play = (out: string, file: string) =>
    mesolab(['simulate', traceFile(), '--policy', 'fifo', '--cluster', file, '--out', join(folder, out)]);
  expect((await play('one', agents('a.csv', 4))).stderr).toBe('');
  await play('two', agents('b.csv', 8));
  const { stdout } = await mesolab(['compare', folder, '--json']);
  expect(JSON.parse(stdout).warnings).toEqual([
    expect.stringMatching(/differ in cluster file: .*a\.csv \(.*b\.csv \(/),
  ]);
});

test('a run says which file made its policy, and runs of one name and two files are told apart', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'mine.ts');
  const source = (sign: string) =>
    `export const policy = { name: 'mine', title: 'mine', source: 'here', order: { kind: 'jobs', key: (job) => ${sign}job.submitUs } };\n`;
  for (const [out, sign] of [
    ['one', ''],
    ['two', '-'],
  ]) {
    writeFileSync(file, source(sign));
    await simulate(join(folder, out), traceFile(), '--policy', `${file},fifo`);
    const digest = createHash('sha256').update(source(sign)).digest('hex');
    expect(manifestOf(join(folder, out, 'mine')).policyFile).toEqual({ path: file, digest });
    expect(manifestOf(join(folder, out, 'fifo')).policyFile).toBeUndefined();
  }
  expect((await mesolab(['compare', join(folder, 'one')])).stderr).toBe('');
  const { stderr } = await mesolab(['compare', folder]);
  expect(stderr.match(/warning/g)).toHaveLength(1);
  expect(stderr).toMatch(/differ in file of policy mine: \S+mine\.ts \([0-9a-f]{12}\)/);
});
