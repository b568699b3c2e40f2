/** Whatever happens: nothing over capacity, nothing lost, every task in one final state, and the same again. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { policies } from '../../src/policies/registry.ts';
import type { AllocationModel } from '../../src/sim/options.ts';
import { play } from './play.ts';
import { randomCase } from './random-case.ts';

const FITS = ['first', 'best', 'worst', 'random', 'dot', 'fgd'];
const VARIANTS = [
  ...policies.map(({ name }) => name),
  ...FITS.map((fit) => `drf:fit=${fit}`),
  'drf:backfill=easy',
  'hdrf:backfill=easy',
  'sjf:backfill=easy',
  'sjf:backfill=conservative',
  'fifo:gang=all',
  'drf:gang=none',
];

for (const policy of VARIANTS) {
  test(`${policy} keeps the books after every event, and decides alike twice`, () => {
    fc.assert(
      fc.property(randomCase(), fc.boolean(), ({ workload, cluster }, fails) => {
        const failures = fails ? { meanTimeToFailureUs: 30e6, meanTimeToRepairUs: 5e6 } : null;
        const replay = play(workload, cluster, policy, { isChecked: true, failures });
        const states = replay.tables().tasks.state;
        expect(states.every((state) => state === 'finished' || state === 'unplaced')).toBe(true);
        expect(states.length).toBe(workload.tasks.count);
        expect(play(workload, cluster, policy, { failures }).summary()).toEqual(replay.summary());
      }),
      { numRuns: 40, seed: 7 },
    );
  });
}

const OFFERS: AllocationModel = {
  kind: 'offers',
  intervalUs: 1e6,
  decisionUs: 5e5,
  holdUs: 3e6,
  refuseUs: 2e6,
};

for (const policy of [
  'fifo',
  'sjf',
  'drf',
  'wdrf',
  'maxmin',
  'asset',
  'random',
  'proportional',
  'drf:fit=best',
]) {
  test(`${policy} keeps the books with offers, and every offer is answered`, () => {
    fc.assert(
      fc.property(randomCase(), ({ workload, cluster }) => {
        const replay = play(workload, cluster, policy, { isChecked: true, model: OFFERS });
        const { made, accepted, declined, rescinded } = replay.summary().metrics.offers;
        expect(accepted + declined + rescinded).toBeLessThanOrEqual(made);
        expect(play(workload, cluster, policy, { model: OFFERS }).summary()).toEqual(replay.summary());
      }),
      { numRuns: 40, seed: 7 },
    );
  });
}

const SHARED_STATE: AllocationModel = {
  kind: 'shared-state',
  schedulers: 'role',
  jobUs: 15e5,
  roleJobUs: new Map([['y', 4e6]]),
  taskUs: 1e5,
};

for (const policy of ['fifo', 'sjf', 'drf', 'wdrf', 'drf:fit=random', 'drf:fit=best', 'fifo:gang=all']) {
  test(`${policy} keeps the books with schedulers on a shared state, and decides alike twice`, () => {
    fc.assert(
      fc.property(randomCase(), fc.boolean(), ({ workload, cluster }, fails) => {
        const failures = fails ? { meanTimeToFailureUs: 30e6, meanTimeToRepairUs: 5e6 } : null;
        const options = { failures, model: SHARED_STATE };
        const replay = play(workload, cluster, policy, { ...options, isChecked: true });
        const states = replay.tables().tasks.state;
        expect(states.every((state) => state === 'finished' || state === 'unplaced')).toBe(true);
        expect(play(workload, cluster, policy, options).summary()).toEqual(replay.summary());
      }),
      { numRuns: 40, seed: 7 },
    );
  });
}
