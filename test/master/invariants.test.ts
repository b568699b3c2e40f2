import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInvariants } from './invariants.ts';
import { RandomCluster } from './random-cluster.ts';

describe('a master in a cluster in which anything may happen', () => {
  it('keeps its books in order, and in step with the allocator', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 300 }), (seed, steps) => {
        const cluster = new RandomCluster(seed);
        for (let i = 0; i < steps; i++) {
          cluster.act();
          checkInvariants(cluster.driven.master.state, cluster.driven.allocator);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('decides the same, to the bit, of the same inputs', () => {
    const play = (): string => {
      const cluster = new RandomCluster(7);
      for (let i = 0; i < 400; i++) cluster.act();
      const { stored, answers } = cluster.driven;
      return JSON.stringify([stored, answers, [...cluster.driven.master.counters]]);
    };
    expect(play()).toBe(play());
  });
});
