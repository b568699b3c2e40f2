/** Random resources of many kinds for properties. */
import fc from 'fast-check';
import type { Resource } from '../../src/protocol/v1/mesos.ts';

type Reserved = Pick<Resource, 'reservations'>;
type Disk = Pick<Resource, 'disk' | 'shared'>;

const reserved = fc.constantFrom<Reserved>(
  {},
  { reservations: [{ type: 'STATIC', role: 'ads' }] },
  { reservations: [{ type: 'DYNAMIC', role: 'ads', principal: 'alice' }] },
  { reservations: [{ type: 'DYNAMIC', role: 'ads', labels: { labels: [{ key: 'k', value: 'v' }] } }] },
  {
    reservations: [
      { type: 'STATIC', role: 'ads' },
      { type: 'DYNAMIC', role: 'ads/web' },
    ],
  },
);

const volume = { container_path: 'data', mode: 'RW' } as const;
const disks = fc.constantFrom<Disk>(
  {},
  { disk: { persistence: { id: 'v' }, volume } },
  { disk: { persistence: { id: 's' }, volume }, shared: {} },
  { disk: { source: { type: 'PATH', path: { root: '/data' } } } },
  { disk: { source: { type: 'MOUNT', mount: { root: '/m' } } } },
  { disk: { source: { type: 'RAW', id: 'raw' } } },
  { disk: { source: { type: 'RAW' } } },
);

const rest = fc.record({
  isRevocable: fc.boolean(),
  allocation: fc.constantFrom<Pick<Resource, 'allocation_info'>>({}, { allocation_info: { role: 'ads' } }),
  reserved,
});

const milli = fc.integer({ min: 1, max: 3000 });

const plain = fc
  .tuple(fc.constantFrom('cpus', 'mem'), milli)
  .map(([name, amount]): Resource => ({ name, type: 'SCALAR', scalar: { value: amount / 1000 } }));

const disk = fc.tuple(fc.constantFrom(10, 20), disks).map(
  ([value, description]): Resource => ({
    name: 'disk',
    type: 'SCALAR',
    scalar: { value },
    ...description,
  }),
);

const ports = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 5 })).map(
  ([begin, length]): Resource => ({
    name: 'ports',
    type: 'RANGES',
    ranges: { range: [{ begin, end: begin + length }] },
  }),
);

const zones = fc
  .subarray(['a', 'b', 'c'], { minLength: 1 })
  .map((item): Resource => ({ name: 'zones', type: 'SET', set: { item } }));

const resource = fc.tuple(fc.oneof(plain, disk, ports, zones), rest).map(
  ([one, { isRevocable, allocation, reserved }]): Resource => ({
    ...one,
    ...reserved,
    ...allocation,
    ...(isRevocable && { revocable: {} }),
  }),
);

/** Lists in which amounts of one kind come several times. */
export const wireResources = fc.array(resource, { maxLength: 8 });

/** Up to this many are put in order one by one, more are sorted. */
export const manyWireResources = fc.array(resource, { minLength: 17, maxLength: 40 });
