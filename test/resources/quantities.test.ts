import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Quantities } from '../../src/resources/quantities.ts';

const NAMES = ['cpus', 'disk', 'gpus', 'mem'] as const;

const entries = fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: 0, max: 9 })), {
  maxLength: 6,
});

const amounts = (of: Quantities) => NAMES.map((name) => of.get(name));

describe('§13 quantities', () => {
  it('add up by name, without zeros, sorted by name', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const quantities = Quantities.of(given);
        const sumOf = (name: string) =>
          given.filter(([other]) => other === name).reduce((sum, [, milli]) => sum + milli, 0);
        const expected = NAMES.map((name) => [name, sumOf(name)] as const).filter(([, milli]) => milli > 0);
        expect([...quantities]).toEqual(expected);
        expect(quantities.isEmpty).toBe(expected.length === 0);
        const columns = [given.map(([name]) => name), given.map(([, milli]) => milli)] as const;
        expect([...Quantities.ofColumns(...columns)]).toEqual(expected);
      }),
    );
  });

  it('are added and subtracted by name, and nothing goes below 0', () => {
    fc.assert(
      fc.property(entries, entries, (one, other) => {
        const [a, b] = [Quantities.of(one), Quantities.of(other)];
        const [inA, inB] = [amounts(a), amounts(b)];
        expect(amounts(a.plus(b))).toEqual(inA.map((milli, i) => milli + inB[i]));
        expect(amounts(a.minus(b))).toEqual(inA.map((milli, i) => Math.max(0, milli - inB[i])));
        expect(a.contains(b)).toBe(inA.every((milli, i) => milli >= inB[i]));
        expect(a.equals(b)).toBe(inA.every((milli, i) => milli === inB[i]));
        expect([...a.minus(b)].every(([, milli]) => milli > 0)).toBe(true);
        expect(a.plus(b).minus(b).equals(a)).toBe(true);
      }),
    );
  });

  it('are written in natural units', () => {
    expect(
      String(
        Quantities.of([
          ['mem', 32_000],
          ['cpus', 10],
        ]),
      ),
    ).toBe('cpus:0.01;mem:32');
  });
});
