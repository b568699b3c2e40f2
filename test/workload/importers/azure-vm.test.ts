import { describe, expect, it } from 'vitest';
import { jobsOf, lines, load } from './text-trace.ts';

const vm = (id: string, created: number | string, deleted: number | string, size: string) =>
  `${id},sub/1+==,dep1,${created},${deleted},91.77,0.72,20.75,Delay-insensitive,${size}`;

describe('an Azure VM', () => {
  it('is a job of one task, as large as its bucket, from creation to deletion', async () => {
    const rows = [
      vm('vm1', 0, 2_591_700, '4,32'),
      vm('vm2', 558_300, 1_673_700, '2,1.75'),
      vm('vm3', 300, 600, '>24,>64'),
    ];
    const { workload } = await load({ 'vmtable.csv': lines(...rows) });
    expect(jobsOf(workload)).toEqual([
      'vm1 sub/1+== @0: 1× cpus 4 mem 32768 2591700s',
      'vm3 sub/1+== @300: 1× cpus 32 mem 131072 300s',
      'vm2 sub/1+== @558300: 1× cpus 2 mem 1792 1115400s',
    ]);
  });

  it('of the open bucket is as large as the user states', async () => {
    const options = { importOptions: { coresAbove: 64, memGibAbove: 256 }, roleField: 'category' };
    const { workload } = await load({ 'vmtable.csv': lines(vm('vm1', 0, 300, '>24,>64')) }, options);
    expect(jobsOf(workload)).toEqual(['vm1 Delay-insensitive @0: 1× cpus 64 mem 262144 300s']);
  });

  it('is read from the table of VMs alone where the whole data set is given', async () => {
    const { workload } = await load({
      'deployments/deployments.csv': 'dep1,12\n',
      'vm_cpu_readings/vm_cpu_readings-file-1-of-125.csv': '0,vm1,1.0,2.0,1.5\n',
      'vmtable/vmtable.csv': lines(vm('vm1', 0, 300, '4,32')),
    });
    expect(workload.jobs.count).toBe(1);
  });

  it.each([
    ['twice', vm('vm1', 0, 300, '4,32'), '2:1: VM vm1 appears twice'],
    [
      'deleted before its creation',
      vm('vm2', 600, 300, '4,32'),
      '2:23: deletion 300 is before the creation 600',
    ],
    ['without a creation', vm('vm2', '', 300, '4,32'), '2:19: created "" is not a number of seconds'],
    ['of no size', vm('vm2', 0, 300, 'big,32'), '2:60: cores "big" is not a number of cores'],
    ['of negative memory', vm('vm2', 0, 300, '4,-1'), '2:62: memory -1 is negative'],
  ])('%s is an error at its place, or counted', async (_, bad, message) => {
    const texts = { 'vmtable.csv': lines(vm('vm1', 0, 300, '4,32'), bad) };
    await expect(load(texts)).rejects.toThrow(`vmtable.csv:${message}`);
    expect((await load(texts, { skipsBadRows: true })).report.leftOut.get('malformed row')).toBe(1);
  });
});
