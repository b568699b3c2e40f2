import { describe, expect, it } from 'vitest';
import { type OperationPlace, operationProblem } from '../../src/protocol/operation.ts';
import type { OfferOperation, Resource } from '../../src/protocol/v1/mesos.ts';

const place: OperationPlace = {
  principal: 'alice',
  agent: new Set(['HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESIZE_VOLUME']),
  framework: { roles: ['ads', 'ads/web'], capabilities: new Set() },
};
const dynamic = { type: 'DYNAMIC', role: 'ads', principal: 'alice' } as const;
const disk: Resource = {
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: 100 },
  reservations: [dynamic],
  allocation_info: { role: 'ads' },
};
const volume: Resource = {
  ...disk,
  disk: {
    persistence: { id: 'v', principal: 'alice' },
    volume: { container_path: 'data', mode: 'RW' },
  },
};
const withDisk = (change: object): Resource => ({ ...volume, disk: { ...volume.disk, ...change } });

const reserve = (...resources: Resource[]): OfferOperation => ({ type: 'RESERVE', reserve: { resources } });
const unreserve = (resource: Resource): OfferOperation => ({
  type: 'UNRESERVE',
  unreserve: { resources: [resource] },
});
const create = (...volumes: Resource[]): OfferOperation => ({ type: 'CREATE', create: { volumes } });
const destroy = (one: Resource): OfferOperation => ({ type: 'DESTROY', destroy: { volumes: [one] } });
const grow = (one: Resource, addition: Resource): OfferOperation => ({
  type: 'GROW_VOLUME',
  grow_volume: { volume: one, addition },
});
const shrink = (one: Resource, value: number): OfferOperation => ({
  type: 'SHRINK_VOLUME',
  shrink_volume: { volume: one, subtract: { value } },
});

describe('§3.4 operations that can be asked for', () => {
  it.each([
    ['RESERVE', reserve(disk)],
    [
      'RESERVE on top of a reservation',
      reserve({
        ...disk,
        reservations: [dynamic, { ...dynamic, role: 'ads/web' }],
        allocation_info: { role: 'ads/web' },
      }),
    ],
    ['UNRESERVE', unreserve(disk)],
    ['CREATE', create(volume)],
    [
      'CREATE on a static reservation',
      create({ ...volume, reservations: [{ type: 'STATIC', role: 'ads' }] }),
    ],
    ['DESTROY', destroy(volume)],
    ['GROW_VOLUME', grow(volume, { ...disk, scalar: { value: 1 } })],
    ['SHRINK_VOLUME', shrink(volume, 99)],
  ])('%s', (_, operation) => {
    expect(operationProblem(operation, place)).toBeNull();
  });
});

describe('§3.4 operations that cannot', () => {
  it.each([
    ['RESERVE of nothing', reserve()],
    ['RESERVE with a source', { type: 'RESERVE', reserve: { resources: [disk], source: [disk] } } as const],
    ['RESERVE without a reservation', reserve({ ...disk, reservations: [] })],
    ['RESERVE that is static', reserve({ ...disk, reservations: [{ type: 'STATIC', role: 'ads' }] })],
    ['RESERVE for a role that the framework does not have', reserve(reservedFor('other'))],
    [
      'RESERVE for a role that the offer is not of',
      reserve({ ...disk, allocation_info: { role: 'ads/web' } }),
    ],
    ['RESERVE by nobody', reserve({ ...disk, reservations: [{ type: 'DYNAMIC', role: 'ads' }] })],
    ['RESERVE by another', reserve({ ...disk, reservations: [{ ...dynamic, principal: 'bob' }] })],
    ['RESERVE of what is revocable', reserve({ ...disk, revocable: {} })],
    ['RESERVE of a volume', reserve(volume)],
    ['RESERVE from two providers', reserve(disk, { ...disk, provider_id: { value: 'p' } })],
    ['UNRESERVE of what is not', unreserve({ ...disk, reservations: [] })],
    ['UNRESERVE of a volume', unreserve(volume)],
    ['CREATE without persistence', create(disk)],
    ['CREATE with an invalid id', create(withDisk({ persistence: { id: 'a/b', principal: 'alice' } }))],
    ['CREATE without a volume', create(withDisk({ volume: undefined }))],
    ['CREATE that cannot be written', create(withDisk({ volume: { container_path: 'data', mode: 'RO' } }))],
    [
      'CREATE with a path on the host',
      create(withDisk({ volume: { container_path: 'data', mode: 'RW', host_path: '/x' } })),
    ],
    ['CREATE on what is not reserved', create({ ...volume, reservations: [] })],
    ['CREATE that is shared', create({ ...volume, shared: {} })],
    ['CREATE by another', create(withDisk({ persistence: { id: 'v', principal: 'bob' } }))],
    ['CREATE of one id twice', create(volume, { ...volume, scalar: { value: 50 } })],
    ['DESTROY of plain disk', destroy(disk)],
    ['GROW_VOLUME by nothing', grow(volume, { ...disk, scalar: { value: 0 } })],
    ['GROW_VOLUME of what is shared', grow({ ...volume, shared: {} }, disk)],
    ['GROW_VOLUME by another kind', grow(volume, { ...disk, reservations: [] })],
    [
      'GROW_VOLUME on a MOUNT disk',
      grow(withDisk({ source: { type: 'MOUNT', mount: { root: '/m' } } }), disk),
    ],
    ['SHRINK_VOLUME by nothing', shrink(volume, 0)],
    ['SHRINK_VOLUME to nothing', shrink(volume, 100)],
    ['CREATE_DISK', { type: 'CREATE_DISK' } as const],
    ['RESERVE without a body', { type: 'RESERVE' } as const],
    ['amounts that cannot be', reserve({ ...disk, scalar: { value: -1 } })],
  ])('%s', (_, operation) => {
    expect(operationProblem(operation, place)).not.toBeNull();
  });

  it('what the agent does not support', () => {
    const old = { ...place, agent: new Set([]) };
    expect(operationProblem(shrink(volume, 1), old)).toContain('resizing');
    const nested = { ...disk, allocation_info: { role: 'ads/web' } };
    expect(
      operationProblem(reserve({ ...nested, reservations: [{ ...dynamic, role: 'ads/web' }] }), old),
    ).toContain('hierarchical');
  });

  it('operators name no role that resources are allocated to', () => {
    const { allocation_info: _, ...free } = reservedFor('other');
    expect(operationProblem(reserve(free), { ...place, framework: null })).toBeNull();
  });
});

function reservedFor(role: string): Resource {
  return { ...disk, reservations: [{ ...dynamic, role }], allocation_info: { role } };
}
