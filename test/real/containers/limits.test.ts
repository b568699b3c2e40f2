/** What the kernel holds containers to; needs root and cgroups of version 1. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { openCgroupsV1 } from '../../../src/real/containers/cgroup-v1.ts';
import { limitsOf } from '../../../src/real/containers/limits.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';
import { RuntimeUnderTest } from './runtime-under-test.ts';

const hasCgroups = openCgroupsV1('/sys/fs/cgroup', 'mesolab-test/probe');
hasCgroups?.close();
const MIB = 2 ** 20;
/** Node that holds so many MiB and writes when it has them. */
const eat = (mib: number) =>
  `exec ${process.execPath} --no-warnings -e 'const b=[]; for(let i=0;i<${mib};i++) b.push(Buffer.alloc(2**20,1)); console.log("full"); setInterval(()=>{},1e6)'`;

let under: RuntimeUnderTest;
afterEach(() => under?.close());

test.runIf(process.env.CI === 'true')('this machine has cgroups', () => {
  expect(hasCgroups).not.toBeNull();
});

describe.runIf(hasCgroups !== null)('with cgroups', () => {
  function start(options: ConstructorParameters<typeof RuntimeUnderTest>[0] = {}): RuntimeUnderTest {
    under = new RuntimeUnderTest(options);
    return under;
  }

  test('a container that takes more memory than it may is ended for it', async () => {
    start();
    under.launch('c1', eat(200), { resources: resources('cpus:1;mem:128') });
    const end = await under.ended('c1');
    expect(end.reason).toBe('REASON_CONTAINER_LIMITATION_MEMORY');
    expect(end.message).toMatch(/^Memory limit exceeded: limit 128 MiB, most used 12[78]\.\d MiB/);
    expect(end.limitation).toMatchObject([{ name: 'mem', type: 'SCALAR' }]);
    expect(end.limitation![0].scalar!.value).toBeGreaterThan(120);
  });

  test('a limit above the request holds, and Infinity is none', async () => {
    const { runtime } = start();
    const task = (limit: number) => ({
      name: '',
      task_id: { value: 't' },
      agent_id: { value: 's1' },
      resources: resources('cpus:0.1;mem:32'),
      limits: { mem: { value: limit }, cpus: { value: 0.5 } },
    });
    under.launch('c1', eat(150), { resources: resources('cpus:0.2;mem:64'), task: task(96) });
    under.launch('c2', eat(150), { resources: resources('cpus:0.2;mem:64'), task: task(Infinity) });
    expect((await under.ended('c1')).message).toContain('limit 128 MiB');
    while (!readFileSync(under.file('c2', 'stdout'), 'utf8').includes('full')) await sleep(20);
    const { mem_limit_bytes, mem_soft_limit_bytes, cpus_limit, mem_rss_bytes } = (await runtime.statistics(
      'c2',
    ))!;
    expect([mem_limit_bytes, mem_soft_limit_bytes, cpus_limit]).toEqual([undefined, 64 * MIB, 0.6]);
    expect(mem_rss_bytes).toBeGreaterThan(150 * MIB);
  });

  test('a quota of cpus holds, and what is used is told', async () => {
    const { runtime } = start({ cgroupsEnableCfs: true });
    under.launch('c1', 'while :; do :; done', { resources: resources('cpus:0.1;mem:32') });
    await under.launched('c1');
    const before = (await runtime.statistics('c1'))!;
    await sleep(1000);
    const after = (await runtime.statistics('c1'))!;
    const seconds = (s: typeof after) => s.cpus_user_time_secs! + s.cpus_system_time_secs!;
    const share = (seconds(after) - seconds(before)) / (after.timestamp - before.timestamp);
    expect(share).toBeLessThan(0.2);
    expect(after.cpus_nr_throttled).toBeGreaterThan(0);
    expect(after).toMatchObject({ cpus_limit: 0.1, processes: 1, threads: 1, mem_limit_bytes: 32 * MIB });
  });

  test('an update raises a limit of memory, and does not lower it', async () => {
    const { runtime } = start();
    under.launch('c1', 'sleep 1000', { resources: resources('cpus:1;mem:64') });
    await under.launched('c1');
    const limit = () => Number(readFileSync(group('memory', 'memory.limit_in_bytes')));
    runtime.update('c1', resources('cpus:1;mem:128'));
    expect(limit()).toBe(128 * MIB);
    runtime.update('c1', resources('cpus:2;mem:48'));
    expect(limit()).toBe(128 * MIB);
    expect(readFileSync(group('memory', 'memory.soft_limit_in_bytes'), 'utf8').trim()).toBe(`${48 * MIB}`);
    expect(readFileSync(group('cpu', 'cpu.shares'), 'utf8').trim()).toBe('2048');
    runtime.update('c1', resources('cpus:2;mem:48'), { mem: { value: Infinity } });
    expect(limit()).toBeGreaterThan(2 ** 60);
  });

  test('a number of processes holds', async () => {
    start({ maxProcesses: 3 });
    under.launch('c1', 'for i in 1 2 3 4 5; do sleep 1000 & done; wait');
    await under.ended('c1');
    expect(readFileSync(under.file('c1', 'stderr'), 'utf8')).toContain('Cannot fork');
  });

  test('a nested container with groups of its own is ended for its own limit only', async () => {
    const { runtime } = start();
    under.launch('c1', 'exec sleep 1000', { resources: resources('cpus:1;mem:512') });
    await under.launched('c1');
    const id = { value: 'n', parent: { value: 'c1' } };
    const info = { type: 'MESOS', linux_info: { share_cgroups: false } } as const;
    await runtime.launchNested(id, {
      command: { value: eat(200) },
      container: info,
      resources: resources('cpus:1;mem:96'),
    });
    expect((await runtime.waitNested(id))?.reason).toBe('REASON_CONTAINER_LIMITATION_MEMORY');
    await sleep(600);
    expect((await runtime.statistics('c1'))?.processes).toBe(1);
    const sharing = { value: 'sharing', parent: { value: 'c1' } };
    await runtime.launchNested(sharing, { command: { value: eat(700) } });
    expect((await under.ended('c1')).reason).toBe('REASON_CONTAINER_LIMITATION_MEMORY');
  });

  test('groups that an agent knows nothing of are ended when it starts', async () => {
    start();
    under.launch('c1', 'sleep 1000');
    await under.launched('c1');
    under.forgetRecords();
    expect(await under.restart()).toEqual([]);
    expect(() => readFileSync(group('memory', 'cgroup.procs'))).toThrow('ENOENT');
  });

  function group(controller: string, file: string): string {
    return `/sys/fs/cgroup/${controller}/${under.cgroup}/c1/${file}`;
  }
});

test('amounts become limits', () => {
  const wire = resources('cpus:1.5;mem:100;disk:10');
  expect(limitsOf(wire)).toEqual({
    cpus: 1.5,
    cpusMax: null,
    memBytes: 100 * MIB,
    memMaxBytes: 100 * MIB,
    diskBytes: 10 * MIB,
  });
  expect(limitsOf(wire, {}, true).cpusMax).toBe(1.5);
  expect(limitsOf(wire, { cpus: { value: 3 }, mem: { value: Infinity } })).toMatchObject({
    cpusMax: 3,
    memMaxBytes: null,
  });
  expect(limitsOf(resources('mem:1'))).toMatchObject({
    memBytes: 32 * MIB,
    memMaxBytes: 32 * MIB,
    diskBytes: null,
  });
});

function resources(text: string) {
  return parseResourcesText(text).toWire();
}
