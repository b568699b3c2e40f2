/** Random small clusters and workloads, with everything the model has. */
import fc from 'fast-check';
import { type AgentChange, buildCluster, type Cluster } from '../../src/cluster/cluster.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import type { Workload } from '../../src/workload/workload.ts';

export interface RandomCase {
  readonly workload: Workload;
  readonly cluster: Cluster;
}

const agent = fc.record({
  cpus: fc.integer({ min: 1, max: 8 }),
  mem: fc.integer({ min: 1, max: 16 }),
  gpus: fc.integer({ min: 0, max: 2 }),
  zone: fc.constantFrom('a', 'b'),
});

const group = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  cpus: fc.constantFrom(0, 0.5, 1, 2, 5),
  mem: fc.constantFrom(0.5, 1, 3),
  gpus: fc.constantFrom(0, 0, 0.25, 0.6, 1, 1.5),
  seconds: fc.integer({ min: 0, max: 20 }),
  zone: fc.constantFrom(null, null, 'a', 'b'),
});

const job = fc.record({
  role: fc.constantFrom('x', 'y', 'y/z', 'w'),
  submit: fc.integer({ min: 0, max: 40 }),
  priority: fc.integer({ min: 0, max: 2 }),
  isGang: fc.boolean(),
  estimate: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
  maxPerAgent: fc.constantFrom(0, 0, 1, 2),
  stages: fc.array(group, { minLength: 1, maxLength: 3 }),
  isChain: fc.boolean(),
});

const change = fc.record({
  time: fc.integer({ min: 1, max: 60 }),
  agent: fc.nat(),
  kind: fc.constantFrom<AgentChange['kind']>('leave', 'join', 'change'),
  cpus: fc.integer({ min: 1, max: 8 }),
});

type RandomChange = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** @param isSteady agents neither come nor go */
export function randomCase(isSteady = false): fc.Arbitrary<RandomCase> {
  return fc
    .record({
      agents: fc.array(agent, { minLength: 1, maxLength: 6 }),
      jobs: fc.array(job, { minLength: 1, maxLength: 25 }),
      changes: isSteady ? fc.constant<RandomChange[]>([]) : fc.array(change, { maxLength: 6 }),
    })
    .map(({ agents, jobs, changes }) => {
      const descriptions = agents.map(({ zone, ...resources }, index) => ({
        id: `agent-${index}`,
        resources,
        attributes: { zone },
      }));
      // Every resource exists somewhere, so that no workload is refused as a whole.
      descriptions.push({ id: 'large', resources: { cpus: 8, mem: 16, gpus: 2 }, attributes: { zone: 'a' } });
      const agentChanges = changes.map(
        ({ time, agent: number, kind, cpus }): AgentChange => ({
          timeUs: time * 1e6,
          agentId: descriptions[number % descriptions.length].id,
          kind,
          ...(kind === 'change' ? { resources: { cpus, mem: 8, gpus: number % 3 } } : {}),
        }),
      );
      const builder = new WorkloadBuilder('random');
      for (const { role, submit, priority, isGang, estimate, maxPerAgent, stages, isChain } of jobs) {
        const estimateUs = estimate === undefined ? undefined : estimate * 1e6;
        builder.job({ role, submitUs: submit * 1e6, priority, isGang, estimateUs, maxPerAgent });
        stages.forEach(({ count, cpus, mem, gpus, seconds, zone }, stage) => {
          builder.stage(isChain && stage > 0 ? [stage - 1] : []);
          const constraints =
            zone === null ? null : [{ attribute: 'zone', operator: 'in' as const, values: [zone] }];
          builder.tasks(count, builder.request({ cpus, mem, gpus }, constraints), seconds * 1e6);
        });
      }
      const weights = new Map([
        ['x', 1],
        ['y', 2],
        ['w', 3],
      ]);
      return { workload: builder.finish(null, weights), cluster: buildCluster(descriptions, agentChanges) };
    });
}
