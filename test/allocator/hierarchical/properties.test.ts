/** What quota promises, whatever the cluster is (reference §12.4, §14.3). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import { stream } from '../../../src/cluster/streams.ts';
import { Quantities } from '../../../src/resources/quantities.ts';
import { Resources } from '../../../src/resources/resources.ts';
import { ACTIVE, agentTerms, frameworkTerms, NOTHING_USED, optionsOf, quota, resources } from './builders.ts';

interface Role {
  readonly guarantee: number;
  readonly aboveGuarantee: number | null;
  readonly weight: number;
  readonly frameworks: number;
}

const roles = fc.array(
  fc.record<Role>({
    guarantee: fc.nat(12),
    aboveGuarantee: fc.option(fc.nat(8)),
    weight: fc.constantFrom(0.5, 1, 3),
    frameworks: fc.nat(3),
  }),
  { minLength: 1, maxLength: 6 },
);
const agents = fc.array(fc.record({ cpus: fc.integer({ min: 1, max: 16 }), reserved: fc.nat(3) }), {
  minLength: 1,
  maxLength: 12,
});

test('offers are disjoint; limits hold; guarantees are met first, and held back for those who cannot take them', () => {
  fc.assert(
    fc.property(fc.nat(), roles, agents, (seed, all, cluster) => {
      const allocator = new HierarchicalAllocator(
        optionsOf({ random: stream(String(seed), 'allocator'), minAllocatable: [] }),
      );
      cluster.forEach(({ cpus, reserved }, i) => {
        const total = resources(`cpus:${cpus};cpus(r${i % all.length}):${reserved}`);
        allocator.addAgent(`a${i}`, agentTerms(), total, NOTHING_USED);
      });
      all.forEach(({ guarantee, aboveGuarantee, weight, frameworks }, i) => {
        const limits = aboveGuarantee === null ? {} : { cpus: guarantee + aboveGuarantee };
        allocator.setQuota(`r${i}`, quota({ cpus: guarantee }, limits));
        allocator.setWeight(`r${i}`, weight);
        for (let f = 0; f < frameworks; f++)
          allocator.addFramework(`r${i}-${f}`, frameworkTerms([`r${i}`]), ACTIVE);
      });
      const reservedOf = (i: number) => allocator.role(`r${i}`)!.reserved.get('cpus');
      const lackBefore = all.map(({ guarantee }, i) => Math.max(0, 1000 * guarantee - reservedOf(i)));
      const free = cluster.reduce((sum, { cpus }) => sum + 1000 * cpus, 0);
      const isPossible = lackBefore.reduce((a, b) => a + b, 0) <= free;
      const { offers } = allocator.run(0);

      const offered = new Map<string, Resources>();
      for (const { agentId, resources } of offers)
        offered.set(agentId, (offered.get(agentId) ?? Resources.empty).plus(resources.unallocated()));
      for (const { id, total, available } of allocator.agents().values())
        expect(String((offered.get(id) ?? Resources.empty).plus(available))).toBe(String(total));

      let lack = 0;
      all.forEach(({ guarantee, aboveGuarantee, frameworks }, i) => {
        const { consumed, held } = allocator.role(`r${i}`)!;
        if (aboveGuarantee !== null && held.get('cpus') > 0)
          expect(consumed.get('cpus')).toBeLessThanOrEqual(1000 * (guarantee + aboveGuarantee));
        const unmet = Math.max(0, 1000 * guarantee - consumed.get('cpus'));
        if (isPossible && frameworks > 0) expect(unmet).toBe(0);
        lack += unmet;
      });
      const left = [...allocator.agents().values()].reduce(
        (sum, { available }) => sum.plus(available.unreserved().quantities()),
        Quantities.empty,
      );
      if (isPossible) expect(left.get('cpus')).toBeGreaterThanOrEqual(lack);
    }),
    { numRuns: 500 },
  );
});
