/** Protobuf, as others write it and as none should. */
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../src/real/wire/codec.ts';
import type { MessageName } from '../../../src/real/wire/message-type.ts';
import { WireError } from '../../../src/real/wire/wire-error.ts';

const TIME = 'mesos.v1.TimeInfo' as MessageName;

/** A field of bytes. */
function field(number: number, content: Buffer): Buffer {
  const length: number[] = [];
  let left = content.length;
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
}

describe('protobuf that is read', () => {
  const resource = Buffer.concat([field(1, Buffer.from('cpus')), Buffer.from([0x10, 0x00])]);

  test('unknown fields and those of another wire type are nothing', () => {
    const unknown = Buffer.concat([resource, field(15, Buffer.from('?')), Buffer.from([0x0d, 1, 2, 3, 4])]);
    expect(decode('mesos.v1.Resource', 'protobuf', unknown)).toEqual({ name: 'cpus', type: 'SCALAR' });
  });

  test('an unknown symbol is nothing where the field is optional, and an error where it is required', () => {
    expect(decode('mesos.v1.scheduler.Call', 'protobuf', Buffer.from([0x10, 0x7f]))).toEqual({});
    const unknown = Buffer.concat([field(1, Buffer.from('cpus')), Buffer.from([0x10, 0x7f])]);
    expect(() => decode('mesos.v1.Resource', 'protobuf', unknown)).toThrow(
      '/type: expected the number of one of SCALAR, RANGES, SET, TEXT, found 127',
    );
  });

  test('missing required fields are all named', () => {
    const call = field(4, Buffer.concat([field(1, Buffer.alloc(0)), field(1, Buffer.alloc(0))]));
    expect(() => decode('mesos.v1.scheduler.Call', 'protobuf', call)).toThrow(
      'missing required fields: /accept/offer_ids/0/value, /accept/offer_ids/1/value',
    );
  });

  test('lists of numbers may be packed', () => {
    const http = Buffer.concat([Buffer.from([0x08, 80]), field(4, Buffer.from([0xc8, 0x01, 0xcc, 0x01]))]);
    expect(decode('mesos.v1.HealthCheck.HTTPCheckInfo' as MessageName, 'protobuf', http)).toEqual({
      port: 80,
      statuses: [200, 204],
    });
  });

  test('of a oneof, what is said last counts', () => {
    const both = Buffer.concat([Buffer.from([0x08, 3]), field(2, Buffer.from('rack'))]);
    expect(
      decode('mesos.v1.scheduler.AttributeConstraint.Selector' as MessageName, 'protobuf', both),
    ).toEqual({ attribute_name: 'rack' });
  });

  test.each([
    ['a length that leads past the end', '0a7f00'],
    ['a part that leads past its whole', '0a020a05616263646566'],
    ['a number cut off', '10ff'],
    ['a field of number 0', '0000'],
    ['a wire type that does not exist', '17'],
    ['an end of a group that never began', '14'],
  ])('%s is refused', (_what, hex) => {
    expect(() => decode('mesos.v1.scheduler.Call', 'protobuf', Buffer.from(hex, 'hex'))).toThrow(WireError);
  });

  test('nesting without end is refused', () => {
    let bytes: Buffer = Buffer.from([0x0a, 0x01, 0x78]);
    for (let n = 0; n < 20_000; n++)
      bytes = field(2, Buffer.concat([Buffer.from([0x0a, 0x01, 0x78]), bytes]));
    const call = field(15, field(1, bytes));
    expect(() => decode('mesos.v1.agent.Call', 'protobuf', call)).toThrow(WireError);
  });
});

test('integers of 64 bits end at the ends of their range', () => {
  const file = { path: 'p', offset: 2 ** 64 };
  const bytes = encode('mesos.v1.master.Call', 'protobuf', { type: 'READ_FILE', read_file: file });
  expect(bytes.subarray(-10)).toEqual(Buffer.from('ffffffffffffffffff01', 'hex'));
  for (const nanoseconds of [2 ** 63, -(2 ** 63), -1, 1.5])
    expect(decode(TIME, 'protobuf', encode(TIME, 'protobuf', { nanoseconds } as never))).toEqual({
      nanoseconds: Math.trunc(nanoseconds),
    });
});

test('a message that lacks what it must have, or has a symbol of its own, is not sent in protobuf', () => {
  const encoded = (message: object) => () => encode('mesos.v1.Resource', 'protobuf', message as never);
  expect(encoded({ name: 'cpus' })).toThrow('a mesos.v1.Resource to be sent lacks type');
  expect(encoded({ name: 'cpus', type: 'MANY' })).toThrow('type to be sent is MANY, which is not known');
});

test('protobuf is what others write: bytes of a SUBSCRIBE made by hand', () => {
  const info = Buffer.concat([field(1, Buffer.from('root')), field(2, Buffer.from('demo'))]);
  const body = Buffer.concat([Buffer.from([0x10, 0x01]), field(3, field(1, info))]);
  const message = {
    type: 'SUBSCRIBE',
    subscribe: { framework_info: { user: 'root', name: 'demo' } },
  } as const;
  expect(decode('mesos.v1.scheduler.Call', 'protobuf', body)).toEqual(message);
  expect(encode('mesos.v1.scheduler.Call', 'protobuf', message)).toEqual(body);
});
