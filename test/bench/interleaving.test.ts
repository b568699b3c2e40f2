import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interleaved, type Side } from '../../bench/check/interleaving.ts';

/** Sum of a machine's slowness over the moments at which one side is measured. */
const burden = (order: readonly Side[], side: Side, slowness: (moment: number) => number) =>
  order.reduce((sum, measured, moment) => sum + (measured === side ? slowness(moment) : 0), 0);

test('starts ABBA, and with the other side in every other pair', () => {
  expect(interleaved(2, 0)).toEqual(['base', 'change', 'change', 'base']);
  expect(interleaved(2, 1)).toEqual(['change', 'base', 'base', 'change']);
});

test('measures both sides in every two moments, so that runs have a partner', () => {
  fc.assert(
    fc.property(fc.nat(64), fc.nat(9), (runs, pair) => {
      const order = interleaved(runs, pair);
      expect(order).toHaveLength(2 * runs);
      for (let run = 0; run < runs; run++) expect(order[2 * run]).not.toBe(order[2 * run + 1]);
    }),
  );
});

test('a drift of the machine, straight or bent, burdens both sides equally', () => {
  for (const slowness of [(moment: number) => moment, (moment: number) => moment * moment]) {
    for (const pair of [0, 1]) {
      const order = interleaved(8, pair);
      expect(burden(order, 'change', slowness)).toBe(burden(order, 'base', slowness));
    }
  }
});
