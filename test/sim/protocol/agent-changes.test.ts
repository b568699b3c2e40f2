/** Agents that come, go, fail and change in a protocol simulation, and what its results make of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AgentChange, buildCluster } from '../../../src/cluster/cluster.ts';
import type { ResourceAmounts } from '../../../src/cluster/resources.ts';
import { parsePolicy } from '../../../src/policies/registry.ts';
import type { ReplayOptions } from '../../../src/sim/options.ts';
import { DEFAULT_PROTOCOL } from '../../../src/sim/protocol/options.ts';
import { ProtocolSimulation } from '../../../src/sim/protocol/simulation.ts';
import { WorkloadBuilder } from '../../../src/workload/builder.ts';
import type { Workload } from '../../../src/workload/workload.ts';

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;

function jobs(count: number, seconds: number, demand: ResourceAmounts = { cpus: 1, mem: 100 }): Workload {
  const builder = new WorkloadBuilder('changes');
  const request = builder.request(demand, null);
  for (let job = 0; job < count; job++) {
    builder.job({ role: 'ads', submitUs: job * SECOND_US });
    builder.tasks(2, request, seconds * SECOND_US);
  }
  return builder.finish(null, new Map());
}

function play(workload: Workload, options: Partial<ReplayOptions> & Pick<ReplayOptions, 'cluster'>) {
  const simulation = new ProtocolSimulation(workload, {
    seed: '1',
    policy: parsePolicy('drf'),
    weights: new Map(),
    limits: new Map(),
    guarantees: new Map(),
    model: {
      kind: 'protocol',
      intervalUs: SECOND_US,
      holdUs: Number.POSITIVE_INFINITY,
      refuseUs: 5 * SECOND_US,
      world: DEFAULT_PROTOCOL,
    },
    failures: null,
    untilUs: 7200 * SECOND_US,
    isChecked: false,
    ...options,
  });
  while (!simulation.advance(10_000));
  return simulation;
}

const AGENT = { cpus: 4, mem: 1000 };
const at = (seconds: number, agentId: string, kind: AgentChange['kind'], resources?: ResourceAmounts) => ({
  timeUs: seconds * SECOND_US,
  agentId,
  kind,
  ...(resources && { resources }),
});

/** When and where tasks ran: `task agent start end`, seconds of the trace. */
function runs(simulation: ProtocolSimulation) {
  const { agent, startSeconds, endSeconds } = simulation.tables().tasks;
  return Array.from(startSeconds, (start, task) => ({ agent: agent[task], start, end: endSeconds[task] }));
}

test('an agent that joins later runs nothing before', () => {
  const cluster = buildCluster(
    [
      { id: 'early', resources: { cpus: 1, mem: 1000 } },
      { id: 'late', resources: AGENT, isAbsent: true },
    ],
    [at(30, 'late', 'join')],
  );
  const simulation = play(jobs(10, 5), { cluster });
  expect(simulation.progress.endedTasks).toBe(20);
  const late = runs(simulation).filter(({ agent }) => agent === 1);
  expect(late.length).toBeGreaterThan(5);
  for (const { start } of late) expect(start).toBeGreaterThan(30);
});

test('tasks on an agent that leaves are lost at once, and run again elsewhere when masters have noticed', () => {
  const cluster = buildCluster(
    [
      { id: 'stays', resources: AGENT },
      { id: 'goes', resources: AGENT },
    ],
    [at(10, 'goes', 'leave')],
  );
  const simulation = play(jobs(4, 60), { cluster });
  expect(simulation.progress.endedTasks).toBe(8);
  const { metrics } = simulation.summary();
  expect(metrics.lostAttempts).toBe(4);
  for (const { agent } of runs(simulation)) expect(agent).toBe(0);
  // Five pings of 15 s go unanswered; then a minute until the framework gives the tasks up.
  const starts = runs(simulation).map(({ start }) => start);
  expect(Math.max(...starts)).toBeGreaterThan(10 + 75);
  expect(Math.max(...starts)).toBeLessThan(10 + 75 + 60 + 30);
});

test('an agent that grows keeps its tasks; one that shrinks is set up anew and loses them', () => {
  const change = (resources: ResourceAmounts) =>
    buildCluster([{ id: 'a', resources: AGENT }], [at(10, 'a', 'change', resources)]);
  const grown = play(jobs(6, 30), { cluster: change({ cpus: 12, mem: 2000 }) });
  expect(grown.progress.endedTasks).toBe(12);
  expect(grown.summary().metrics.lostAttempts).toBe(0);
  const most = (simulation: ProtocolSimulation) => {
    const all = runs(simulation);
    return Math.max(...all.map(({ start }) => all.filter((o) => o.start <= start && start < o.end).length));
  };
  expect(most(grown)).toBe(12);

  const shrunk = play(jobs(6, 30), { cluster: change({ cpus: 2, mem: 1000 }) });
  expect(shrunk.progress.endedTasks).toBe(12);
  expect(shrunk.summary().metrics.lostAttempts).toBe(4);
  const later = runs(shrunk).filter(({ start }) => start > 10);
  expect(later.length).toBe(12);
  expect(most(shrunk)).toBe(2);
});

test('failures are those of a replay with the same seed; all work is done in the end', () => {
  const cluster = buildCluster(Array.from({ length: 6 }, (_, a) => ({ id: `agent-${a}`, resources: AGENT })));
  const failures = { meanTimeToFailureUs: 3 * MINUTE_US, meanTimeToRepairUs: MINUTE_US };
  const simulation = play(jobs(60, 60), { cluster, failures });
  expect(simulation.progress.endedTasks).toBe(120);
  expect(simulation.summary().metrics.lostAttempts).toBeGreaterThan(0);
  const again = play(jobs(60, 60), { cluster, failures });
  expect(again.summary().decisionDigest).toBe(simulation.summary().decisionDigest);
});

test('whatever comes and goes, every task ends, on an agent that was there', () => {
  const changes = fc.array(
    fc.record({
      second: fc.integer({ min: 0, max: 200 }),
      agent: fc.nat(3),
      kind: fc.constantFrom('join' as const, 'leave' as const, 'change' as const),
      cpus: fc.option(fc.integer({ min: 1, max: 8 })),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(fc.nat(), changes, fc.nat(3), (seed, changes, absent) => {
      const cluster = buildCluster(
        [0, 1, 2, 3].map((a) => ({ id: `agent-${a}`, resources: AGENT, isAbsent: a < absent })),
        [
          ...changes
            .map(({ second, agent, kind, cpus }) =>
              at(
                second,
                `agent-${agent}`,
                kind,
                kind === 'leave' || cpus === null ? undefined : { cpus, mem: 1000 },
              ),
            )
            .filter(({ kind, resources }) => kind !== 'change' || resources !== undefined),
          ...[0, 1, 2, 3].map((a) => at(300, `agent-${a}`, 'join')),
        ],
      );
      const simulation = play(jobs(15, 20), { cluster, seed: String(seed) });
      expect(simulation.progress.endedTasks).toBe(30);
      for (const { agent, start, end } of runs(simulation))
        for (const { agent: other, kind, second } of changes)
          if (other === agent && kind === 'leave') expect(start < second && second < end).toBe(false);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('parts of GPUs are rounded up, and the user is told', () => {
  const cluster = buildCluster([{ id: 'a', resources: { ...AGENT, gpus: 2 } }]);
  const simulation = play(jobs(2, 10, { cpus: 1, gpus: 0.25 }), { cluster });
  expect(simulation.progress.endedTasks).toBe(4);
  expect(simulation.warnings).toEqual([
    'tasks that ask for a part of a GPU hold a whole one: agents of the protocol do not share GPUs',
  ]);
  const all = runs(simulation);
  for (const { start } of all)
    expect(all.filter((other) => other.start <= start && start < other.end).length).toBeLessThanOrEqual(2);
});

test('a fault after the end is told of; one that happened is not', () => {
  const cluster = buildCluster([{ id: 'a', resources: AGENT }]);
  const kill = { kind: 'kill', target: 'a', durationUs: 0 } as const;
  const faults = [
    { ...kill, atUs: SECOND_US },
    { ...kill, atUs: 3600 * SECOND_US },
  ];
  const model = {
    kind: 'protocol' as const,
    intervalUs: SECOND_US,
    holdUs: Number.POSITIVE_INFINITY,
    refuseUs: 5 * SECOND_US,
    world: { ...DEFAULT_PROTOCOL, faults },
  };
  const simulation = play(jobs(2, 10), { cluster, model });
  expect(simulation.warnings).toHaveLength(1);
  expect(simulation.warnings[0]).toMatch(/^the fault kill at 60 min did not happen: all was over at \d/);
});
