/** What a user does with a cluster: the commands of README's section on real mode, against `mesolab lab`. */
import { type ChildProcess, execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { useLab } from '../real/lab.ts';
import { fileOf, folderOf } from '../temporary-files.ts';
import { mesolab } from './mesolab.ts';

const lab = useLab('--agents=3', '--agent-resources=cpus:2;mem:1024;disk:1024');
const EXAMPLE = join(import.meta.dirname, '../../docs/examples/hello-framework.ts');
const onLab = () => `--master=${lab().master}`;

describe('mesolab run', () => {
  test('shows what the command writes, and exits as it does', async () => {
    const { code, stdout, stderr } = await mesolab(['run', onLab(), '--', 'echo out; echo err >&2; exit 3']);
    expect([code, stdout]).toEqual([3, 'out\n']);
    expect(stderr).toContain('err\n');
  });

  test('gives the command its arguments, its environment and its ports', async () => {
    const program = 'console.log(process.argv[1], process.env.GREETING, Number(process.env.PORT0) >= 31000)';
    const args = ['--env', 'GREETING=hi', '--ports=1', '--', process.execPath, '-e', program, 'a b; exit 9'];
    expect(await mesolab(['run', onLab(), ...args])).toMatchObject({
      code: 0,
      stdout: 'a b; exit 9 hi true\n',
    });
  });

  test('Ctrl-C kills the command', async () => {
    let child!: ChildProcess;
    const done = mesolab(['run', onLab(), '--', 'echo up; exec sleep 1000'], (started) => {
      child = started;
    });
    child.stdout!.once('data', () => child.kill('SIGINT'));
    expect((await done).code).not.toBe(0);
    await until(async () => (await tasks()).every(({ state }) => state !== 'TASK_RUNNING'));
  });

  test('says what is wrong', async () => {
    expect(await mesolab(['run', '--master=127.0.0.1:1', '--', 'true'])).toMatchObject({
      code: expect.toSatisfy((code) => code !== 0),
      stderr: expect.stringContaining('127.0.0.1:1'),
    });
    const { code, stderr } = await mesolab(['run', onLab(), '--cpus=none', '--', 'true']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--cpus "none" is not valid')]);
  });
});

describe('mesolab job', () => {
  test('runs arrays, tries again, waits, and skips what waits in vain', async () => {
    const marks = folderOf({});
    const file = fileOf(
      'job.yaml',
      `
name: study
tasks:
  - name: fetch
    command: test -e ${marks}/tried || { touch ${marks}/tried; exit 1; }
    retries: 1
  - name: fit
    command: test $MESOLAB_ARRAY_INDEX != 2
    array: 4
    after: [fetch]
  - name: report
    command: touch ${marks}/reported
    after: [fit]
`,
    );
    const { code, stdout } = await mesolab(['job', 'submit', file, '--quiet', onLab()]);
    expect(code).toBe(1);
    expect(rows(stdout)).toEqual([
      ['fetch', 'finished', '1'],
      ['fit', 'finished', '3'],
      ['fit', 'failed', '1'],
      ['report', 'skipped', '1'],
    ]);
    expect(existsSync(join(marks, 'reported'))).toBe(false);
  });

  test('an error in the file has its place', async () => {
    const file = fileOf('job.yaml', 'name: x\ntasks:\n  - name: a\n    comand: ls\n');
    const { code, stderr } = await mesolab(['job', 'submit', file, onLab()]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${file}:4:`)]);
  });
});

test('mesolab service keeps instances alive, changes and ends them', { timeout: 120_000 }, async () => {
  const at = `127.0.0.1:${await freePort()}`;
  const folder = folderOf({
    'web.yaml': 'name: web\ncommand: exec sleep 86411\ninstances: 3\nspread: hostname\n',
    'next.yaml': 'name: web\ncommand: exec sleep 86412\ninstances: 3\nspread: hostname\n',
  });
  void mesolab(
    ['service', 'daemon', `--port=${at.split(':')[1]}`, `--state=${folder}/state.db`, onLab()],
    (child) => onTestFinished(() => void child.kill('SIGKILL')),
  );
  const service = async (command: string, ...args: readonly string[]) =>
    await mesolab(['service', command, ...args, `--at=${at}`]);
  await until(async () => (await service('list')).code === 0);
  expect(await service('apply', `${folder}/web.yaml`)).toMatchObject({ code: 0 });
  const running = async () =>
    (await tasks()).filter(({ state, name }) => state === 'TASK_RUNNING' && name === 'web');
  await until(async () => (await running()).length === 3);
  const before = await running();
  expect(new Set(before.map(({ slave_id }) => slave_id)).size).toBe(3);

  process.kill(pidOf('sleep 86411'), 'SIGKILL');
  await until(async () => {
    const now = await running();
    return now.length === 3 && now.some(({ id }) => before.every((old) => old.id !== id));
  });

  expect(await service('apply', `${folder}/next.yaml`)).toMatchObject({ code: 0 });
  await until(async () => pidsOf('sleep 86412').length === 3 && pidsOf('sleep 86411').length === 0);
  expect(await service('scale', 'web', '1')).toMatchObject({ code: 0 });
  await until(async () => (await running()).length === 1);
  expect((await service('list')).stdout).toContain('web');
  expect(await service('stop', 'web')).toMatchObject({ code: 0 });
  await until(async () => (await running()).length === 0);
  expect((await service('scale', 'other', '2')).code).not.toBe(0);
});

test('mesolab play plays a trace, validate compares it with simulations, replay repeats the journal', {
  timeout: 120_000,
}, async () => {
  const run = join(folderOf({}), 'play');
  const played = await mesolab(['play', 'traces/lab', '--first=12', '--speed=600', `--out=${run}`, onLab()]);
  expect(played).toMatchObject({ code: 0, stdout: expect.stringContaining('tasks unplaced') });
  const validated = await mesolab(['validate', run, '--seeds=3', '--json']);
  const { rows: figures, jobs } = JSON.parse(validated.stdout);
  expect(jobs).toHaveLength(12);
  expect(figures.map(({ figure }: { readonly figure: string }) => figure)).toContain('makespan');
  expect(readFileSync(join(run, 'manifest.json'), 'utf8')).toContain('"launchUs"');

  const journals = join(lab().folder, 'journal');
  const [journal] = readdirSync(journals);
  // It is written twice a second.
  await until(async () => (await mesolab(['replay', join(journals, journal)])).code === 0);
  const replayed = await mesolab(['replay', join(journals, journal), '--policy=fifo']);
  expect(replayed.stdout).toContain('same');
});

test('the example of a framework runs its tasks', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [EXAMPLE, lab().master]);
  expect(stdout.match(/TASK_FINISHED/g)).toHaveLength(10);
});

async function tasks(): Promise<readonly { id: string; name: string; state: string; slave_id: string }[]> {
  const answer = await fetch(`http://${lab().master}/tasks?limit=1000`);
  return ((await answer.json()) as { tasks: [] }).tasks;
}

/** First cells of a table's lines that have a count. */
function rows(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/).slice(0, 3))
    .filter(([, , count]) => /^\d+$/.test(count));
}

/** Processes with exactly this command line. */
function pidsOf(command: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `${command.replaceAll(' ', '\0')}\0`;
      } catch {
        return false;
      }
    })
    .map(Number);
}

function pidOf(command: string): number {
  return pidsOf(command)[0];
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 200));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}
