import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedList, BoundedMap } from '../../src/master/bounded.ts';

const limits = fc.integer({ min: 0, max: 5 });

describe('histories', () => {
  it('a list keeps the last items, oldest first', () => {
    fc.assert(
      fc.property(limits, fc.array(fc.integer()), (limit, items) => {
        const list = new BoundedList<number>(limit);
        for (const item of items) list.push(item);
        const kept = limit === 0 ? [] : items.slice(-limit);
        expect([...list]).toEqual(kept);
        expect(list.length).toBe(kept.length);
      }),
    );
  });

  it('a map forgets the entry that has been there longest', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    map.set('c', 4);
    expect([map.has('a'), map.get('b'), map.get('c'), map.size]).toEqual([false, 2, 4, 2]);
  });
});
