/** What docs/allocation-models.md promises of offers, seen from outside after every instant of a replay. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TASK_RUNNING } from '../../src/allocator/board.ts';
import type { Batch } from '../../src/allocator/offers.ts';
import { type Cluster, uniformCluster } from '../../src/cluster/cluster.ts';
import type { ResourceAmounts } from '../../src/cluster/resources.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import type { AllocationModel } from '../../src/sim/options.ts';
import { Replay } from '../../src/sim/replay.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import type { Workload } from '../../src/workload/workload.ts';
import { play } from '../sim/play.ts';
import { randomCase } from '../sim/random-case.ts';

type OfferModel = Extract<AllocationModel, { kind: 'offers' }>;

interface Terms {
  readonly limits?: ReadonlyMap<string, ResourceAmounts>;
  readonly guarantees?: ReadonlyMap<string, ResourceAmounts>;
}

/** Plays instant by instant and looks at the replay after each. */
function watch(
  workload: Workload,
  cluster: Cluster,
  policy: string,
  model: OfferModel,
  look: (replay: Replay) => void,
  { limits = new Map(), guarantees = new Map() }: Terms = {},
): Replay {
  const replay = new Replay(workload, {
    seed: 'test',
    cluster,
    policy: parsePolicy(policy),
    weights: workload.weights,
    limits,
    guarantees,
    model,
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
  });
  while (!replay.advance(1)) look(replay);
  return replay;
}

const policies = fc.constantFrom('fifo', 'sjf', 'drf', 'wdrf', 'drf:fit=best');
const models = fc.record({
  kind: fc.constant('offers' as const),
  intervalUs: fc.constantFrom(1e5, 1e6),
  decisionUs: fc.constantFrom(2e5, 15e5),
  holdUs: fc.constantFrom(1e6, 3e6, Number.POSITIVE_INFINITY),
  refuseUs: fc.constantFrom(0, 2e6, 5e6),
});
const anywhere = { seed: 5, numRuns: 150 };

function freeOf({ cluster }: Replay['board'], agent: number): number[] {
  const width = cluster.resources.length;
  return [...cluster.free.subarray(agent * width, (agent + 1) * width)];
}

test('no agent is offered to two at once, and every offer is accepted, declined, rescinded or still held', () => {
  let most = 0;
  fc.assert(
    fc.property(randomCase(), policies, models, ({ workload, cluster }, policy, model) => {
      watch(workload, cluster, policy, model, (replay) => {
        const held = replay.heldOffers.flatMap(({ agents }) => agents);
        expect(new Set(held).size).toBe(held.length);
        const { made, accepted, declined, rescinded } = replay.offerCounts;
        expect(made).toBe(accepted + declined + rescinded + held.length);
        most = Math.max(most, replay.heldOffers.length);
      });
    }),
    anywhere,
  );
  expect(most).toBeGreaterThan(1);
});

test('an offer is held for the offer timeout at most, and is then rescinded', () => {
  let rescinded = 0;
  fc.assert(
    fc.property(randomCase(), policies, models, ({ workload, cluster }, policy, model) => {
      const madeUs = new Map<Batch, number>();
      let takenBack = 0;
      const replay = watch(workload, cluster, policy, model, ({ board, heldOffers, offerCounts }) => {
        let overdue = 0;
        for (const [batch, sinceUs] of madeUs) {
          if (heldOffers.includes(batch)) continue;
          expect(board.nowUs - sinceUs).toBeLessThanOrEqual(model.holdUs);
          // An answer may also come with the timeout, and an offer is not taken back before it.
          if (board.nowUs - sinceUs === model.holdUs) overdue += batch.agents.length;
          madeUs.delete(batch);
        }
        expect(offerCounts.rescinded - takenBack).toBeLessThanOrEqual(overdue);
        takenBack = offerCounts.rescinded;
        for (const batch of heldOffers) if (!madeUs.has(batch)) madeUs.set(batch, board.nowUs);
        for (const sinceUs of madeUs.values()) expect(board.nowUs - sinceUs).toBeLessThan(model.holdUs);
      });
      rescinded += replay.offerCounts.rescinded;
    }),
    anywhere,
  );
  expect(rescinded).toBeGreaterThan(0);
});

test('an agent is not offered again before refuse_seconds, unless it has more free or its framework was idle', () => {
  let refusals = 0;
  fc.assert(
    fc.property(randomCase(), policies, models, ({ workload, cluster }, policy, model) => {
      let before: readonly Batch[] = [];
      const refused = new Map<string, { atUs: number; free: number[] }>();
      watch(workload, cluster, policy, model, ({ board, heldOffers }) => {
        for (const { role, agents, isRescinded } of before.filter((batch) => !heldOffers.includes(batch))) {
          for (const agent of agents)
            if (!isRescinded)
              refused.set(`${role} ${agent}`, { atUs: board.nowUs, free: freeOf(board, agent) });
        }
        for (const { role, agents } of heldOffers.filter((batch) => !before.includes(batch))) {
          for (const agent of agents) {
            const then = refused.get(`${role} ${agent}`);
            if (then === undefined) continue;
            const isMoreFree = freeOf(board, agent).some((amount, r) => amount > then.free[r]);
            if (!isMoreFree) expect(board.nowUs - then.atUs).toBeGreaterThanOrEqual(model.refuseUs);
            if (!isMoreFree) refusals++;
          }
        }
        // A framework that has nothing to run is revived by new work.
        for (const key of refused.keys())
          if (board.waitingOfRole[Number(key.split(' ')[0])] === 0) refused.delete(key);
        before = heldOffers;
      });
    }),
    anywhere,
  );
  expect(refusals).toBeGreaterThan(0);
});

test('with decisions in no time and no filters, every task starts that fits somewhere', () => {
  fc.assert(
    fc.property(randomCase(true), policies, ({ workload, cluster }, policy) => {
      const model = { kind: 'offers', intervalUs: 1e4, decisionUs: 0, holdUs: 1e9, refuseUs: 0 } as const;
      const { board } = play(workload, cluster, `${policy}:gang=none`, { model });
      expect(board.waitingCount).toBe(0);
      expect(board.runningCount).toBe(0);
    }),
    anywhere,
  );
});

test('a framework whose offers are taken back before it comes to them does not fall behind for ever', () => {
  const builder = new WorkloadBuilder('staggered');
  // Agents come free a second after each other, so that there is a batch of offers every second.
  for (let i = 0; i < 6; i++) {
    builder.job({ role: 'a', submitUs: 0 });
    builder.tasks(1, builder.request({ cpus: 1 }), (20 + i) * 1e6);
  }
  for (let i = 0; i < 40; i++) {
    builder.job({ role: 'a', submitUs: 0 });
    builder.tasks(1, builder.request({ cpus: 1 }), (6 + (i % 6)) * 1e6);
  }
  const model = { kind: 'offers', intervalUs: 1e6, decisionUs: 2e6, holdUs: 3e6, refuseUs: 0 } as const;
  const { metrics } = play(builder.finish(), uniformCluster(6, { cpus: 1 }), 'drf', { model }).summary();
  expect(metrics.offers.rescinded).toBeGreaterThan(0);
  expect(metrics.unplaced).toBe(0);
});

test('no role or subtree holds more than its limit at any instant', () => {
  let isLimited = false;
  const limit = fc.record({ cpus: fc.constantFrom(1, 3, 6), mem: fc.constantFrom(2, 5) });
  const limits = fc.record({ x: limit, y: limit, 'y/z': limit }, { requiredKeys: [] });
  const soon = fc.record({
    kind: fc.constant('offers' as const),
    intervalUs: fc.constant(1e6),
    decisionUs: fc.constantFrom(0, 15e5),
    holdUs: fc.constant(3e6),
    refuseUs: fc.constantFrom(0, 2e6),
  });
  fc.assert(
    fc.property(randomCase(), policies, soon, limits, ({ workload, cluster }, policy, model, stated) => {
      const ofRoles = new Map<string, ResourceAmounts>(Object.entries(stated));
      const { tasks, requests, resources, roles } = workload;
      const look = ({ board }: Replay) => {
        for (const [name, amounts] of ofRoles)
          for (const [resource, most] of Object.entries(amounts)) {
            const r = resources.indexOf(resource);
            let used = 0;
            for (let task = 0; task < tasks.count; task++) {
              const role = roles[board.roleOfStage(tasks.stage[task])];
              if (board.taskState[task] !== TASK_RUNNING || !`${role}/`.startsWith(`${name}/`)) continue;
              used += requests.demand[tasks.request[task] * resources.length + r];
            }
            expect(used).toBeLessThanOrEqual(most * 1000);
            if (used === most * 1000) isLimited = true;
          }
      };
      watch(workload, cluster, policy, model, look, { limits: ofRoles });
    }),
    anywhere,
  );
  expect(isLimited).toBe(true);
});

test('while a role waits for what it is guaranteed, nobody else starts', () => {
  const rows = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(30), fc.integer({ min: 1, max: 15 })),
    { minLength: 5, maxLength: 40 },
  );
  let waits = 0;
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 5 }), policies, (drawn, guaranteed, policy) => {
      const builder = new WorkloadBuilder('units');
      for (const [role, submit, seconds] of drawn) {
        builder.job({ role, submitUs: submit * 1e6 });
        builder.tasks(1, builder.request({ cpus: 1 }), seconds * 1e6);
      }
      const workload = builder.finish();
      const c = workload.roles.indexOf('c');
      if (c < 0) return;
      const model = { kind: 'offers', intervalUs: 1e6, decisionUs: 0, holdUs: 1e9, refuseUs: 0 } as const;
      const look = ({ board }: Replay) => {
        if (board.waitingOfRole[c] === 0 || board.runningOfRole[c] >= guaranteed) return;
        waits++;
        const startedNow = workload.tasks.stage.filter((_, task) => board.startUs[task] === board.nowUs);
        expect(startedNow.every((stage) => board.roleOfStage(stage) === c)).toBe(true);
      };
      const guarantees = new Map([['c', { cpus: guaranteed }]]);
      watch(workload, uniformCluster(6, { cpus: 1 }), policy, model, look, { guarantees });
    }),
    anywhere,
  );
  expect(waits).toBeGreaterThan(0);
});
