import { describe, expect, test } from 'vitest';
import { buildCluster } from '../../../src/cluster/cluster.ts';
import type { ResourceAmounts } from '../../../src/cluster/resources.ts';
import { parsePolicy } from '../../../src/policies/registry.ts';
import type { Fault } from '../../../src/sim/protocol/fault.ts';
import { DEFAULT_PROTOCOL, type ProtocolOptions } from '../../../src/sim/protocol/options.ts';
import { ProtocolSimulation } from '../../../src/sim/protocol/simulation.ts';
import { WorkloadBuilder } from '../../../src/workload/builder.ts';

const SECOND_US = 1_000_000;

/** Two roles, 40 jobs of 5 tasks of 4 to 13 seconds, a job a second. */
function workload() {
  const builder = new WorkloadBuilder('small');
  const request = builder.request({ cpus: 1, mem: 100 }, null);
  for (let job = 0; job < 40; job++) {
    builder.job({ role: job % 2 === 0 ? 'ads' : 'web', submitUs: job * SECOND_US });
    builder.tasks(5, request, (4 + (job % 10)) * SECOND_US);
  }
  return builder.finish(null, new Map());
}

const cluster = buildCluster(
  Array.from({ length: 20 }, (_, a) => ({ id: `agent-${a}`, resources: { cpus: 4, mem: 1000 } })),
);

function play(
  faults: readonly Fault[],
  seed = '1',
  more: Partial<ProtocolOptions> = {},
  limits: ReadonlyMap<string, ResourceAmounts> = new Map(),
): ProtocolSimulation {
  const simulation = new ProtocolSimulation(workload(), {
    seed,
    cluster,
    policy: parsePolicy('drf'),
    weights: new Map(),
    limits,
    guarantees: new Map(),
    model: {
      kind: 'protocol',
      intervalUs: SECOND_US,
      holdUs: Number.POSITIVE_INFINITY,
      refuseUs: 5 * SECOND_US,
      world: { ...DEFAULT_PROTOCOL, agentsPerRack: 5, faults, ...more },
    },
    failures: null,
    untilUs: 1800 * SECOND_US,
    isChecked: false,
  });
  while (!simulation.advance(10_000));
  return simulation;
}

function expectAllDone(simulation: ProtocolSimulation): void {
  expect(simulation.progress.endedTasks).toBe(200);
  expect(simulation.isComplete).toBe(true);
  const { state, endSeconds, startSeconds } = simulation.tables().tasks;
  expect(new Set(state)).toEqual(new Set(['finished']));
  endSeconds.forEach((end, task) => {
    expect(end).toBeGreaterThan(startSeconds[task]);
  });
}

describe('a protocol simulation', () => {
  test('runs a trace to its end, with launch latencies of a network and a container', () => {
    const simulation = play([]);
    expectAllDone(simulation);
    const { metrics, protocol } = simulation.summary();
    expect(protocol!.launchSeconds!.max).toBeLessThan(0.2);
    expect(protocol!.launchSeconds!.p50).toBeGreaterThan(DEFAULT_PROTOCOL.containerLaunchUs / SECOND_US);
    expect(protocol!.failoverSeconds).toBeNull();
    expect(metrics.lostAttempts).toBe(0);
    expect(metrics.offers.accepted).toBeGreaterThan(0);
    const messages = Object.values(protocol!.messagesByType).reduce((sum, { messages: m }) => sum + m, 0);
    expect(protocol!.messages).toBe(messages);
  });

  test('keeps a role to its quota, also under a new leader', () => {
    const kill: Fault = { kind: 'kill', target: 'leader', atUs: 15 * SECOND_US, durationUs: 0 };
    const simulation = play([kill], '1', {}, new Map([['web', { cpus: 8 }]]));
    expectAllDone(simulation);
    const { startSeconds, endSeconds } = simulation.tables().tasks;
    const mostAtOnce = (parity: number) => {
      // Jobs of five tasks, in turn of one role and the other.
      const own = Array.from({ length: 200 }, (_, task) => task).filter(
        (t) => Math.floor(t / 5) % 2 === parity,
      );
      const startedBy = (at: number) => own.filter((t) => startSeconds[t] <= at && at < endSeconds[t]).length;
      return Math.max(...own.map((task) => startedBy(startSeconds[task])));
    };
    expect(mostAtOnce(1)).toBe(8);
    expect(mostAtOnce(0)).toBeGreaterThan(8);
  });

  test('the same seed plays the same run, another one another', () => {
    const faults: Fault[] = [{ kind: 'kill', target: 'leader', atUs: 10 * SECOND_US, durationUs: 0 }];
    const digestOf = (seed: string) => play(faults, seed).summary().decisionDigest;
    expect(digestOf('a')).toBe(digestOf('a'));
    expect(digestOf('a')).not.toBe(digestOf('b'));
  });

  test('when the leader is killed another takes over within four seconds, and no task is lost', () => {
    const simulation = play([{ kind: 'kill', target: 'leader', atUs: 15 * SECOND_US, durationUs: 0 }]);
    expectAllDone(simulation);
    const { metrics, protocol } = simulation.summary();
    expect(protocol!.failoverSeconds!.max).toBeLessThan(4);
    expect(metrics.lostAttempts).toBe(0);
  });

  test.each<[string, readonly Fault[], Partial<ProtocolOptions>]>([
    [
      'an agent process that restarts',
      [{ kind: 'kill', target: 'agent-0', atUs: 10 * SECOND_US, durationUs: 0 }],
      {},
    ],
    [
      'a framework that restarts',
      [{ kind: 'kill', target: 'framework-ads', atUs: 10 * SECOND_US, durationUs: 0 }],
      {},
    ],
    [
      'a machine without power',
      [{ kind: 'power-off', target: 'rack-0', atUs: 10 * SECOND_US, durationUs: 20 * SECOND_US }],
      {},
    ],
    [
      'executors that die',
      [{ kind: 'kill-executors', target: 'rack-1', atUs: 10 * SECOND_US, durationUs: 0 }],
      {},
    ],
    [
      'a rack that is cut off',
      [{ kind: 'partition', target: 'rack-1', atUs: 10 * SECOND_US, durationUs: 30 * SECOND_US }],
      {},
    ],
    [
      'a leader that is cut off',
      [{ kind: 'partition', target: 'leader', atUs: 10 * SECOND_US, durationUs: 30 * SECOND_US }],
      {},
    ],
    [
      'a leader that stands still',
      [{ kind: 'pause', target: 'leader', atUs: 10 * SECOND_US, durationUs: 8 * SECOND_US }],
      {},
    ],
    [
      'clocks of agents that are set forward and back',
      [
        {
          kind: 'clock-skew',
          target: 'rack-1',
          skewUs: 90 * SECOND_US,
          atUs: 10 * SECOND_US,
          durationUs: 60 * SECOND_US,
        },
        {
          kind: 'clock-skew',
          target: 'rack-2',
          skewUs: -90 * SECOND_US,
          atUs: 10 * SECOND_US,
          durationUs: 60 * SECOND_US,
        },
      ],
      {},
    ],
    [
      'the clock of the leader, set forward',
      [
        {
          kind: 'clock-skew',
          target: 'leader',
          skewUs: 30 * SECOND_US,
          atUs: 10 * SECOND_US,
          durationUs: 60 * SECOND_US,
        },
      ],
      {},
    ],
    [
      'a store without quorum',
      [{ kind: 'store-down', atUs: 10 * SECOND_US, durationUs: 10 * SECOND_US }],
      {},
    ],
    [
      'lost, doubled and disordered messages',
      [],
      { network: { ...DEFAULT_PROTOCOL.network, loss: 0.02, duplication: 0.05, reordering: 0.05 } },
    ],
    ['clocks that differ and drift', [], { clocks: { skewUs: 500_000, drift: 0.001 } }],
  ])('%s: all work is done in the end', (_, faults, more) => {
    const simulation = play(faults, '1', more);
    expect(simulation.progress.endedTasks).toBe(200);
    expect(simulation.isComplete).toBe(true);
  });

  test('refuses to set the clock of a framework, by which its jobs come', () => {
    const skew: Fault = { kind: 'clock-skew', target: 'framework-ads', skewUs: 1, atUs: 0, durationUs: 1 };
    expect(() => play([skew])).toThrow(/by a framework's clock its jobs come/);
  });
});
