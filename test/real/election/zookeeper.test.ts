/** Masters and agents that find each other by `--zk`, and the leader's node as detectors made for Mesos look for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zookeeper from 'node-zookeeper-client';
import { request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Daemon } from './daemon.ts';
import { freePorts } from './free-ports.ts';
import { until } from './until.ts';
import { ZookeeperServer } from './zookeeper-server.ts';

/** Longer than the session: the one that was killed is not the next leader. */
const RESTART_MS = 6_000;
const folder = mkdtempSync(join(tmpdir(), 'mesolab-zookeeper-cluster-'));
let server: ZookeeperServer;
let masters: Daemon[] = [];
let agent: Daemon;
let ports: number[];

beforeAll(async () => {
  server = await ZookeeperServer.start();
  ports = await freePorts(3);
  masters = ports.slice(0, 2).map((port, index) => {
    const name = `master-${index}`;
    const flags = [
      `--port=${port}`,
      `--work_dir=${join(folder, name)}`,
      `--zk=${server.url('mesos')}`,
      '--zk_session_timeout=3secs',
    ];
    return new Daemon(name, folder, RESTART_MS, ['master', ...flags]);
  });
  const flags = [
    `--port=${ports[2]}`,
    `--master=${server.url('mesos')}`,
    `--work_dir=${join(folder, 'agent')}`,
    '--resources=cpus:1;mem:64;disk:10;ports:[31000-31009]',
    '--isolation=posix/cpu',
  ];
  agent = new Daemon('agent', folder, RESTART_MS, ['agent', ...flags]);
}, 60_000);

afterAll(async () => {
  await agent?.stop('SIGTERM');
  await Promise.all(masters.map((master) => master.stop('SIGTERM')));
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

it('the leader is where detectors look, before and after it was killed', { timeout: 120_000 }, async () => {
  await until('an agent', async () => (await leaderAndAgents()).agents === 1);
  const first = (await leaderAndAgents()).leader!;
  const [before, ...others] = await infoNodes();
  expect(others).toEqual([]);
  expect(before.name).toMatch(/^json\.info_\d{10}$/);
  expect(before.info).toMatchObject({
    port: ports[first],
    ip: 0x0100007f,
    pid: `master@127.0.0.1:${ports[first]}`,
    address: { ip: '127.0.0.1', port: ports[first] },
  });

  await masters[first].kill();
  await until('another leader with the agent', async () => {
    const { leader, agents } = await leaderAndAgents();
    return leader !== null && leader !== first && agents === 1;
  });
  const [after] = await infoNodes();
  expect(after.info.port).toBe(ports[1 - first]);
  expect(after.name > before.name).toBe(true);
});

async function leaderAndAgents(): Promise<{ leader: number | null; agents: number }> {
  for (const leader of [0, 1])
    try {
      const { statusCode, body } = await request(`http://127.0.0.1:${ports[leader]}/slaves`);
      const text = await body.text();
      if (statusCode !== 200) continue;
      const { slaves } = JSON.parse(text) as { slaves: { active: boolean }[] };
      return { leader, agents: slaves.filter(({ active }) => active).length };
    } catch {
      // It is down.
    }
  return { leader: null, agents: 0 };
}

/** In the order of their numbers, by a client that knows nothing of us. */
async function infoNodes(): Promise<
  { name: string; info: { port: number; ip: number; pid: string; address: object } }[]
> {
  const client = zookeeper.createClient(server.host);
  client.connect();
  try {
    const names = await new Promise<string[]>((resolve, reject) =>
      client.getChildren('/mesos', (error, found) => (error ? reject(error) : resolve(found))),
    );
    const infos = names.filter((name) => name.startsWith('json.info_')).sort();
    return await Promise.all(
      infos.map(
        (name) =>
          new Promise<Awaited<ReturnType<typeof infoNodes>>[number]>((resolve, reject) =>
            client.getData(`/mesos/${name}`, (error, data) =>
              error ? reject(error) : resolve({ name, info: JSON.parse(data.toString()) }),
            ),
          ),
      ),
    );
  } finally {
    client.close();
  }
}
