/** Which control files are written for cgroups of version 2, in a folder of plain files: few machines have both versions. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCgroupsV2 } from '../../../src/real/containers/cgroup-v2.ts';
import { limitsOf } from '../../../src/real/containers/limits.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';
import { folderOf } from '../../temporary-files.ts';

const MIB = 2 ** 20;

function mountOf(controllers: string): string {
  return folderOf({ 'cgroup.controllers': `${controllers}\n`, 'cgroup.subtree_control': '' });
}

test('only a hierarchy with all controllers that are needed will do', () => {
  expect(openCgroupsV2(folderOf({}), 'mesolab')).toBeNull();
  expect(openCgroupsV2(mountOf('cpu io pids'), 'mesolab')).toBeNull();
});

test('a container has a group that is divided, and its processes a leaf of it', () => {
  const mount = mountOf('cpuset cpu io memory pids');
  const cgroups = openCgroupsV2(mount, 'mesolab/agent')!;
  cgroups.create('c1');
  const group = join(mount, 'mesolab/agent/c1');
  expect(cgroups.joinFiles('c1')).toEqual([join(group, 'leaf/cgroup.procs')]);
  for (const folder of ['', 'mesolab', 'mesolab/agent', 'mesolab/agent/c1', 'mesolab/agent/c1/containers'])
    expect(readFileSync(join(mount, folder, 'cgroup.subtree_control'), 'utf8'), folder).toBe(
      '+cpu +memory +pids',
    );
  expect(existsSync(join(group, 'leaf'))).toBe(true);
  expect(cgroups.containers()).toContain('c1');
});

test('limits are written in the units of version 2', () => {
  const mount = mountOf('cpu memory pids');
  const cgroups = openCgroupsV2(mount, 'mesolab')!;
  const control = (name: string) => readFileSync(join(mount, 'mesolab/c1', name), 'utf8');
  const resources = (text: string) => parseResourcesText(text).toWire();
  cgroups.create('c1');
  cgroups.setLimits('c1', limitsOf(resources('cpus:1.5;mem:64'), { cpus: { value: 2 } }), true);
  cgroups.setMaxProcesses('c1', 7);
  expect([control('cpu.max'), control('memory.low'), control('memory.max'), control('pids.max')]).toEqual([
    '200000 100000',
    `${64 * MIB}`,
    `${64 * MIB}`,
    '7',
  ]);
  // 1536 of 262144 shares, on a scale that ends at 10000.
  expect(control('cpu.weight')).toBe('59');
  cgroups.setLimits('c1', limitsOf(resources('cpus:1;mem:32')), false);
  expect([control('cpu.max'), control('memory.max')]).toEqual(['max 100000', `${64 * MIB}`]);
  cgroups.setLimits('c1', limitsOf(resources('cpus:1;mem:32'), { mem: { value: Infinity } }), false);
  expect(control('memory.max')).toBe('max');
});

test('what is used, and that the kernel killed for want of memory, is read', () => {
  const mount = mountOf('cpu memory pids');
  const cgroups = openCgroupsV2(mount, 'mesolab')!;
  cgroups.create('c1');
  const write = (name: string, content: string) => writeFileSync(join(mount, 'mesolab/c1', name), content);
  expect(cgroups.usage('c1')).toBeNull();
  write('memory.current', '1000\n');
  write('memory.stat', 'anon 600\nfile 300\nfile_mapped 20\n');
  write(
    'cpu.stat',
    'usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\nnr_periods 5\nnr_throttled 2\nthrottled_usec 500000\n',
  );
  expect(cgroups.usage('c1')).toEqual({
    cpuUserSeconds: 2,
    cpuSystemSeconds: 1,
    periods: 5,
    throttledPeriods: 2,
    throttledSeconds: 0.5,
    memTotalBytes: 1000,
    memAnonBytes: 600,
    memFileBytes: 300,
    memMappedBytes: 20,
  });
  expect(cgroups.isOutOfMemory('c1')).toBe(false);
  write('memory.events', 'oom 1\noom_kill 1\n');
  write('memory.events.local', 'oom 0\noom_kill 0\n');
  // A group below it was full, not this one.
  expect(cgroups.isOutOfMemory('c1')).toBe(false);
  write('memory.events.local', 'oom 1\noom_kill 0\n');
  expect(cgroups.isOutOfMemory('c1')).toBe(true);
  mkdirSync(join(mount, 'mesolab/c2/leaf'), { recursive: true });
  write('cgroup.procs', '');
  expect(cgroups.processes('c1')).toEqual([]);
});
