/** The native engine against its twin, over random clusters, workloads, failures and options. */
import fc from 'fast-check';
import { test } from 'vitest';
import { policies } from '../../src/policies/registry.ts';
import type { AllocationModel } from '../../src/sim/options.ts';
import { demoModel } from '../../src/workload/generate/demo-model.ts';
import { generateWorkload } from '../../src/workload/generate/generate.ts';
import { randomCase } from '../sim/random-case.ts';
import { expectSameAnswers, lacksNative } from './both-engines.ts';

const NOT_NATIVE = ['conservative', 'priority', 'ceei', 'random', 'tetris'];
const names = policies.map(({ name }) => name).filter((name) => !NOT_NATIVE.includes(name));
const VARIANTS = [
  ...names,
  'priority:preemption=none',
  'maxmin:resource=mem',
  ...['best', 'worst', 'dot', 'fgd'].flatMap((fit) => [`fifo:fit=${fit}`, `drf:fit=${fit}`]),
  ...['sjf', 'drf', 'wdrf', 'hdrf', 'naive-hdrf', 'asset'].map((name) => `${name}:backfill=easy`),
  'easy:fit=best',
  'fifo:gang=all',
  'easy:gang=all',
  'drf:gang=none',
];

const terms = fc.record({
  limits: fc.option(fc.record({ cpus: fc.integer({ min: 1, max: 9 }) }), { nil: null }),
  limitOf: fc.constantFrom('x', 'y', 'y/z', 'w'),
  guarantees: fc.option(fc.record({ mem: fc.integer({ min: 1, max: 9 }) }), { nil: null }),
  guaranteeOf: fc.constantFrom('x', 'y', 'y/z', 'w'),
  fails: fc.boolean(),
  untilUs: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 30e6),
  batch: fc.constantFrom(1, 7, 100_000),
});

type Terms = typeof terms extends fc.Arbitrary<infer T> ? T : never;

function optionsOf({ limits, limitOf, guarantees, guaranteeOf, fails, untilUs }: Terms) {
  return {
    limits: new Map(limits ? [[limitOf, limits]] : []),
    guarantees: new Map(guarantees ? [[guaranteeOf, guarantees]] : []),
    failures: fails ? { meanTimeToFailureUs: 30e6, meanTimeToRepairUs: 5e6 } : null,
    untilUs,
  };
}

for (const policy of VARIANTS) {
  test.skipIf(lacksNative)(`${policy} decides and measures alike in both engines`, () => {
    fc.assert(
      fc.property(randomCase(), terms, ({ workload, cluster }, given) => {
        expectSameAnswers(workload, cluster, policy, optionsOf(given), given.batch);
      }),
      { numRuns: 60, seed: 11 },
    );
  });
}

/** Large enough for what small cases never reach: many releases at once, far events, halved intervals. */
const large = generateWorkload(demoModel, 'differential', { tasks: 5000, agents: 60, load: 1.1 });

// EASY with gangs of everything takes long in TypeScript.
for (const policy of VARIANTS.filter((name) => name !== 'easy:gang=all')) {
  test.skipIf(lacksNative)(`${policy} decides and measures alike while many agents fail`, () => {
    const failures = { meanTimeToFailureUs: 2e10, meanTimeToRepairUs: 1e9 };
    expectSameAnswers(large, large.cluster!, policy, { failures });
  });
}

const times = fc.record({
  intervalUs: fc.constantFrom(1e6, 3e6),
  decisionUs: fc.constantFrom(0, 5e5, 2e6),
  holdUs: fc.constantFrom(Number.POSITIVE_INFINITY, 1e6, 3e6),
  refuseUs: fc.constantFrom(0, 2e6, 5e6),
});

const OFFERED = [
  'fifo',
  'sjf',
  'drf',
  'wdrf',
  'maxmin',
  'asset',
  'proportional',
  'drf:fit=best',
  'fifo:gang=all',
];
for (const policy of OFFERED) {
  test.skipIf(lacksNative)(`${policy} offers alike in both engines`, () => {
    fc.assert(
      fc.property(randomCase(), terms, times, ({ workload, cluster }, given, offerTimes) => {
        const model: AllocationModel = { kind: 'offers', ...offerTimes };
        expectSameAnswers(workload, cluster, policy, { ...optionsOf(given), model }, given.batch);
      }),
      { numRuns: 60, seed: 11 },
    );
  });
}
