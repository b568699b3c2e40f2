/** The figures of random runs are those that a naive second computation finds from the tables of tasks. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Board, TASK_ENDED, TASK_RUNNING } from '../../src/allocator/board.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import type { AllocationModel } from '../../src/sim/options.ts';
import { Replay } from '../../src/sim/replay.ts';
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

/** Attempts of a task that began and neither run nor ran to their end. */
function stoppedAttempts(board: Board, task: number): number {
  if (board.agentOf[task] < 0) return 0;
  const isGood = board.taskState[task] === TASK_RUNNING || board.taskState[task] === TASK_ENDED;
  return 1 + (board.extraAttempts.get(task) ?? 0) - (isGood ? 1 : 0);
}

test('attempts and work are lost as seen from one instant to the next', () => {
  let preempted = 0;
  let lost = 0;
  const policies = fc.constantFrom('fifo', 'drf', 'priority', 'priority:fit=best');
  fc.assert(
    fc.property(randomCase(), policies, fc.boolean(), ({ workload, cluster }, policy, fails) => {
      const replay = new Replay(workload, {
        seed: 'test',
        cluster,
        policy: parsePolicy(policy),
        weights: workload.weights,
        limits: new Map(),
        guarantees: new Map(),
        model: { kind: 'placement' },
        failures: fails ? { meanTimeToFailureUs: 30e6, meanTimeToRepairUs: 5e6 } : null,
        untilUs: Number.POSITIVE_INFINITY,
        isChecked: false,
      });
      const { board } = replay;
      const { tasks, requests, resources } = workload;
      const work = Object.fromEntries(cluster.resources.map((name) => [name, 0]));
      const stopped = new Int32Array(tasks.count);
      let startsUs = board.startUs.slice();
      while (!replay.advance(1)) {
        for (let task = 0; task < tasks.count; task++) {
          const now = stoppedAttempts(board, task);
          // An attempt that was not there an instant ago was stopped in the instant of its start.
          if (now > stopped[task] && startsUs[task] < board.nowUs) {
            resources.forEach((name, r) => {
              const amount = requests.demand[tasks.request[task] * resources.length + r] / 1000;
              work[name] += (amount * (board.nowUs - startsUs[task])) / 1e6;
            });
          }
          stopped[task] = now;
        }
        startsUs = board.startUs.slice();
      }
      const { metrics } = replay.summary();
      expect(metrics.preemptions + metrics.lostAttempts).toBe(stopped.reduce((sum, count) => sum + count, 0));
      if (policy === 'fifo' || policy === 'drf') expect(metrics.preemptions).toBe(0);
      else if (!fails && cluster.events.length === 0) expect(metrics.lostAttempts).toBe(0);
      expectClose(metrics.lostWork, work, 'lostWork');
      preempted += metrics.preemptions;
      lost += metrics.lostAttempts;
    }),
    { seed: 11, numRuns: 150 },
  );
  expect(Math.min(preempted, lost)).toBeGreaterThan(0);
});
