/** A workload as a scheduler of slots sees it. */
import { expect, it } from 'vitest';
import { buildCluster } from '../../src/cluster/cluster.ts';
import { inSlots, play } from '../../src/notebooks/page/play.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';

it('a task takes as many slots as hold what it needs, at most all of an agent', () => {
  const builder = new WorkloadBuilder('tasks');
  builder.job({ role: 'a', submitUs: 0 });
  for (const task of [
    { cpus: 1, mem: 1 },
    { cpus: 3, mem: 1 },
    { cpus: 1, mem: 9 },
    { cpus: 16, mem: 32 },
  ])
    builder.tasks(1, builder.request(task), 1e6);
  const cluster = buildCluster([
    { id: 'small', resources: { cpus: 8, mem: 16 } },
    { id: 'large', resources: { cpus: 16, mem: 32 } },
  ]);
  const { resources, requests, cluster: cut } = inSlots(builder.finish(cluster), 4);
  expect(resources).toEqual(['cpus', 'mem', 'slots']);
  expect(Array.from({ length: 4 }, (_, q) => requests.demand[3 * q + 2])).toEqual([1000, 2000, 3000, 4000]);
  expect([...requests.demand.subarray(3, 5)]).toEqual([3000, 1000]);
  expect([...cut!.total]).toEqual([8000, 16_000, 4000, 16_000, 32_000, 4000]);
});

it('one slot an agent leaves most of it idle, and jobs that share are roles of their own', () => {
  const settings = {
    model: 'facebook-2010',
    seed: '1',
    tasks: 2000,
    agents: 20,
    load: 0.9,
    jobsAsRoles: true,
  };
  const [drf] = play({ ...settings, policies: ['drf'] });
  const [slots] = play({ ...settings, slots: 1, policies: ['maxmin:resource=slots'] });
  expect(drf.summary.roles).toHaveLength(drf.summary.metrics.jobs);
  expect(slots.summary.metrics.utilisation.cpus).toBeLessThan(0.25);
  expect(slots.summary.metrics.makespanSeconds).toBeGreaterThan(2 * drf.summary.metrics.makespanSeconds);
});
