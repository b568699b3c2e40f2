import { describe, expect, it } from 'vitest';
import type { Resource, ResourceDiskInfo } from '../../src/protocol/v1/mesos.ts';
import { Quantities } from '../../src/resources/quantities.ts';
import { Resources } from '../../src/resources/resources.ts';
import { parseResourcesText } from '../../src/resources/text.ts';

const scalar = (name: string, value: number, rest: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...rest,
});
const disk = (value: number, description: ResourceDiskInfo, rest: Partial<Resource> = {}) =>
  scalar('disk', value, { ...rest, disk: description });
const volume = { container_path: 'data', mode: 'RW' } as const;
const one = (resource: Resource) => Resources.of([resource]);

describe('§13 fixed point', () => {
  it.each([
    [0.0005, 0.001],
    [0.0014, 0.001],
    [0.0015, 0.002],
    [1.0005, 1.001],
    [0.1 + 0.2, 0.3],
  ])('%d is %d: the nearest thousandth, halves up', (given, kept) => {
    expect(one(scalar('cpus', given)).equals(one(scalar('cpus', kept)))).toBe(true);
    expect(one(scalar('cpus', given)).toWire()).toEqual([scalar('cpus', kept)]);
  });
});

describe('§13 which resources add up', () => {
  const cpus = scalar('cpus', 1);
  const reservation = { type: 'DYNAMIC', role: 'ads', principal: 'alice' } as const;
  const label = (value: string) => ({ labels: { labels: [{ key: 'k', value }] } });
  it.each<[string, Partial<Resource>, Partial<Resource>]>([
    ['allocation', { allocation_info: { role: 'ads' } }, { allocation_info: { role: 'web' } }],
    ['being allocated', {}, { allocation_info: { role: 'ads' } }],
    ['role', { role: 'ads' }, { role: 'web' }],
    ['static or dynamic', { role: 'ads' }, { role: 'ads', reservation: {} }],
    ['principal', { reservations: [reservation] }, { reservations: [{ ...reservation, principal: 'bob' }] }],
    [
      'labels',
      { reservations: [{ ...reservation, ...label('a') }] },
      { reservations: [{ ...reservation, ...label('b') }] },
    ],
    [
      'what is below the last reservation',
      {
        reservations: [
          { ...reservation, type: 'STATIC' },
          { ...reservation, role: 'ads/web' },
        ],
      },
      { reservations: [reservation, { ...reservation, role: 'ads/web' }] },
    ],
    ['being revocable', {}, { revocable: {} }],
    ['provider', {}, { provider_id: { value: 'p' } }],
    [
      'disk source',
      { disk: { source: { type: 'PATH', path: { root: '/a' } } } },
      { disk: { source: { type: 'PATH', path: { root: '/b' } } } },
    ],
  ])('not those that differ in %s', (_, a, b) => {
    const both = one({ ...cpus, ...a }).plus(one({ ...cpus, ...b }));
    expect(both.length).toBe(2);
    expect(both.contains(one({ ...cpus, ...a, scalar: { value: 2 } }))).toBe(false);
    expect(both.minus(one({ ...cpus, ...a })).equals(one({ ...cpus, ...b }))).toBe(true);
  });

  it('labels in another order are the same labels', () => {
    const labelled = (...keys: string[]) =>
      one({
        ...cpus,
        reservations: [{ ...reservation, labels: { labels: keys.map((key) => ({ key, value: 'v' })) } }],
      });
    expect(labelled('a', 'b').equals(labelled('b', 'a'))).toBe(true);
  });

  it('PATH disks and RAW ones without an id add up', () => {
    for (const source of [{ type: 'PATH', path: { root: '/a' } }, { type: 'RAW' }] as const) {
      const twice = one(disk(10, { source })).plus(one(disk(20, { source })));
      expect(twice.toWire()).toEqual([disk(30, { source })]);
      expect(twice.contains(one(disk(25, { source })))).toBe(true);
    }
  });
});

describe('§13 what is had whole or not at all', () => {
  it.each<[string, ResourceDiskInfo]>([
    ['a MOUNT disk', { source: { type: 'MOUNT', mount: { root: '/m' } } }],
    ['a BLOCK disk', { source: { type: 'BLOCK', id: 'b' } }],
    ['a RAW disk with an id', { source: { type: 'RAW', id: 'r' } }],
    ['a persistent volume', { persistence: { id: 'v' }, volume }],
  ])('%s', (_, description) => {
    const [small, large] = [one(disk(10, description)), one(disk(20, description))];
    expect(large.contains(small)).toBe(false);
    expect(() => large.minus(small)).toThrow('does not contain');
    const both = small.plus(large);
    expect(both.toWire()).toHaveLength(2);
    expect(both.quantities().get('disk')).toBe(30_000);
    expect(both.minus(large).equals(small)).toBe(true);
    expect(both.contains(one(disk(30, description)))).toBe(false);
  });
});

describe('§13 shared resources', () => {
  const shared = (value: number) => one(disk(value, { persistence: { id: 's' }, volume }, { shared: {} }));

  it('are counted in copies, and are once as much however many there are', () => {
    const twice = shared(10).plus(shared(10));
    expect(twice.toWire()).toHaveLength(2);
    expect(twice.quantities().get('disk')).toBe(10_000);
    expect(twice.contains(shared(10))).toBe(true);
    expect(shared(10).contains(twice)).toBe(false);
    expect(twice.minus(shared(10)).equals(shared(10))).toBe(true);
    expect(twice.minus(twice).isEmpty).toBe(true);
  });

  it('of another size are others', () => {
    expect(shared(10).contains(shared(5))).toBe(false);
    expect(shared(10).plus(shared(5)).quantities().get('disk')).toBe(15_000);
  });

  it('are told from those that are not', () => {
    const plain = one(scalar('cpus', 1));
    const both = plain.plus(shared(10));
    expect(both.shared().equals(shared(10))).toBe(true);
    expect(both.nonShared().equals(plain)).toBe(true);
  });
});

describe('§14.9 volumes however they are mounted', () => {
  const mounted = (container_path: string, rest: Partial<Resource> = {}, id = 'v') =>
    one(
      disk(
        10,
        { persistence: { id }, volume: { container_path, mode: 'RO' } },
        { role: 'ads', shared: {}, ...rest },
      ),
    );
  const allocation_info = { role: 'ads' };

  it('are the ones that are there', () => {
    const there = mounted('data').plus(parseResourcesText('cpus:1'));
    const used = mounted('else', { allocation_info }).plus(parseResourcesText('cpus:1'));
    expect(there.contains(used.unallocated())).toBe(false);
    expect(
      used.asIn(there).equals(there.shared().allocatedTo('ads').plus(parseResourcesText('cpus:1'))),
    ).toBe(true);
    expect(used.asIn(there.allocatedTo('ads')).equals(used.asIn(there))).toBe(true);
    expect(there.asIn(there).equals(there)).toBe(true);
  });

  it('another id, size or role is another volume', () => {
    const there = mounted('data');
    for (const other of [mounted('data', {}, 'w'), mounted('data', { role: 'web' })])
      expect(there.contains(other.asIn(there))).toBe(false);
    const larger = one({ ...mounted('data').toWire()[0], scalar: { value: 11 } });
    expect(there.contains(larger.asIn(there))).toBe(false);
  });

  it('shared ones are one however many use them', () => {
    const cpus = parseResourcesText('cpus:2');
    const used = mounted('a').plus(mounted('a')).plus(cpus);
    expect(used.withoutCopies().equals(mounted('a').plus(cpus))).toBe(true);
    expect(cpus.withoutCopies()).toBe(cpus);
  });
});

describe('§13 quantities', () => {
  it('sum scalars of a name over all kinds; ranges and sets do not count', () => {
    const all = parseResourcesText('cpus:1;cpus(ads):2;mem:32;ports:[1-10];zones:{a}').plus(
      one(scalar('cpus', 4, { revocable: {} })),
    );
    expect(String(all.quantities())).toBe('cpus:7;mem:32');
  });
});

describe('§14.1 which role may have what', () => {
  const all = parseResourcesText('cpus:1;cpus(ads):2;cpus(ads/web):4;cpus(adsl):8');

  it.each([
    ['*', 'cpus:1'],
    ['ads', 'cpus:1;cpus(ads):2'],
    ['ads/web', 'cpus:1;cpus(ads):2;cpus(ads/web):4'],
    ['ads/web/eu', 'cpus:1;cpus(ads):2;cpus(ads/web):4'],
    ['adsl', 'cpus:1;cpus(adsl):8'],
  ])('%s may have what is unreserved, or reserved for it or above it', (role, expected) => {
    expect(all.allocatableTo(role).equals(parseResourcesText(expected))).toBe(true);
  });

  it('reserved for a role is what has it as its last reservation', () => {
    expect(all.reservedTo('ads').equals(parseResourcesText('cpus(ads):2'))).toBe(true);
    expect(all.reservedTo().equals(all.minus(parseResourcesText('cpus:1')))).toBe(true);
    expect(all.unreserved().equals(parseResourcesText('cpus:1'))).toBe(true);
  });
});

describe('§14.2 reservations', () => {
  const refined = { type: 'DYNAMIC', role: 'ads/web', principal: null, labels: null } as const;

  it('are pushed and popped', () => {
    const fixed = parseResourcesText('cpus(ads):2');
    const pushed = fixed.pushReservation(refined);
    expect(pushed.toWire()[0].reservations).toEqual([
      { type: 'STATIC', role: 'ads' },
      { type: 'DYNAMIC', role: 'ads/web' },
    ]);
    expect(pushed.popReservation().equals(fixed)).toBe(true);
    expect(fixed.popReservation().equals(parseResourcesText('cpus:2'))).toBe(true);
  });

  it('what is not reserved has none to pop', () => {
    expect(() => parseResourcesText('cpus:2').popReservation()).toThrow('it is not reserved');
  });

  it('dynamic ones and volumes are what an agent has to remember', () => {
    const kept = parseResourcesText('cpus(ads):2').pushReservation(refined);
    const held = one(disk(5, { persistence: { id: 'v' }, volume }, { role: 'ads' }));
    const all = parseResourcesText('cpus:1;cpus(ads):2;disk:10').plus(kept).plus(held);
    expect(all.checkpointed().equals(kept.plus(held))).toBe(true);
    expect(all.dynamicallyReserved().equals(kept)).toBe(true);
    expect(all.persistentVolumes().equals(held)).toBe(true);
    expect(all.restored().equals(parseResourcesText('cpus:1;cpus(ads):4;disk:10;disk(ads):5'))).toBe(true);
  });
});

describe('§14.8 revocable resources', () => {
  it('are told from the others', () => {
    const revocable = one(scalar('cpus', 2, { revocable: {} }));
    const all = revocable.plus(parseResourcesText('cpus:1'));
    expect(all.revocable().equals(revocable)).toBe(true);
    expect(all.nonRevocable().equals(parseResourcesText('cpus:1'))).toBe(true);
  });
});

describe('§12.4 shrinking to quantities', () => {
  const most = (cpus: number, mem: number) =>
    Quantities.of([
      ['cpus', cpus],
      ['mem', mem],
    ]);

  it('leaves no more of each name, over all kinds, and nothing of names that are not said', () => {
    const all = parseResourcesText('cpus:2;cpus(ads):2;mem:64;disk:100;ports:[1-2]');
    const shrunk = all.shrinkTo(most(3000, 100_000));
    expect(String(shrunk.quantities())).toBe('cpus:3;mem:64');
    expect(all.contains(shrunk)).toBe(true);
    expect(shrunk.length).toBe(3);
  });

  it('takes kinds in the order that is given', () => {
    const all = parseResourcesText('cpus:2;cpus(ads):2');
    const [first] = all.kinds;
    const shrunk = (order: readonly number[]) => all.shrinkTo(most(2000, 0), order).kinds;
    expect(shrunk([0, 1])).toEqual([first]);
    expect(shrunk([1, 0])).toEqual([all.kinds[1]]);
  });

  it('leaves out what is had whole and does not fit', () => {
    const whole = one(disk(10, { source: { type: 'MOUNT' } }));
    expect(whole.shrinkTo(Quantities.of([['disk', 9999]])).isEmpty).toBe(true);
    expect(whole.shrinkTo(Quantities.of([['disk', 10_000]])).equals(whole)).toBe(true);
  });
});
