/** Random workloads with everything that a workload can have. */
import fc from 'fast-check';
import { type AgentChange, type AgentDescription, buildCluster } from '../../../src/cluster/cluster.ts';
import type { Constraint } from '../../../src/cluster/constraints.ts';
import type { ResourceAmounts } from '../../../src/cluster/resources.ts';
import { WorkloadBuilder } from '../../../src/workload/builder.ts';
import type { Workload } from '../../../src/workload/workload.ts';

/** Text with the signs that formats use themselves; without blanks at the ends, which tables of text don't keep. */
const name = fc
  .string({
    unit: fc.constantFrom('a', 'B', '7', 'é', ' ', ',', '"', ';', '|', '=', '<', '!', '/', '\n', "'"),
    minLength: 1,
    maxLength: 6,
  })
  .map((text) => text.trim())
  .filter((text) => text !== '');
const us = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 2 ** 46 }));
/** Natural units, to the thousandth. */
const amount = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }).map((milli) => milli / 1000),
  fc.integer({ min: 0, max: 2 ** 40 }),
);
const resource = fc.constantFrom('cpus', 'mem', 'disk', 'gpus', 'network', 'fpgas', 'ports, open');
const amounts: fc.Arbitrary<ResourceAmounts> = fc.dictionary(resource, amount, { maxKeys: 4 });
const constraint: fc.Arbitrary<Constraint> = fc.record({
  attribute: name,
  operator: fc.constantFrom('in', 'notIn', 'less', 'greater'),
  values: fc.array(name, { minLength: 1, maxLength: 3 }),
});

const stage = fc.record({
  groups: fc.array(
    fc.record({
      count: fc.integer({ min: 1, max: 3 }),
      request: fc.nat(3),
      durationUs: us,
      outcome: fc.constantFrom(0, 0, 0, 1, 2),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  /** Bits: which of the other stages it waits for. */
  after: fc.nat(15),
});

const job = fc.record({
  role: name,
  submitUs: us,
  priority: fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 11 })),
  isGang: fc.boolean(),
  estimateUs: fc.option(us, { nil: undefined }),
  maxPerAgent: fc.constantFrom(0, 0, 1, 3),
  spreadGroup: fc.constantFrom('', 'x', 'y'),
  stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
  /** Whether stages are listed before those that they wait for. */
  isReversed: fc.boolean(),
});

const agent = fc.record({
  resources: amounts.map((all) => (all.gpus === undefined ? all : { ...all, gpus: Math.round(all.gpus) })),
  attributes: fc.dictionary(name, name, { maxKeys: 2 }),
  isAbsent: fc.boolean(),
});

const change = fc.record({
  timeUs: us,
  agent: fc.nat(3),
  kind: fc.constantFrom('join', 'leave', 'change'),
  resources: fc.option(amounts, { nil: undefined }),
});

/** @param hasIds jobs have ids other than their numbers */
export function anyWorkload(hasIds: fc.Arbitrary<boolean> = fc.boolean()): fc.Arbitrary<Workload> {
  return fc
    .record({
      hasIds,
      jobs: fc.array(job, { minLength: 1, maxLength: 6 }),
      requests: fc.array(fc.tuple(amounts, fc.option(fc.array(constraint, { minLength: 1, maxLength: 2 }))), {
        minLength: 4,
        maxLength: 4,
      }),
      agents: fc.option(fc.array(agent, { minLength: 4, maxLength: 5 })),
      changes: fc.array(change, { maxLength: 4 }),
      weights: fc.dictionary(name, fc.double({ min: 0.125, max: 100, noNaN: true }), { maxKeys: 3 }),
    })
    .map(({ hasIds, jobs, requests, agents, changes, weights }) => {
      const builder = new WorkloadBuilder('trace');
      jobs.forEach(({ stages, isReversed, maxPerAgent, spreadGroup, ...description }, number) => {
        builder.job({
          ...(hasIds ? { id: `job, ${number}` } : {}),
          ...description,
          ...(maxPerAgent > 0 ? { maxPerAgent, spreadGroup } : {}),
        });
        stages.forEach(({ groups, after }, own) => {
          const others = [...stages.keys()].filter((other) => (isReversed ? other > own : other < own));
          builder.stage(others.filter((other) => (after & (1 << other)) !== 0));
          for (const { count, request, durationUs, outcome } of groups)
            builder.tasks(count, builder.request(...requests[request]), durationUs, outcome);
        });
      });
      const described: AgentDescription[] = (agents ?? []).map((one, number) => ({
        id: `agent "${number}"`,
        ...one,
      }));
      const changed: AgentChange[] = changes.map(({ agent: number, resources, ...rest }) => ({
        agentId: `agent "${number}"`,
        ...rest,
        ...(resources && Object.keys(resources).length > 0 ? { resources } : {}),
      }));
      return builder.finish(agents && buildCluster(described, changed), new Map(Object.entries(weights)));
    });
}
