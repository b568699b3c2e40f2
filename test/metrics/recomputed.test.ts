/** The figures of random runs are those that a naive second computation finds from the tables of tasks. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AllocationModel } from '../../src/sim/options.ts';
import type { Workload } from '../../src/workload/workload.ts';
import { play } from '../sim/play.ts';
import { randomCase } from '../sim/random-case.ts';
import { naiveFigures } from './naive-figures.ts';

/** Every task takes time, so that a state lasts, and wants whole GPUs, so that amounts tell what fits. */
function plain(workload: Workload): Workload {
  const { tasks, requests, resources } = workload;
  const gpus = resources.indexOf('gpus');
  return {
    ...workload,
    tasks: { ...tasks, durationUs: tasks.durationUs.map((us) => Math.max(us, 1e6)) },
    requests: {
      ...requests,
      demand: requests.demand.map((amount, i) =>
        i % resources.length === gpus ? Math.ceil(amount / 1000) * 1000 : amount,
      ),
    },
  };
}

function expectClose(found: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number' && typeof found === 'number') {
    const scale = Math.max(1e-3, Math.abs(expected));
    if (!(Math.abs(found - expected) <= 1e-9 * scale))
      expect(`${path} = ${found}`).toBe(`${path} = ${expected}`);
    return;
  }
  if (expected === null || typeof expected !== 'object') {
    expect(found, path).toBe(expected);
    return;
  }
  const values = found as Record<string, unknown>;
  expect(values, path).not.toBeNull();
  if (Array.isArray(expected)) expect((found as ArrayLike<unknown>).length, path).toBe(expected.length);
  for (const [key, value] of Object.entries(expected)) expectClose(values[key], value, `${path}.${key}`);
}

const offers = (decisionUs: number, refuseUs: number): AllocationModel => ({
  kind: 'offers',
  intervalUs: 1e6,
  decisionUs,
  holdUs: 4e6,
  refuseUs,
});

const PLACEMENTS = [
  'fifo',
  'fifo:gang=none',
  'easy',
  'conservative',
  'drf:fit=best',
  'wdrf',
  'maxmin',
  'asset',
  'hdrf',
  'tetris',
];

const runs = fc.oneof(
  fc.record({
    policy: fc.constantFrom(...PLACEMENTS),
    model: fc.constant<AllocationModel>({ kind: 'placement' }),
  }),
  fc.record({
    policy: fc.constantFrom('fifo', 'drf', 'wdrf'),
    model: fc.constantFrom(offers(0, 5e6), offers(7e5, 0), offers(15e5, 2e6)),
  }),
);

test('every figure is what a naive computation finds', () => {
  fc.assert(
    fc.property(randomCase(true), runs, (random, { policy, model }) => {
      const workload = plain(random.workload);
      const replay = play(workload, random.cluster, policy, { model });
      // Longer runs merge intervals, of which a test by hand tells.
      if (replay.board.nowUs - workload.jobs.submitUs[0] >= 720e6) return;
      const gang = policy.endsWith('gang=none') ? 'none' : 'trace';
      const { metrics, roles, rolesOverTime, clusterOverTime } = naiveFigures(
        replay,
        workload,
        random.cluster,
        gang,
      );
      const summary = replay.summary();
      const tables = replay.tables();
      expectClose(summary.metrics, metrics, 'metrics');
      expectClose(summary.roles, roles, 'roles');
      expectClose(tables.rolesOverTime, rolesOverTime, 'rolesOverTime');
      expectClose(tables.clusterOverTime, clusterOverTime, 'clusterOverTime');
    }),
    { seed: 11, numRuns: 150 },
  );
});
