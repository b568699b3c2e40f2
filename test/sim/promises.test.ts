/** What single policies and rules of the engine promise. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uniformCluster } from '../../src/cluster/cluster.ts';
import { secondsToUs } from '../../src/cluster/time.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import { jobTasks } from '../../src/workload/workload.ts';
import { play } from './play.ts';
import { randomCase } from './random-case.ts';

/** Jobs of one task: [role, submit s, duration s, cpus, priority]. */
function jobs(rows: readonly (readonly [string, number, number, number, number?])[]) {
  const builder = new WorkloadBuilder('rows');
  for (const [role, submit, duration, cpus, priority = 0] of rows) {
    builder.job({ role, submitUs: secondsToUs(submit), priority });
    builder.tasks(1, builder.request({ cpus }), secondsToUs(duration));
  }
  return builder.finish();
}

const two = uniformCluster(1, { cpus: 2 });

test('FIFO starts no job before an older one', () => {
  fc.assert(
    fc.property(randomCase(true), ({ workload, cluster }) => {
      const { jobs: table } = play(workload, cluster, 'fifo:gang=none').tables();
      let latest = Number.NEGATIVE_INFINITY;
      for (let job = 0; job < workload.jobs.count; job++) {
        if (workload.stages.precedence !== null) return;
        const start = table.startSeconds[job];
        if (Number.isNaN(start)) continue;
        expect(start).toBeGreaterThanOrEqual(latest);
        latest = start;
      }
    }),
    { seed: 3 },
  );
});

test('a gang starts at one instant, and a stage after those it waits for', () => {
  fc.assert(
    fc.property(randomCase(true), ({ workload, cluster }) => {
      const { tasks } = play(workload, cluster, 'drf').tables();
      const { stages, jobs: columns } = workload;
      for (let stage = 0; stage < stages.count; stage++) {
        const range = Array.from(
          { length: stages.firstTask[stage + 1] - stages.firstTask[stage] },
          (_, i) => stages.firstTask[stage] + i,
        );
        const starts = range.map((task) => tasks.startSeconds[task]).filter((start) => !Number.isNaN(start));
        if (columns.isGang[stages.job[stage]] === 1) expect(new Set(starts).size).toBeLessThanOrEqual(1);
        if (stages.precedence === null || starts.length === 0) continue;
        const { firstAfter, after } = stages.precedence;
        for (let edge = firstAfter[stage]; edge < firstAfter[stage + 1]; edge++) {
          for (let task = stages.firstTask[after[edge]]; task < stages.firstTask[after[edge] + 1]; task++) {
            expect(tasks.endSeconds[task]).toBeLessThanOrEqual(Math.min(...starts));
          }
        }
      }
    }),
    { seed: 3 },
  );
});

test('priority preempts less important tasks only, which start again from nothing', () => {
  const workload = jobs([
    ['low', 0, 100, 2, 0],
    ['same', 10, 10, 2, 0],
    ['high', 20, 10, 2, 1],
  ]);
  const replay = play(workload, two, 'priority');
  const { startSeconds, endSeconds, attempts } = replay.tables().tasks;
  expect([...startSeconds]).toEqual([30, 130, 20]);
  expect([...endSeconds]).toEqual([130, 140, 30]);
  expect([...attempts]).toEqual([2, 1, 1]);
  expect(replay.summary().metrics.preemptions).toBe(1);
  expect(replay.summary().metrics.lostWork).toEqual({ cpus: 40 });
});

test('a role below its entitlement is served first, and weights count', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [i % 2 === 0 ? 'a' : 'b', 0, 1000, 1] as const);
  const replay = play(jobs(rows), uniformCluster(1, { cpus: 9 }), 'wdrf', {
    weights: new Map([['b', 2]]),
    untilUs: secondsToUs(10),
  });
  const running = replay.summary().roles.map(({ role }) => role);
  expect(running).toEqual(['a', 'b']);
  expect([...replay.board.runningOfRole]).toEqual([3, 6]);
});

test('a quota is never exceeded and a guarantee is met before anything else', () => {
  const rows = Array.from({ length: 30 }, (_, i) => [['a', 'b', 'c'][i % 3], 0, 1000, 1] as const);
  const replay = play(jobs(rows), uniformCluster(1, { cpus: 10 }), 'drf', {
    limits: new Map([['a', { cpus: 1 }]]),
    guarantees: new Map([['c', { cpus: 7 }]]),
    untilUs: secondsToUs(1),
  });
  expect([...replay.board.runningOfRole]).toEqual([1, 2, 7]);
});

test('a task larger than every agent is unplaced and blocks nobody', () => {
  const replay = play(
    jobs([
      ['a', 0, 5, 3],
      ['a', 0, 5, 1],
    ]),
    two,
    'fifo',
  );
  expect(replay.tables().tasks.state).toEqual(['unplaced', 'finished']);
  expect(replay.summary().metrics.unplaced).toBe(1);
});

test('conservative backfilling delays nobody beyond FIFO when estimates are exact', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 6 })), {
        minLength: 2,
        maxLength: 20,
      }),
      (rows) => {
        const builder = new WorkloadBuilder('gangs');
        for (const [submit, run, size] of [...rows].sort((a, b) => a[0] - b[0])) {
          builder.job({
            role: 'all',
            submitUs: secondsToUs(submit),
            isGang: true,
            estimateUs: secondsToUs(run),
          });
          builder.tasks(size, builder.request({ cpus: 1 }), secondsToUs(run));
        }
        const workload = builder.finish();
        const cluster = uniformCluster(6, { cpus: 1 });
        const fifo = play(workload, cluster, 'fifo').tables().jobs.startSeconds;
        const conservative = play(workload, cluster, 'conservative').tables().jobs.startSeconds;
        conservative.forEach((start, job) => {
          expect(start).toBeLessThanOrEqual(fifo[job]);
        });
      },
    ),
    { seed: 3 },
  );
});

test('a framework that has just started its last task is offered nothing', () => {
  const workload = jobs([
    ['b', 0, 100, 2],
    ['a', 10, 100, 1],
    ['b', 10.5, 100, 1],
  ]);
  const model = { kind: 'offers', intervalUs: 1e6, decisionUs: 1e6, holdUs: 1e9, refuseUs: 0 } as const;
  const { startSeconds } = play(workload, uniformCluster(1, { cpus: 4 }), 'drf', { model }).tables().tasks;
  // At 11 s a starts its task, and what is left of the agent goes to b, which thinks for a second.
  expect([...startSeconds]).toEqual([1, 11, 12]);
});

test('another policy sees the same failures', () => {
  const workload = jobs(Array.from({ length: 50 }, (_, i) => ['a', i, 500, 1] as const));
  const cluster = uniformCluster(60, { cpus: 1 });
  const failures = { meanTimeToFailureUs: 2e9, meanTimeToRepairUs: 1e8 };
  const [a, b] = ['fifo', 'drf'].map((policy) => play(workload, cluster, policy, { failures }).summary());
  expect(a.metrics.lostAttempts).toBeGreaterThan(0);
  expect(b.metrics.lostAttempts).toBe(a.metrics.lostAttempts);
});

test('figures of a case that can be worked out by hand', () => {
  const workload = jobs([
    ['a', 0, 10, 2],
    ['b', 0, 10, 1],
    ['b', 0, 20, 1],
  ]);
  const { metrics, roles } = play(workload, two, 'fifo').summary();
  // a has both cores for 10 s while b waits, entitled to a half; then b runs alone for 20 s.
  expect(metrics.waitSeconds).toEqual({ mean: 20 / 3, p50: 10, p90: 10, p99: 10, max: 10 });
  expect(metrics.makespanSeconds).toBe(30);
  expect(metrics.utilisation).toEqual({ cpus: (2 * 10 + 2 * 10 + 1 * 10) / 60 });
  expect(metrics.boundedSlowdown?.max).toBe(2);
  expect(metrics.queueLength).toEqual({ mean: (2 * 10) / 30, max: 2 });
  expect(metrics.jainIndex).toBeNull();
  expect(metrics.belowEntitlementShareSeconds).toBeCloseTo(0.5 * 10, 12);
  const b = roles.find(({ role }) => role === 'b')!;
  expect(b.backloggedSeconds).toBe(10);
  expect(b.meanDominantShare).toBeCloseTo((1 * 10 + 0.5 * 10) / 30, 12);
  expect(jobTasks(workload, 2)).toEqual([2, 3]);
});
