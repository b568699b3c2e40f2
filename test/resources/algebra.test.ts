import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/protocol/v1/mesos.ts';
import { Resources } from '../../src/resources/resources.ts';
import { manyWireResources, wireResources } from './random-resources.ts';

/**
 * The naive model: what there is of each kind as a bag of indivisible things – thousandths, integers, items, whole
 * disks – where integers and items are there once however often they are given.
 */
function bagOf(wire: readonly Resource[]): Map<string, number> {
  const bag = new Map<string, number>();
  const put = (thing: unknown, count: number, isOnce = false) => {
    const key = JSON.stringify(thing);
    bag.set(key, isOnce ? 1 : (bag.get(key) ?? 0) + count);
  };
  for (const { scalar, ranges, set, ...kind } of wire) {
    const sorted = Object.entries(kind)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const source = kind.disk?.source;
    const isWhole =
      kind.disk?.persistence !== undefined ||
      source?.type === 'MOUNT' ||
      (source?.type === 'RAW' && source.id !== undefined);
    if (scalar !== undefined && isWhole) put([sorted, scalar.value], 1);
    else if (scalar !== undefined) put(sorted, Math.round(scalar.value * 1000));
    for (const { begin, end } of ranges?.range ?? [])
      for (let i = begin; i <= end; i++) put([sorted, i], 1, true);
    for (const item of set?.item ?? []) put([sorted, item], 1, true);
  }
  return new Map([...bag].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const bag = (resources: Resources) => bagOf(resources.toWire());

const isOnce = (key: string) => key.includes('RANGES') || key.includes('SET');

function union(a: Map<string, number>, b: Map<string, number>): Map<string, number> {
  const sum = new Map(a);
  for (const [key, count] of b) sum.set(key, isOnce(key) ? 1 : (sum.get(key) ?? 0) + count);
  return new Map([...sum].sort(([x], [y]) => (x < y ? -1 : 1)));
}

const isWithin = (a: Map<string, number>, b: Map<string, number>) =>
  [...a].every(([key, count]) => (b.get(key) ?? 0) >= count);

describe('§13 the algebra of resources', () => {
  it('resources are the bag of what the messages say', () => {
    fc.assert(
      fc.property(fc.oneof(wireResources, manyWireResources), (wire) => {
        const resources = Resources.of(wire);
        expect(bag(resources)).toEqual(bagOf(wire));
        expect(resources.isEmpty).toBe(wire.length === 0);
      }),
      { numRuns: 500 },
    );
  });

  it('sums and containment are those of bags', () => {
    fc.assert(
      fc.property(wireResources, wireResources, (one, other) => {
        const [a, b] = [Resources.of(one), Resources.of(other)];
        expect(bag(a.plus(b))).toEqual(union(bag(a), bag(b)));
        expect(a.contains(b)).toBe(isWithin(bag(b), bag(a)));
        expect(a.plus(b).contains(a)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('a sum does not depend on order and grouping', () => {
    fc.assert(
      fc.property(wireResources, wireResources, wireResources, (one, other, third) => {
        const [a, b, c] = [Resources.of(one), Resources.of(other), Resources.of(third)];
        expect(a.plus(b).equals(b.plus(a))).toBe(true);
        expect(
          a
            .plus(b)
            .plus(c)
            .equals(a.plus(b.plus(c))),
        ).toBe(true);
        expect(Resources.of([...one, ...other]).equals(a.plus(b))).toBe(true);
      }),
    );
  });

  it('what is taken away and put back makes the same again', () => {
    fc.assert(
      fc.property(wireResources, fc.func(fc.boolean()), (wire, isTaken) => {
        const all = Resources.of(wire);
        const part = all.filter((kind) => isTaken(kind.key));
        expect(all.minus(part).plus(part).equals(all)).toBe(true);
        expect(all.minus(part).equals(all.filter((kind) => !isTaken(kind.key)))).toBe(true);
        expect(all.minus(all).isEmpty).toBe(true);
        expect(all.minus(Resources.of(wire)).isEmpty).toBe(true);
      }),
    );
  });

  it('sums minus one addend are the other, where they share no integers and items', () => {
    fc.assert(
      fc.property(wireResources, wireResources, (one, other) => {
        const scalars = (wire: readonly Resource[]) =>
          Resources.of(wire.filter(({ type }) => type === 'SCALAR'));
        const [a, b] = [Resources.of(one), scalars(other)];
        expect(a.plus(b).minus(b).equals(a)).toBe(true);
        expect(bag(a.plus(b).minus(b))).toEqual(bag(a));
      }),
    );
  });

  it('what is not contained cannot be taken', () => {
    fc.assert(
      fc.property(wireResources, wireResources, (one, other) => {
        const [a, b] = [Resources.of(one), Resources.of(other)];
        if (a.contains(b)) expect(() => a.minus(b)).not.toThrow();
        else expect(() => a.minus(b)).toThrow('does not contain');
      }),
    );
  });

  it('equal resources are equal whatever way they came about', () => {
    fc.assert(
      fc.property(wireResources, wireResources, (one, other) => {
        const [a, b] = [Resources.of(one), Resources.of(other)];
        expect(a.equals(b)).toBe(JSON.stringify([...bag(a)]) === JSON.stringify([...bag(b)]));
        expect(Resources.of(one.toReversed()).equals(a)).toBe(true);
      }),
    );
  });

  it('thousandths are summed exactly', () => {
    let sum = Resources.empty;
    const tenth = Resources.of([{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } }]);
    for (let i = 0; i < 1000; i++) sum = sum.plus(tenth);
    expect(String(sum)).toBe('cpus:100');
    for (let i = 0; i < 1000; i++) sum = sum.minus(tenth);
    expect(sum.isEmpty).toBe(true);
  });

  it('quantities of sums are sums of quantities, where nothing is shared', () => {
    fc.assert(
      fc.property(wireResources, wireResources, (one, other) => {
        const [a, b] = [Resources.of(one).nonShared(), Resources.of(other).nonShared()];
        expect(a.plus(b).quantities().equals(a.quantities().plus(b.quantities()))).toBe(true);
      }),
    );
  });

  it('allocation changes neither amounts nor what else there is to a kind', () => {
    fc.assert(
      fc.property(wireResources, (wire) => {
        const resources = Resources.of(wire);
        const allocated = resources.allocatedTo('ads');
        const relabelled = (role: string | undefined) =>
          Resources.of(
            wire.map(({ allocation_info: _, ...one }) => ({
              ...one,
              ...(role && { allocation_info: { role } }),
            })),
          );
        expect(allocated.equals(relabelled('ads'))).toBe(true);
        expect(resources.unallocated().equals(relabelled(undefined))).toBe(true);
        expect(allocated.unallocated().equals(resources.unallocated())).toBe(true);
        const byRole = resources.byAllocationRole();
        const sum = [...byRole.values()].reduce((a, b) => a.plus(b), Resources.empty);
        expect(sum.equals(resources.filter(({ allocationRole }) => allocationRole !== null))).toBe(true);
      }),
    );
  });
});
