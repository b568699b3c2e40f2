/** Three masters, of which one leads: standbys send to it, and when it is killed or frozen nothing is lost. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';

/** Longer than the lease: one that was killed is not the next leader. */
const RESTART_MS = 4_000;
const LAUNCHER = join(import.meta.dirname, '../../../bin/mesolab.js');

let cluster: RealCluster;
beforeAll(async () => {
  cluster = await RealCluster.start({ masters: 3, agents: 2, lease: '3secs', restartMs: RESTART_MS });
}, 120_000);
afterAll(() => cluster.stop(), 60_000);

/** @returns exit code and what it said */
function mesolab(args: readonly string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const output of [child.stdout, child.stderr])
      output.on('data', (part) => {
        said += part;
      });
    child.once('close', (code) => resolve({ code, said }));
  });
}

it('standbys send all APIs to the leader', { timeout: 60_000 }, async () => {
  const leader = (await cluster.leader())!;
  for (const [index, address] of cluster.addresses.entries()) {
    if (index === leader) continue;
    for (const path of ['/state', '/master/slaves', '/redirect', '/api/v1', '/api/v1/scheduler']) {
      const { status, location } = await cluster.get(`http://${address}${path}`);
      const target = path === '/redirect' ? '' : path;
      expect([path, status, location]).toEqual([path, 307, `//${cluster.addresses[leader]}${target}`]);
    }
    expect((await cluster.get(`http://${address}/health`)).status).toBe(200);
  }
});

it('tasks go on while leaders are killed and frozen, and none starts twice', {
  timeout: 150_000,
}, async () => {
  const started = join(cluster.folder, 'started');
  const go = join(cluster.folder, 'go');
  const job = join(cluster.folder, 'job.yaml');
  const command = `echo $MESOS_EXECUTOR_ID >> ${started}; while [ ! -e ${go} ]; do sleep 0.2; done`;
  const tasks = [{ name: 'wait', array: 6, cpus: 0.5, command }];
  writeFileSync(job, JSON.stringify({ name: 'waiting', tasks }));
  const lines = () => (existsSync(started) ? readFileSync(started, 'utf8').trim().split('\n') : []);
  const done = mesolab(['job', 'submit', job, `--master=${cluster.url}`, `--state=${job}.state`]);
  await until('all tasks run', () => lines().length === 6);

  const first = (await cluster.leader())!;
  await cluster.masters[first].kill();
  await until('another leads', async () => ![null, first].includes(await cluster.leader()));
  await cluster.isWhole();
  await until('the leader knows the tasks', async () => (await running()) === 6);

  const second = (await cluster.leader())!;
  const frozen = cluster.masters[second];
  const { starts } = frozen;
  frozen.signal('SIGSTOP');
  await until('another leads', async () => ![null, second].includes(await cluster.leader()));
  await until('the leader knows the tasks', async () => (await running()) === 6);
  // Asked while it is frozen, it wakes up with the question and with a lease that is over.
  const asked = cluster.get(`http://${cluster.addresses[second]}/state`);
  frozen.signal('SIGCONT');
  expect((await asked).status).not.toBe(200);
  await until('the former leader ends its process', () => frozen.starts > starts);
  expect(readFileSync(frozen.log, 'utf8')).toMatch(/the master cannot go on: .*(leader|lease)/);

  writeFileSync(go, '');
  const { code, said } = await done;
  expect(said).toMatch(/wait +finished +6/);
  expect(code).toBe(0);
  expect(lines()).toHaveLength(6);
  expect(new Set(lines()).size).toBe(6);
});

async function running(): Promise<number> {
  const tasks = (await cluster.state())?.frameworks.flatMap((framework) => framework.tasks) ?? [];
  return tasks.filter(({ state }) => state === 'TASK_RUNNING').length;
}
