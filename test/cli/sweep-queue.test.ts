/** Experiments over a real Redis: workers that are killed, a server that dies and comes back empty. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderOf } from '../temporary-files.ts';
import { mesolab } from './mesolab.ts';

const EXPERIMENT = `
name: small
traces: [{ generate: demo, name: tiny, options: { tasks: 300, agents: 10 } }]
policies: [fifo, drf]
matrix: { load: [0.8, 1.5] }
replications: { count: 4 }
`;

const hasRedis = (() => {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

test.runIf(process.env.CI === 'true')('this machine has Redis', () => {
  expect(hasRedis).toBe(true);
});

describe.runIf(hasRedis)('an experiment on a queue', () => {
  test('ends as on one machine, whoever dies on the way', { timeout: 180_000 }, async () => {
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const folder = folderOf({ 'e.yaml': EXPERIMENT });
    const out = join(folder, 'queued');
    const file = join(folder, 'e.yaml');
    let redis = startRedis(port);
    const first = startWorker(url);
    const queued = mesolab(['sweep', file, '--out', out, '--engine', url, '--json']);

    await until(() => reports(out) >= 1);
    first.kill('SIGKILL');
    const second = startWorker(url);
    await until(() => reports(out) >= 3);
    // It keeps nothing, so all that waits is forgotten.
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    await sleep(500);
    redis = startRedis(port);

    const done = await queued;
    expect(done).toMatchObject({ code: 0 });
    const here = await mesolab(['sweep', file, '--out', join(folder, 'here'), '--json']);
    expect(JSON.parse(done.stdout)).toEqual(JSON.parse(here.stdout));
    second.kill('SIGINT');
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).toBe(0);
  });

  test('says what a block cannot be run for', { timeout: 60_000 }, async () => {
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    startRedis(port);
    startWorker(url);
    const folder = folderOf({ 'e.yaml': EXPERIMENT.replace('[0.8, 1.5]', '[fast]') });
    const { code, stderr } = await mesolab([
      'sweep',
      join(folder, 'e.yaml'),
      '--out',
      join(folder, 'out'),
      '--engine',
      url,
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--load "fast" is not valid')]);
  });
});

test('an engine that is none is refused', async () => {
  const folder = folderOf({ 'e.yaml': EXPERIMENT });
  const { code, stderr } = await mesolab([
    'sweep',
    join(folder, 'e.yaml'),
    '--out',
    join(folder, 'out'),
    '--engine',
    'here',
  ]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('"here" is no queue; expected such as redis://'),
  ]);
});

function startRedis(port: number): ChildProcess {
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folderOf({}),
  ];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function startWorker(url: string): ChildProcess {
  const child = spawn(process.execPath, ['bin/mesolab.js', 'sweep-worker', url, '--workers=1'], {
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function reports(folder: string): number {
  try {
    return (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
      name.endsWith('report.html'),
    ).length;
  } catch {
    return 0;
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(50);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}
