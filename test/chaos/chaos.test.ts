/**
 * A real cluster under work while its parts are killed, frozen, cut off and out of disk: in the end every task is accounted for.
 * MESOLAB_CHAOS_MINUTES says for how long (1 where it is not set; nights take 10), MESOLAB_CHAOS_SEED with which faults.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { stream } from '../../src/cluster/streams.ts';
import { RealCluster } from '../real/election/real-cluster.ts';
import { until } from '../real/election/until.ts';
import { type ExecutorProcess, executorsIn } from './executors.ts';
import { Namespaces } from './namespaces.ts';
import { SmallDisk } from './small-disk.ts';
import { Workload } from './workload.ts';

const MINUTES = Number(process.env.MESOLAB_CHAOS_MINUTES ?? 1);
const SEED = process.env.MESOLAB_CHAOS_SEED ?? '1';
const MASTERS = 3;
const LEASE_SECONDS = 3;
const DISK_MIB = 24;
const SETTLE_MS = 90_000;

it('accounts for every task, whatever fails', { timeout: MINUTES * 60_000 + 300_000 }, async () => {
  if (process.getuid?.() !== 0) throw new Error('needs root: it makes network namespaces and mounts');
  const random = stream(SEED, 'chaos');
  const spaces = new Namespaces(MASTERS);
  onTestFinished(() => spaces.remove());
  let disk: SmallDisk;
  const cluster = await RealCluster.start({
    masters: MASTERS,
    agents: 3,
    lease: `${LEASE_SECONDS}secs`,
    restartMs: 300,
    places: {
      ip: spaces.hostIp,
      masterIp: (index) => spaces.ipOf(index),
      prefix: (index) => spaces.prefix(index),
    },
    prepare: (folder) => {
      disk = new SmallDisk(join(folder, 'agent-0'), DISK_MIB);
      return () => disk.remove();
    },
  });
  onTestFinished(() => cluster.stop(), 120_000);
  const folder = join(cluster.folder, 'workload');
  mkdirSync(folder);
  const work = new Workload(cluster.url, folder);
  const hurt = new Set<string>();
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const outageMs = (LEASE_SECONDS + 2) * 1000;

  /** Each undoes itself. */
  const faults: Readonly<Record<string, () => Promise<unknown>>> = {
    async 'kill the leader'() {
      await cluster.masters[(await cluster.leader()) ?? 0].kill();
    },
    'kill an agent': async () => pick(cluster.agents)!.kill(),
    async 'kill an executor'() {
      const victim: ExecutorProcess | undefined = pick(executorsIn(cluster.folder));
      if (victim === undefined) return;
      hurt.add(victim.task);
      process.kill(victim.pid, 'SIGKILL');
    },
    async 'kill a member of etcd'() {
      const member = Math.floor(random() * cluster.etcd.hosts.length);
      await cluster.etcd.kill(member);
      await sleep(outageMs);
      cluster.etcd.begin(member);
    },
    async 'freeze the leader'() {
      const leader = cluster.masters[(await cluster.leader()) ?? 0];
      leader.signal('SIGSTOP');
      await sleep(outageMs);
      leader.signal('SIGCONT');
    },
    async 'freeze an agent'() {
      const agent = pick(cluster.agents)!;
      agent.signal('SIGSTOP');
      await sleep(outageMs);
      agent.signal('SIGCONT');
    },
    async 'cut the leader off'() {
      const leader = (await cluster.leader()) ?? 0;
      spaces.cutOff(leader);
      await sleep(outageMs);
      spaces.join(leader);
    },
    async 'fill a disk'() {
      disk.fill();
      await sleep(outageMs);
      disk.free();
    },
  };

  await until('the service runs', () => work.isRunning);
  const names = Object.keys(faults);
  const end = performance.now() + MINUTES * 60_000;
  const done: string[] = [];
  try {
    // Each once, then as chance will.
    for (let n = 0; performance.now() < end; n++) {
      const name = n < names.length ? names[n] : pick(names)!;
      console.log(`${new Date().toISOString()} ${name}`);
      done.push(name);
      await faults[name]();
      await sleep(random() * 3_000);
    }
    await until(
      'all agents are back',
      async () => (await cluster.activeAgents()) === cluster.agents.length,
      SETTLE_MS,
    );
    await until('the service runs again', () => work.isRunning, SETTLE_MS);
    work.end();
    await until('every task has its end', () => work.isOver, SETTLE_MS);
    await until('no executor is left', () => executorsIn(cluster.folder).length === 0, SETTLE_MS);
    console.log(`seed ${SEED}, ${done.length} faults, ${work.accounts.size} tasks: ${work.summary()}`);
    expect(work.faults(hurt)).toEqual([]);
    await work.close();
  } catch (error) {
    console.log(`seed ${SEED}, after ${done.join(', ')}: ${work.summary()}\n${cluster.lastWords()}`);
    throw error;
  }
});
