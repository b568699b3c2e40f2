/** Figures of small scenarios, worked out by hand from docs/metrics.md and played through the real engine. */
import { expect, test } from 'vitest';
import { buildCluster, uniformCluster } from '../../src/cluster/cluster.ts';
import type { ResourceAmounts } from '../../src/cluster/resources.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import { play } from '../sim/play.ts';

interface Row {
  readonly role: string;
  readonly at?: number;
  readonly count?: number;
  readonly seconds: number;
  readonly wants: ResourceAmounts;
  readonly isGang?: boolean;
  readonly priority?: number;
}

/** Jobs of one stage of equal tasks. */
function workloadOf(...rows: readonly Row[]) {
  const builder = new WorkloadBuilder('by hand');
  for (const { role, at = 0, count = 1, seconds, wants, isGang = false, priority = 0 } of rows) {
    builder.job({ role, submitUs: at * 1e6, isGang, priority });
    builder.tasks(count, builder.request(wants), seconds * 1e6);
  }
  return builder.finish();
}

const one = { cpus: 1 };

test('a job starts with its first task, a gang with its last', () => {
  // One core is taken until 5 s. Of the two tasks one can start at 0, the other at 5; a gang waits for both cores.
  const rows = (isGang: boolean) =>
    workloadOf(
      { role: 'a', seconds: 5, wants: one },
      { role: 'a', count: 2, seconds: 20, wants: one, isGang },
    );
  const cluster = uniformCluster(1, { cpus: 2 });
  const scattered = play(rows(false), cluster, 'fifo').tables();
  expect([...scattered.tasks.startSeconds]).toEqual([0, 0, 5]);
  expect([...scattered.jobs.waitSeconds]).toEqual([0, 0]);
  // Run = 25 − 0.
  expect(scattered.jobs.boundedSlowdown[1]).toBe(25 / 25);
  const together = play(rows(true), cluster, 'fifo').tables();
  expect([...together.tasks.startSeconds]).toEqual([0, 5, 5]);
  expect([...together.jobs.waitSeconds]).toEqual([0, 5]);
  expect(together.jobs.responseSeconds[1]).toBe(25);
  // Run = 25 − 5.
  expect(together.jobs.boundedSlowdown[1]).toBe(25 / 20);
});

test('runs shorter than 10 s are slowed down as if they took 10 s, and never by less than 1', () => {
  const workload = workloadOf(
    { role: 'a', seconds: 30, wants: one },
    { role: 'a', seconds: 2, wants: one },
    { role: 'a', at: 31, seconds: 2, wants: one },
    { role: 'a', at: 33, seconds: 20, wants: one },
  );
  const { metrics } = play(workload, uniformCluster(1, one), 'fifo').summary();
  const { jobs } = play(workload, uniformCluster(1, one), 'fifo').tables();
  // Runs from 0, 30, 32 and 34 s. (0+30)/30; (30+2)/10; (1+2)/10 → 1; (1+20)/20.
  expect([...jobs.boundedSlowdown]).toEqual([1, 3.2, 1, 1.05]);
  // Sorted 1, 1, 1.05, 3.2; places 3p: p50 at 1.5, p90 at 2.7, p99 at 2.97.
  expect(metrics.boundedSlowdown?.mean).toBeCloseTo(6.25 / 4, 12);
  expect(metrics.boundedSlowdown?.p50).toBeCloseTo(1 + 0.5 * 0.05, 12);
  expect(metrics.boundedSlowdown?.p90).toBeCloseTo(1.05 + 0.7 * 2.15, 12);
  expect(metrics.boundedSlowdown?.p99).toBeCloseTo(1.05 + 0.97 * 2.15, 12);
  expect(metrics.boundedSlowdown?.max).toBe(3.2);
  // 4 tasks in 54 s.
  expect(metrics.makespanSeconds).toBe(54);
  expect(metrics.throughputTasksPerSecond).toBe(4 / 54);
});

test('an agent that leaves takes its tasks, its capacity and the work done so far with it', () => {
  const cluster = buildCluster(
    [{ id: 'one', resources: { cpus: 4, mem: 6 } }],
    [
      { timeUs: 7e6, agentId: 'one', kind: 'leave' },
      { timeUs: 10e6, agentId: 'one', kind: 'join' },
    ],
  );
  const replay = play(workloadOf({ role: 'a', seconds: 10, wants: { cpus: 2, mem: 3 } }), cluster, 'fifo');
  const { metrics, roles } = replay.summary();
  expect(metrics.lostAttempts).toBe(1);
  expect(metrics.preemptions).toBe(0);
  expect(metrics.lostWork).toEqual({ cpus: 2 * 7, mem: 3 * 7 });
  // The last attempt is from 10 to 20 s.
  expect(metrics.waitSeconds?.max).toBe(10);
  expect(metrics.responseSeconds?.max).toBe(20);
  expect(metrics.boundedSlowdown?.max).toBe(2);
  expect(metrics.makespanSeconds).toBe(20);
  // Half of the agent for the 17 s that it is there; nothing of nothing in between.
  expect(metrics.utilisation).toEqual({ cpus: 0.5, mem: 0.5 });
  expect(metrics.queueLength).toEqual({ mean: 3 / 20, max: 1 });
  expect(roles[0].meanDominantShare).toBeCloseTo((0.5 * 17) / 20, 12);
  expect(roles[0].backloggedSeconds).toBe(3);
  // Alone it is entitled to all and holds nothing for 3 s.
  expect(metrics.belowEntitlementShareSeconds).toBeCloseTo(3, 12);
});

test('an agent that shrinks stops its latest task, and shares are of what is left', () => {
  const cluster = buildCluster(
    [{ id: 'one', resources: { cpus: 4 } }],
    [{ timeUs: 4e6, agentId: 'one', kind: 'change', resources: { cpus: 3 } }],
  );
  const workload = workloadOf(
    { role: 'a', seconds: 10, wants: { cpus: 2 } },
    { role: 'b', at: 1, seconds: 10, wants: { cpus: 2 } },
  );
  const { metrics, roles } = play(workload, cluster, 'fifo').summary();
  expect(metrics.lostAttempts).toBe(1);
  expect(metrics.lostWork).toEqual({ cpus: 2 * 3 });
  // b runs again from 10 to 20 s. Held: 2·1 + 4·3 + 2·6 + 2·10; there: 4·4 + 3·16.
  expect(metrics.utilisation).toEqual({ cpus: 46 / 64 });
  // a: 2/4 until 4 s, 2/3 until 10 s.
  expect(roles[0].meanDominantShare).toBeCloseTo((0.5 * 4 + (2 / 3) * 6) / 20, 12);
  // b waits from 4 to 10 s with nothing, entitled to a half.
  expect(roles[1].belowEntitlementShareSeconds).toBeCloseTo(0.5 * 6, 12);
});

test('a preempted gang loses the work of all its tasks', () => {
  const workload = workloadOf(
    { role: 'low', count: 2, seconds: 30, wants: { cpus: 2 }, isGang: true },
    { role: 'high', at: 6, seconds: 5, wants: { cpus: 2 }, priority: 1 },
  );
  const { metrics } = play(workload, uniformCluster(2, { cpus: 2 }), 'priority').summary();
  expect(metrics.preemptions).toBe(2);
  expect(metrics.lostAttempts).toBe(0);
  expect(metrics.lostWork).toEqual({ cpus: 2 * 2 * 6 });
  // Both run again from 11 to 41 s.
  expect(metrics.makespanSeconds).toBe(41);
});

test('shares, entitlement, Jain’s index and envy go by weights and by who is backlogged', () => {
  const workload = workloadOf(
    { role: 'a', count: 2, seconds: 10, wants: one },
    { role: 'b', count: 2, seconds: 10, wants: one },
    { role: 'c', count: 2, seconds: 10, wants: one },
    { role: 'a', seconds: 5, wants: one },
    { role: 'b', seconds: 5, wants: one },
  );
  const weights = new Map([['b', 2]]);
  const { metrics, roles } = play(workload, uniformCluster(1, { cpus: 6 }), 'fifo', { weights }).summary();
  // Until 10 s each holds a third; a and b have a task waiting. x = 1/3 and (1/3)/2: (1/2)² ÷ (2 · (1/9 + 1/36)).
  expect(metrics.jainIndex).toBeCloseTo(0.9, 12);
  // b, entitled to 2/4; a, to 1/4; c waits for nothing.
  expect(metrics.belowEntitlementShareSeconds).toBeCloseTo((2 / 4 - 1 / 3) * 10, 12);
  // a's two tasks, doubled since b weighs double, are 4 > 2 + 1; b's two, halved, are 1.
  expect(metrics.envy).toBe(1 / 2);
  const [a, b, c] = roles;
  expect(a.meanDominantShare).toBeCloseTo(((2 / 6) * 10 + (1 / 6) * 5) / 15, 12);
  expect(b.meanEntitlement).toBeCloseTo(((2 / 4) * 10 + (2 / 3) * 5) / 15, 12);
  expect(c.meanActiveDominantShare).toBeCloseTo(1 / 3, 12);
  expect(c.meanDominantShare).toBeCloseTo(((1 / 3) * 10) / 15, 12);
  expect(metrics.queueLength).toEqual({ mean: (2 * 10) / 15, max: 2 });
});

test('who could run just one task more envies nobody', () => {
  const workload = workloadOf(
    { role: 'a', seconds: 10, wants: { cpus: 2 } },
    { role: 'b', count: 5, seconds: 10, wants: one },
    { role: 'a', seconds: 10, wants: { cpus: 3 } },
    { role: 'b', seconds: 10, wants: one },
  );
  const { metrics } = play(workload, uniformCluster(1, { cpus: 7 }), 'fifo').summary();
  // b's five cores are 5/3 of a's next task, a's two are 2/3: one more, not over one more.
  expect(metrics.envy).toBe(0);
});

test('Jain’s index is 1 while all who wait hold nothing, whatever they held before', () => {
  const cluster = buildCluster(
    [{ id: 'one', resources: { cpus: 10 } }],
    [
      { timeUs: 12e6, agentId: 'one', kind: 'leave' },
      { timeUs: 15e6, agentId: 'one', kind: 'join' },
    ],
  );
  const workload = workloadOf(
    { role: 'a', count: 9, seconds: 20, wants: one },
    { role: 'b', seconds: 20, wants: one },
    { role: 'a', seconds: 20, wants: one },
    { role: 'b', seconds: 20, wants: one },
    // Makes the intervals at whose ends sums are taken anew 10 s long.
    { role: 'c', at: 3600, seconds: 1, wants: one },
  );
  const { jainIndex } = play(workload, cluster, 'fifo').summary().metrics;
  // 0.9 and 0.1 until 12 s and from 15 to 35 s: 1² ÷ (2 · 0.82).
  expect(jainIndex).toBeCloseTo(((12 + 20) / 1.64 + 3) / 35, 9);
});

test('the ideal time is shared with roles active at submission: those of the same instant, not those that just ended', () => {
  const workload = workloadOf(
    { role: 'a', count: 4, seconds: 10, wants: one },
    { role: 'b', seconds: 10, wants: one },
    { role: 'c', at: 20, count: 8, seconds: 10, wants: one },
  );
  const { jobs } = play(workload, uniformCluster(1, { cpus: 4 }), 'fifo', {
    weights: new Map([['b', 3]]),
  }).tables();
  // a: 40 core s of 4 · 1/4 cores are 40 s, and it takes 10. b: its one task, 10 s, and it ends at 20. c comes when b
  // ends and is alone: 80 core s of 4 cores are 20 s, which it takes.
  expect([...jobs.finishTimeFairness]).toEqual([10 / 40, 20 / 10, 20 / 20]);
});

test('the ideal time is at least the longest chain of stages', () => {
  const builder = new WorkloadBuilder('chain');
  builder.job({ role: 'a', submitUs: 0 });
  const request = builder.request(one);
  builder.stage();
  builder.tasks(2, request, 5e6);
  builder.stage([0]);
  builder.tasks(1, request, 7e6);
  builder.stage();
  builder.tasks(1, request, 9e6);
  const workload = builder.finish();
  const { jobs } = play(workload, uniformCluster(1, { cpus: 2 }), 'fifo').tables();
  // Chain 5 + 7 = 12; work 26 ÷ 2 = 13. On two cores: 5 and 5 s, then 9 s from 5 to 14 beside 7 s from 5 to 12.
  expect([...jobs.finishTimeFairness]).toEqual([14 / 13]);
  const wide = play(workload, uniformCluster(1, { cpus: 4 }), 'fifo').tables();
  expect([...wide.jobs.finishTimeFairness]).toEqual([12 / 12]);
});

test('what is free where a typical task does not fit is a fragment', () => {
  const workload = workloadOf({ role: 'a', count: 3, seconds: 100, wants: { cpus: 3 } });
  const { metrics } = play(workload, uniformCluster(2, { cpus: 4 }), 'fifo').summary();
  // 1 + 1 of 8 cores while two run; then 1 on the agent of the third, for it fits on the other.
  expect(metrics.fragmentation.cpus).toBeCloseTo(((2 / 8) * 100 + (1 / 8) * 100) / 200, 12);
});

test('parts of different GPUs are fragments to a task that fits on none of them', () => {
  const workload = workloadOf(
    { role: 'a', count: 2, seconds: 100, wants: { gpus: 0.6 } },
    { role: 'a', seconds: 100, wants: { gpus: 0.8 } },
  );
  const replay = play(workload, uniformCluster(1, { gpus: 2 }), 'fifo');
  expect([...replay.tables().tasks.startSeconds]).toEqual([0, 0, 100]);
  // 0.4 + 0.4 of 2 are free, and neither 0.6 nor 0.8 fits; later 0.2 + 1, where both do.
  expect(replay.summary().metrics.fragmentation.gpus).toBeCloseTo(((0.8 / 2) * 100) / 200, 12);
});

test('a run that is cut short counts as unplaced what can never run, not what still waits', () => {
  const workload = workloadOf(
    { role: 'a', seconds: 100, wants: { cpus: 2 } },
    { role: 'a', seconds: 100, wants: { cpus: 3 } },
    { role: 'a', seconds: 100, wants: { cpus: 2 } },
  );
  const replay = play(workload, uniformCluster(1, { cpus: 2 }), 'fifo', { untilUs: 50e6 });
  const { metrics } = replay.summary();
  expect(metrics.unplaced).toBe(1);
  expect(replay.tables().tasks.state).toEqual(['running', 'unplaced', 'waiting']);
  expect(metrics.queueLength).toEqual({ mean: 1, max: 1 });
  expect(metrics.waitSeconds).toEqual({ mean: 0, p50: 0, p90: 0, p99: 0, max: 0 });
  expect(metrics.responseSeconds).toBeNull();
  expect(metrics.makespanSeconds).toBe(0);
  expect(metrics.utilisation).toEqual({ cpus: 1 });
});

test('means over merged intervals are means over time', () => {
  const played = (seconds: number) =>
    play(
      workloadOf(
        { role: 'a', seconds: 719, wants: { cpus: 2 } },
        { role: 'b', seconds: seconds - 719, wants: one },
      ),
      uniformCluster(1, { cpus: 2 }),
      'fifo',
    ).tables();
  // Intervals of 1 s; the 720th is merged with the one before: both cores for 1 s, one for 1 s.
  const merged = played(721.5);
  expect(merged.clusterOverTime.timeSeconds.length).toBe(361);
  expect([...merged.clusterOverTime.timeSeconds].slice(-3)).toEqual([716, 718, 720]);
  expect([...merged.clusterOverTime.utilisation].slice(-3)).toEqual([1, 0.75, 0.5]);
  // A run that ends half a second into the 720th interval.
  const { timeSeconds, utilisation } = played(719.5).clusterOverTime;
  const ends = [...timeSeconds.slice(1), 719.5];
  const coreSeconds = ends.reduce((sum, end, i) => sum + (end - timeSeconds[i]) * utilisation[i] * 2, 0);
  expect(coreSeconds).toBeCloseTo(719 * 2 + 0.5, 9);
});

test('an offer counts as accepted if a task starts from it, as declined otherwise', () => {
  const model = { kind: 'offers', intervalUs: 1e6, decisionUs: 0, holdUs: 1e9, refuseUs: 5e6 } as const;
  const workload = workloadOf(
    { role: 'a', count: 2, seconds: 10, wants: one },
    { role: 'a', at: 1, seconds: 10, wants: { cpus: 2 } },
  );
  const cluster = buildCluster([
    { id: 'one', resources: { cpus: 2 } },
    { id: 'two', resources: { cpus: 1 } },
  ]);
  const replay = play(workload, cluster, 'fifo', { model });
  // At 0 s both agents; both tasks start on the first, the second is declined. The job at 1 s revives the framework:
  // it declines the second agent again, and once more when the filter ends at 6 s. At 10 s the first agent is free.
  expect([...replay.tables().tasks.startSeconds]).toEqual([0, 0, 10]);
  expect(replay.summary().metrics.offers).toEqual({ made: 5, accepted: 2, declined: 3, rescinded: 0 });
});
