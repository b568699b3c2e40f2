import { describe, expect, it } from 'vitest';
import type { OfferOperation, Resource } from '../../src/protocol/v1/mesos.ts';
import { conversionsOf } from '../../src/resources/operations.ts';
import { Resources } from '../../src/resources/resources.ts';

const ads = { type: 'DYNAMIC', role: 'ads', principal: 'alice' } as const;
const web = { type: 'DYNAMIC', role: 'ads/web' } as const;
const allocation_info = { role: 'ads' };
const source = { type: 'PATH', path: { root: '/data' } } as const;
const volume = { persistence: { id: 'v' }, volume: { container_path: 'data', mode: 'RW' } } as const;

const cpus = (value: number, rest: Partial<Resource> = {}): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value },
  allocation_info,
  ...rest,
});
const disk = (value: number, rest: Partial<Resource> = {}): Resource => ({
  ...cpus(value, { reservations: [ads], ...rest }),
  name: 'disk',
});

const expectConversion = (operation: OfferOperation, consumed: Resource[], converted: Resource[]) => {
  const conversions = conversionsOf(operation);
  expect(conversions).toHaveLength(1);
  expect(conversions[0].consumed.toWire()).toEqual(Resources.of(consumed).toWire());
  expect(conversions[0].converted.toWire()).toEqual(Resources.of(converted).toWire());
};

describe('§3.3 what operations consume and make', () => {
  it('RESERVE puts one reservation on top', () => {
    const resources = [cpus(2, { reservations: [ads] })];
    expectConversion({ type: 'RESERVE', reserve: { resources } }, [cpus(2)], resources);
  });

  it('RESERVE refines a reservation', () => {
    const resources = [cpus(2, { reservations: [ads, web] })];
    expectConversion(
      { type: 'RESERVE', reserve: { resources } },
      [cpus(2, { reservations: [ads] })],
      resources,
    );
  });

  it('RESERVE in the old form', () => {
    expectConversion(
      {
        type: 'RESERVE',
        reserve: { resources: [cpus(2, { role: 'ads', reservation: { principal: 'alice' } })] },
      },
      [cpus(2)],
      [cpus(2, { reservations: [ads] })],
    );
  });

  it('RESERVE with a source takes just that', () => {
    const resources = [cpus(2, { reservations: [web] })];
    const from = [cpus(2, { reservations: [ads] })];
    expectConversion({ type: 'RESERVE', reserve: { resources, source: from } }, from, resources);
  });

  it('UNRESERVE takes the reservation on top away', () => {
    const resources = [cpus(2, { reservations: [ads, web] })];
    expectConversion({ type: 'UNRESERVE', unreserve: { resources } }, resources, [
      cpus(2, { reservations: [ads] }),
    ]);
  });

  it('CREATE makes a volume of plain disk, or of a disk of a source', () => {
    expectConversion(
      { type: 'CREATE', create: { volumes: [disk(10, { disk: volume })] } },
      [disk(10)],
      [disk(10, { disk: volume })],
    );
    expectConversion(
      { type: 'CREATE', create: { volumes: [disk(10, { disk: { ...volume, source } })] } },
      [disk(10, { disk: { source } })],
      [disk(10, { disk: { ...volume, source } })],
    );
  });

  it('DESTROY brings the disk back, which is not shared', () => {
    const shared = disk(10, { disk: { ...volume, source }, shared: {} });
    expectConversion(
      { type: 'DESTROY', destroy: { volumes: [shared] } },
      [shared],
      [disk(10, { disk: { source } })],
    );
  });

  it('GROW_VOLUME adds disk to a volume', () => {
    const addition = disk(5);
    expectConversion(
      { type: 'GROW_VOLUME', grow_volume: { volume: disk(10, { disk: volume }), addition } },
      [disk(10, { disk: volume }), addition],
      [disk(15, { disk: volume })],
    );
  });

  it('SHRINK_VOLUME frees disk of the same source', () => {
    const of = { disk: { ...volume, source } };
    expectConversion(
      { type: 'SHRINK_VOLUME', shrink_volume: { volume: disk(10, of), subtract: { value: 4 } } },
      [disk(10, of)],
      [disk(6, of), disk(4, { disk: { source } })],
    );
  });

  it('sizes are exact thousandths', () => {
    expectConversion(
      {
        type: 'SHRINK_VOLUME',
        shrink_volume: { volume: disk(0.3, { disk: volume }), subtract: { value: 0.1 } },
      },
      [disk(0.3, { disk: volume })],
      [disk(0.2, { disk: volume }), disk(0.1)],
    );
  });

  it('operations of other types convert nothing', () => {
    expect(conversionsOf({ type: 'LAUNCH', launch: {} })).toEqual([]);
    expect(conversionsOf({})).toEqual([]);
  });

  it('amounts stay the same whatever is converted', () => {
    const operations: OfferOperation[] = [
      { type: 'RESERVE', reserve: { resources: [cpus(2, { reservations: [ads] })] } },
      { type: 'CREATE', create: { volumes: [disk(10, { disk: volume })] } },
      { type: 'GROW_VOLUME', grow_volume: { volume: disk(10, { disk: volume }), addition: disk(5) } },
      {
        type: 'SHRINK_VOLUME',
        shrink_volume: { volume: disk(10, { disk: volume }), subtract: { value: 4 } },
      },
    ];
    for (const operation of operations)
      for (const { consumed, converted } of conversionsOf(operation))
        expect(converted.quantities().equals(consumed.quantities())).toBe(true);
  });
});

describe('§3.4 operations whose resources cannot be such', () => {
  const shared = disk(10, { disk: volume, shared: {} });
  it.each<[string, OfferOperation, string]>([
    [
      'RESERVE of the unreserved',
      { type: 'RESERVE', reserve: { resources: [cpus(1)] } },
      'it is not reserved',
    ],
    [
      'UNRESERVE of the unreserved',
      { type: 'UNRESERVE', unreserve: { resources: [cpus(1)] } },
      'it is not reserved',
    ],
    ['CREATE of no volume', { type: 'CREATE', create: { volumes: [disk(1)] } }, 'it is no volume'],
    ['DESTROY of no volume', { type: 'DESTROY', destroy: { volumes: [disk(1)] } }, 'it is no volume'],
    ['DESTROY of two copies', { type: 'DESTROY', destroy: { volumes: [shared, shared] } }, 'is there twice'],
    [
      'SHRINK_VOLUME to nothing',
      {
        type: 'SHRINK_VOLUME',
        shrink_volume: { volume: disk(10, { disk: volume }), subtract: { value: 10 } },
      },
      'cannot shrink to nothing',
    ],
  ])('%s', (_, operation, problem) => {
    expect(() => conversionsOf(operation)).toThrow(problem);
  });
});
