/** What the allocator says of an agent that a framework is not offered is why its runs pass it over. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import type { Reason } from '../../../src/allocator/hierarchical/why-not.ts';
import { stream } from '../../../src/cluster/streams.ts';
import {
  ACTIVE,
  agentTerms,
  allocatorOf,
  frameworkTerms,
  NOTHING_USED,
  offersOf,
  optionsOf,
  quota,
  resources,
} from './builders.ts';

const SECOND_US = 1e6;

/** Of the only agent, for the framework's only role. */
function reason(allocator: HierarchicalAllocator, framework = 'f'): Reason {
  const [{ agents }] = allocator.whyNot(framework);
  return Object.keys(agents)[0] as Reason;
}

describe('an agent', () => {
  const one = 'cpus:4;mem:4096';

  it('is next, and then taken by who was offered it', () => {
    const allocator = allocatorOf([one], { f: ['a'] });
    expect(reason(allocator)).toBe('next');
    expect(offersOf(allocator, SECOND_US)).toHaveLength(1);
    expect(reason(allocator)).toBe('taken');
  });

  it('is out of service', () => {
    const allocator = allocatorOf([one], { f: ['a'] });
    allocator.deactivateAgent('a1');
    expect(reason(allocator)).toBe('out-of-service');
    allocator.activateAgent('a1');
    allocator.setWhitelist(new Set(['other']));
    expect(reason(allocator)).toBe('out-of-service');
  });

  it('is reserved for others', () => {
    expect(reason(allocatorOf(['cpus(b):4;mem(b):4096'], { f: ['a'] }))).toBe('reserved');
  });

  it('has GPUs that the framework does not ask for', () => {
    expect(reason(allocatorOf([`${one};gpus:1`], { f: ['a'] }))).toBe('capability');
  });

  it('is beyond the limit of the role, or kept for guarantees of others', () => {
    const limited = allocatorOf([one], { f: ['a'] });
    limited.setQuota('a', quota({}, { cpus: 0, mem: 0 }));
    expect(reason(limited)).toBe('limit');
    const kept = allocatorOf([one], { f: ['a'] });
    kept.setQuota('b', quota({ cpus: 4, mem: 4096 }));
    expect(reason(kept)).toBe('guarantees');
    expect(offersOf(kept, SECOND_US)).toEqual([]);
  });

  it('was declined, until the filter ends', () => {
    const allocator = allocatorOf([one], { f: ['a'] });
    const [offer] = allocator.run(SECOND_US).offers;
    allocator.recover('f', 'a1', offer.resources, 5 * SECOND_US, SECOND_US, false);
    expect(reason(allocator)).toBe('declined');
    allocator.revive('f', []);
    expect(reason(allocator)).toBe('next');
  });
});

it('tells which roles are before, and that a framework suppressed its role', () => {
  const allocator = allocatorOf(['cpus:4;mem:4096'], { f: ['a'] });
  expect(offersOf(allocator, SECOND_US)).toHaveLength(1);
  allocator.addFramework('g', frameworkTerms(['b']), ACTIVE);
  expect(allocator.whyNot('f')).toMatchObject([{ role: 'a', state: 'takes offers', before: ['b'] }]);
  expect(allocator.whyNot('g')).toMatchObject([{ role: 'b', before: [] }]);
  allocator.suppress('g', ['b']);
  expect(allocator.whyNot('f')).toMatchObject([{ before: [] }]);
  expect(allocator.whyNot('g')).toMatchObject([{ state: 'suppressed' }]);
});

const roles = fc.array(
  fc.record({ guarantee: fc.nat(12), limit: fc.option(fc.nat(20)), frameworks: fc.nat(3) }),
  { minLength: 1, maxLength: 5 },
);
const agents = fc.array(fc.record({ cpus: fc.nat(16), reserved: fc.nat(3) }), { minLength: 1, maxLength: 8 });

test('after a run nobody that takes offers is next; and asking changes no later run', () => {
  fc.assert(
    fc.property(fc.nat(), roles, agents, (seed, all, cluster) => {
      const build = () => {
        const random = stream(String(seed), 'allocator');
        const allocator = new HierarchicalAllocator(optionsOf({ random }));
        cluster.forEach(({ cpus, reserved }, i) => {
          const total = resources(`cpus:${cpus};cpus(r${i % all.length}):${reserved}`);
          allocator.addAgent(`a${i}`, agentTerms({ hostname: `h${i}` }), total, NOTHING_USED);
        });
        all.forEach(({ guarantee, limit, frameworks }, i) => {
          const limits = limit === null ? {} : { cpus: Math.max(limit, guarantee) };
          allocator.setQuota(`r${i}`, quota({ cpus: guarantee }, limits));
          for (let f = 0; f < frameworks; f++)
            allocator.addFramework(`r${i}-${f}`, frameworkTerms([`r${i}`]), ACTIVE);
        });
        return allocator;
      };
      const ids = all.flatMap(({ frameworks }, i) =>
        Array.from({ length: frameworks }, (_, f) => `r${i}-${f}`),
      );
      const [asked, silent] = [build(), build()];
      for (const id of ids) asked.whyNot(id);
      expect(offersOf(asked, SECOND_US)).toEqual(offersOf(silent, SECOND_US));
      for (const id of ids) for (const { agents } of asked.whyNot(id)) expect(agents.next ?? []).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
