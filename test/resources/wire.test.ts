import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/protocol/v1/mesos.ts';
import { Resources } from '../../src/resources/resources.ts';
import { wireResources } from './random-resources.ts';

const cpus = (rest: Partial<Resource> = {}): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value: 4 },
  ...rest,
});
const REFINED = { isRefined: true, hasAllocation: true };
const OLD = { isRefined: false, hasAllocation: false };

describe('§13 what is written is read again', () => {
  it.each([
    ['with reservations', true],
    ['with role and reservation', false],
  ])('%s', (_, isRefined) => {
    fc.assert(
      fc.property(wireResources, (wire) => {
        const resources = Resources.of(wire);
        expect(Resources.of(resources.toWire({ isRefined, hasAllocation: true })).equals(resources)).toBe(
          true,
        );
        expect(
          Resources.of(resources.toWire({ isRefined, hasAllocation: false })).equals(resources.unallocated()),
        ).toBe(true);
      }),
    );
  });

  it('the same form is the same object', () => {
    const resources = Resources.of([cpus()]);
    expect(resources.toWire()).toBe(resources.toWire(REFINED));
    expect(resources.toWire(OLD)).toBe(resources.toWire(OLD));
    expect(resources.toWire(OLD)).not.toBe(resources.toWire());
  });
});

describe('§13 reservation formats', () => {
  const principal = 'alice';
  const labels = { labels: [{ key: 'k', value: 'v' }] };
  it.each<[string, Partial<Resource>, Partial<Resource>]>([
    ['unreserved', { role: '*' }, {}],
    ['static', { role: 'ads' }, { reservations: [{ type: 'STATIC', role: 'ads' }] }],
    [
      'dynamic',
      { role: 'ads', reservation: { principal, labels } },
      { reservations: [{ type: 'DYNAMIC', role: 'ads', principal, labels }] },
    ],
    [
      'dynamic without a principal',
      { role: 'ads', reservation: {} },
      { reservations: [{ type: 'DYNAMIC', role: 'ads' }] },
    ],
  ])('%s: the old form is upgraded, the new one downgraded', (_, old, refined) => {
    expect(Resources.of([cpus(old)]).toWire(REFINED)).toEqual([cpus(refined)]);
    expect(Resources.of([cpus(refined)]).toWire(OLD)).toEqual([cpus(old)]);
  });

  it('a refined reservation has no old form', () => {
    const reservations = [
      { type: 'STATIC', role: 'ads' },
      { type: 'DYNAMIC', role: 'ads/web' },
    ] as const;
    expect(Resources.of([cpus({ reservations })]).toWire(OLD)).toEqual([cpus({ reservations })]);
  });

  it('both at once, where they say the same', () => {
    const both = cpus({
      role: 'ads',
      reservation: {},
      reservations: [{ type: 'DYNAMIC', role: 'ads' }],
    });
    expect(String(Resources.of([both]))).toBe('cpus(ads):4');
  });

  const ads = { type: 'DYNAMIC', role: 'ads' } as const;
  it.each<[string, Partial<Resource>, string]>([
    ['role and reservations of two roles', { role: 'web', reservations: [ads] }, 'contradict'],
    ['role "*" and a reservation in the stack', { role: '*', reservations: [ads] }, 'contradict'],
    ['static in one form, dynamic in the other', { role: 'ads', reservations: [ads] }, 'contradict'],
    [
      'both forms of a refined reservation',
      { role: 'ads/web', reservations: [ads, { type: 'DYNAMIC', role: 'ads/web' }] },
      'stack of reservations',
    ],
    [
      'a STATIC one on top',
      { reservations: [ads, { type: 'STATIC', role: 'ads/web' }] },
      'only the first reservation may be STATIC',
    ],
    [
      'one on top for a role that is not below',
      { reservations: [ads, { type: 'DYNAMIC', role: 'web' }] },
      'expected a role below it',
    ],
    ['one on top for the same role', { reservations: [ads, ads] }, 'expected a role below it'],
    ['a dynamic reservation for "*"', { role: '*', reservation: {} }, 'other than "*"'],
    ['"*" in a stack', { reservations: [{ type: 'DYNAMIC', role: '*' }] }, 'other than "*"'],
    ['no type', { reservations: [{ role: 'ads' }] }, 'needs a type'],
    ['no role', { reservations: [{ type: 'DYNAMIC' }] }, 'needs a role'],
  ])('refused: %s', (_, rest, problem) => {
    expect(() => Resources.of([cpus(rest)])).toThrow(problem);
  });
});

describe('§13 what cannot be a resource', () => {
  it.each<[string, Resource, string]>([
    ['no name', { ...cpus(), name: '' }, 'it has no name'],
    ['a text', { name: 'rack', type: 'TEXT' }, 'expected SCALAR, RANGES or SET'],
    ['no scalar', { name: 'cpus', type: 'SCALAR' }, 'not an amount from 0'],
    ['a negative amount', cpus({ scalar: { value: -0.001 } }), 'not an amount from 0'],
    ['an infinite amount', cpus({ scalar: { value: Number.POSITIVE_INFINITY } }), 'not an amount from 0'],
    ['not a number', cpus({ scalar: { value: Number.NaN } }), 'not an amount from 0'],
    ['more than can be counted exactly', cpus({ scalar: { value: 1e13 } }), 'is more than'],
    ['less than a thousandth', cpus({ scalar: { value: 0.0004 } }), 'below a thousandth'],
    ['half a GPU', { ...cpus(), name: 'gpus', scalar: { value: 0.5 } }, 'whole number of devices'],
    [
      'ranges that overlap',
      {
        name: 'ports',
        type: 'RANGES',
        ranges: {
          range: [
            { begin: 1, end: 5 },
            { begin: 5, end: 6 },
          ],
        },
      },
      'its ranges overlap',
    ],
    [
      'a range backwards',
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 2, end: 1 }] } },
      '2-1 is not a range',
    ],
    ['an item twice', { name: 'zones', type: 'SET', set: { item: ['a', 'a'] } }, 'an item occurs twice'],
  ])('%s', (_, resource, problem) => {
    expect(() => Resources.of([resource])).toThrow(problem);
  });

  it.each<[string, Resource]>([
    ['0 of a scalar', cpus({ scalar: { value: 0 } })],
    ['0 of a MOUNT disk', cpus({ scalar: { value: 0 }, disk: { source: { type: 'MOUNT' } } })],
    ['no range', { name: 'ports', type: 'RANGES' }],
    ['no item', { name: 'zones', type: 'SET' }],
  ])('nothing: %s', (_, resource) => {
    expect(Resources.of([resource]).isEmpty).toBe(true);
  });
});

describe('§13 kinds', () => {
  it('are found however often and in whatever form they are asked for', () => {
    const parts: Partial<Resource>[] = [
      {},
      { allocation_info: { role: 'ads' } },
      { allocation_info: { role: 'STATIC' } },
      { role: 'ads' },
      { role: 'ads', reservation: {} },
      { role: 'ads', reservation: { principal: 'alice' } },
      { revocable: {} },
      { role: 'ads', revocable: {} },
      { shared: {}, disk: { persistence: { id: 'v' } } },
      { provider_id: { value: 'p' } },
    ];
    const all = parts.map((rest) => cpus(rest));
    const different = Resources.of(all);
    expect(different.length).toBe(all.length);
    for (const [i, resource] of all.entries()) {
      const [kind] = Resources.of([resource]).kinds;
      for (const isRefined of [true, false]) {
        const wire = Resources.of([resource]).toWire({ isRefined, hasAllocation: true });
        expect(Resources.of(structuredClone(wire)).kinds).toEqual([kind]);
        expect(Resources.of(structuredClone(wire)).kinds[0]).toBe(kind);
      }
      for (const [j, other] of all.entries()) expect(Resources.of([other]).kinds[0] === kind).toBe(i === j);
    }
  });

  it('a refused one leaves no trace', () => {
    const wrong = cpus({ reservations: [{ type: 'UNKNOWN', role: 'ads' }] });
    for (let i = 0; i < 2; i++) expect(() => Resources.of([wrong])).toThrow('needs a type');
    const nameless = cpus({ role: '*', reservation: {} });
    for (let i = 0; i < 2; i++) expect(() => Resources.of([nameless])).toThrow('other than "*"');
  });
});
