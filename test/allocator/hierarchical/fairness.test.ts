/** What `fairness` promises where it is not Mesos's own (docs/hierarchical-allocator.md). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import { type Fairness, MESOS_FAIRNESS } from '../../../src/allocator/hierarchical/terms.ts';
import { stream } from '../../../src/cluster/streams.ts';
import { parsePolicy } from '../../../src/policies/registry.ts';
import { Quantities } from '../../../src/resources/quantities.ts';
import { ACTIVE, allocatorOf, frameworkTerms, offersOf, SECOND_US } from './builders.ts';

const TURNS: Fairness = { ...MESOS_FAIRNESS, ties: 'turns' };
const SPLIT: Fairness = { ...MESOS_FAIRNESS, agents: 'split' };

/** Who is offered the only agent, which everybody gives back at once. */
function takers(allocator: HierarchicalAllocator, firstRun: number, runs: number): string[] {
  return Array.from({ length: runs }, (_, i) => {
    const nowUs = (firstRun + i) * SECOND_US;
    const { offers } = allocator.run(nowUs);
    for (const { frameworkId, agentId, resources } of offers)
      allocator.recover(frameworkId, agentId, resources, null, nowUs, false);
    return offers.map(({ frameworkId }) => frameworkId).join();
  });
}

const rolesOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, [`r${i}`]]));

test('ties=turns: whatever was before, of those with equal shares each has one turn in a round', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(40), fc.nat(3), (count, history, newcomers) => {
      const allocator = allocatorOf(['cpus:8;mem:512'], rolesOf(count), { fairness: TURNS });
      takers(allocator, 1, history);
      for (let i = 0; i < newcomers; i++) allocator.addFramework(`g${i}`, frameworkTerms([`s${i}`]), ACTIVE);
      const all = count + newcomers;
      // The first round is also that in which newcomers have their first turn.
      const seen = takers(allocator, 1 + history, 3 * all);
      for (let round = 0; round < 3; round++)
        expect(new Set(seen.slice(round * all, (round + 1) * all)).size).toBe(all);
    }),
  );
});

test('as in Mesos, ties are with a newcomer until it was offered things as often as the others were', () => {
  const allocator = allocatorOf(['cpus:8;mem:512'], rolesOf(2));
  takers(allocator, 1, 20);
  allocator.addFramework('late', frameworkTerms(['late']), ACTIVE);
  expect(takers(allocator, 21, 10)).toEqual(Array(10).fill('late'));
});

const clusters = fc.array(fc.integer({ min: 1, max: 32 }), { minLength: 1, maxLength: 12 });
const weights = fc.array(fc.constantFrom(1, 1, 2, 3), { minLength: 1, maxLength: 8 });

/** By role: cpus offered in a first run. */
function firstOffers(cpus: readonly number[], weights: readonly number[], fairness: Fairness, seed: number) {
  const allocator = allocatorOf(
    cpus.map((amount) => `cpus:${amount}`),
    rolesOf(weights.length),
    { fairness, random: stream(String(seed), 'allocator') },
  );
  weights.forEach((weight, i) => {
    allocator.setWeight(`r${i}`, weight);
  });
  const { offers } = allocator.run(0);
  const pairs = offers.map(({ frameworkId, agentId }) => `${frameworkId} ${agentId}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  return weights.map(
    (_, i) =>
      offers
        .filter(({ role }) => role === `r${i}`)
        .reduce((sum, { resources }) => sum.plus(resources.quantities()), Quantities.empty)
        .get('cpus') / 1000,
  );
}

test('agents=split: all is offered, and everybody has the whole units of its fair share', () => {
  fc.assert(
    fc.property(fc.nat(), clusters, weights, (seed, cpus, weights) => {
      const offered = firstOffers(cpus, weights, SPLIT, seed);
      const total = cpus.reduce((a, b) => a + b, 0);
      const weight = weights.reduce((a, b) => a + b, 0);
      expect(offered.reduce((a, b) => a + b, 0)).toBe(total);
      offered.forEach((amount, i) => {
        expect(amount).toBeGreaterThanOrEqual(Math.floor((weights[i] / weight) * total));
      });
    }),
    { numRuns: 300 },
  );
});

test('agents=split: of equals, nobody has more than the rest that could not be divided evenly beyond another', () => {
  fc.assert(
    fc.property(fc.nat(), clusters, fc.integer({ min: 1, max: 8 }), (seed, cpus, count) => {
      const offered = firstOffers(cpus, Array(count).fill(1), SPLIT, seed);
      const total = cpus.reduce((a, b) => a + b, 0);
      expect(Math.max(...offered) - Math.min(...offered)).toBeLessThanOrEqual(total % count);
    }),
    { numRuns: 300 },
  );
});

test('the agent that would carry a framework past its share is split; the rest of it goes to who is first then', () => {
  const agents = Array(4).fill('cpus:16;mem:1600');
  const frameworks = { a: ['ra'], b: ['rb'], c: ['rc'] };
  const split = allocatorOf(agents, frameworks, { fairness: SPLIT });
  const amounts = offersOf(split, 0).map((line) => line.replace(/ a\d+ /, ' '));
  expect(amounts).toEqual([
    // 64 cpus for 3: 21 for each; one is left. Memory goes along in proportion to what is left on the agent.
    'a ra cpus:5;mem:533',
    'a ra cpus:16;mem:1600',
    'b rb cpus:5;mem:517',
    'b rb cpus:16;mem:1600',
    'c rc cpus:6;mem:550',
    'c rc cpus:16;mem:1600',
  ]);
});

test('agents=split: what nobody else wants goes whole, as in Mesos', () => {
  const frameworks = { a: ['ra'], b: ['rb'] };
  const allocator = allocatorOf(['cpus:16;mem:1600'], frameworks, { fairness: SPLIT });
  expect(offersOf(allocator, 0)).toEqual(['a ra a1 cpus:8;mem:800', 'b rb a1 cpus:8;mem:800']);
  for (const [id, agent] of allocator.agents())
    for (const [framework, held] of agent.held)
      allocator.recover(framework, id, held, framework === 'b' ? 5 * SECOND_US : null, 0, false);
  expect(offersOf(allocator, SECOND_US)).toEqual(['a ra a1 cpus:16;mem:1600']);
});

test('policies that do not order by shares refuse fairness of another kind', () => {
  for (const policy of ['fifo', 'random'])
    expect(() => allocatorOf([], {}, { policy: parsePolicy(policy), fairness: SPLIT })).toThrow(/by shares/);
});
