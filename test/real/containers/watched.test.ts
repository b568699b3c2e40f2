/** What the agent looks at from time to time: disk, ports and logs of containers (reference §15). */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { GpuPool } from '../../../src/real/containers/gpus.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';
import { RuntimeUnderTest } from './runtime-under-test.ts';

let under: RuntimeUnderTest;
afterEach(() => under?.close());

const resources = (text: string) => parseResourcesText(text).toWire();

describe('disk', () => {
  const fill = (mib: number) => `dd if=/dev/zero of=big bs=1M count=${mib} 2>/dev/null; exec sleep 1000`;

  test('a container whose sandbox is larger than its disk is ended for it', async () => {
    under = new RuntimeUnderTest({ enforceContainerDiskQuota: true, containerDiskWatchIntervalMs: 50 });
    under.launch('c1', fill(20), { resources: resources('cpus:1;mem:64;disk:10') });
    const end = await under.ended('c1');
    expect(end.reason).toBe('REASON_CONTAINER_LIMITATION_DISK');
    expect(end.message).toMatch(/^Disk usage \([\d.]+ MiB\) exceeds quota \(10 MiB\)$/);
    expect(end.limitation).toMatchObject([{ name: 'disk', type: 'SCALAR' }]);
  });

  test('without enforcement it is only told', async () => {
    under = new RuntimeUnderTest({ containerDiskWatchIntervalMs: 50 });
    under.launch('c1', fill(20), { resources: resources('cpus:1;mem:64;disk:10') });
    const used = async () => (await under.runtime.statistics('c1'))?.disk_used_bytes ?? 0;
    while ((await used()) < 20 * 2 ** 20) await sleep(20);
    expect((await under.runtime.statistics('c1'))!.disk_limit_bytes).toBe(10 * 2 ** 20);
  });
});

describe('ports', () => {
  const listen = (port: number) =>
    `exec ${process.execPath} -e 'require("node:net").createServer().listen(${port}, "127.0.0.1", () => console.log("listens"))'`;

  test('a container that listens on a port it does not have is ended for it; on its own it may', async () => {
    under = new RuntimeUnderTest({ isolatesPorts: true, containerPortsWatchIntervalMs: 50 });
    const [own, other] = [await freePort(), await freePort()];
    const having = (port: number) => ({ resources: resources(`cpus:1;mem:64;ports:[${port}-${port}]`) });
    under.launch('good', listen(own), having(own));
    while (!outputOf('good').includes('listens')) await sleep(20);
    under.launch('bad', listen(other), having(own));
    const end = await under.ended('bad');
    expect([end.reason, end.message]).toEqual([
      'REASON_CONTAINER_LIMITATION',
      `Container is listening on unallocated port(s): ${other}`,
    ]);
    expect(under.endCounts.get('good')).toBeUndefined();
  });
});

describe('logs', () => {
  test('begin anew when they are too large, and so many earlier ones are kept', async () => {
    under = new RuntimeUnderTest({ logRotation: { maxBytes: 2000, keptFiles: 2 } });
    under.launch('c1', 'i=0; while :; do i=$((i+1)); echo "line $i"; sleep 0.001; done');
    while (!existsSync(under.file('c1', 'stdout.2'))) await sleep(20);
    for (const kept of ['stdout.1', 'stdout.2']) {
      expect(statSync(under.file('c1', kept)).size).toBeGreaterThan(1000);
      expect(readFileSync(under.file('c1', kept), 'utf8')).toMatch(/line \d+\nline \d+\n$/);
    }
    expect(existsSync(under.file('c1', 'stdout.3'))).toBe(false);
    expect(existsSync(under.file('c1', 'stderr.1'))).toBe(false);
  });
});

test('GPUs are given out once, change hands, and are refused where none is free', () => {
  const pool = new GpuPool([0, 1, 2]);
  const first = pool.take(2);
  expect(first).toEqual([0, 1]);
  expect(() => pool.take(2)).toThrow('2 GPUs are asked for, and 1 of this machine are free');
  expect(pool.change(first, 3)).toEqual([0, 1, 2]);
  expect(pool.change([0, 1, 2], 1)).toEqual([0]);
  expect(pool.take(2)).toEqual([1, 2]);
  const none = new GpuPool([]);
  expect([none.isEmpty, none.take(4)]).toEqual([true, []]);
});

function outputOf(container: string): string {
  const file = under.file(container, 'stdout');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}
