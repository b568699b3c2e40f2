/** Both encodings of the API's messages. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../../src/real/wire/check.ts';
import { decode, type Encoding, encode } from '../../../src/real/wire/codec.ts';
import type { MessageName } from '../../../src/real/wire/message-type.ts';
import { messageTypes } from '../../../src/real/wire/schema.ts';
import { type FieldPlan, planOf, type Scalar, type TypePlan } from '../../../src/real/wire/type-plan.ts';
import { WireError } from '../../../src/real/wire/wire-error.ts';

/** Every message of the schema, and those that bodies hold once more, deeper. */
const NAMES = messageTypes().map(({ fullName }) => fullName.slice(1) as MessageName);
const BODIES: ReadonlySet<string> = new Set(
  NAMES.filter((name) => /^mesos\.v1\.(scheduler|executor|master|agent)\.(Call|Event|Response)$/.test(name)),
);

const json = (name: MessageName, text: string): unknown => decode(name, 'json', Buffer.from(text));
const jsonText = (name: MessageName, message: object): string =>
  encode(name, 'json', message as never).toString();

/** Messages with any fields set, as far down as `depth`. */
function anyMessage(plan: TypePlan, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const fields = plan.fields.filter((field) => field.isRequired || field.kind !== 'message' || depth > 0);
  const values = fields.map((field) => [field.name, anyField(field, depth)] as const);
  return fc
    .record(Object.fromEntries(values), { requiredKeys: [...plan.required] })
    .map((message) => withoutRivals(plan, message));
}

/** One field of a `oneof`, at most. */
function withoutRivals(plan: TypePlan, message: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message))
    if (plan.byName.get(name)!.rivals.every((rival) => !(rival in kept))) kept[name] = value;
  return kept;
}

function anyField(field: FieldPlan, depth: number): fc.Arbitrary<unknown> {
  const one = anyOne(field, depth);
  if (field.isMap) return fc.dictionary(fc.string(), one, { minKeys: 1, maxKeys: 2 });
  return field.isRepeated ? fc.array(one, { minLength: 1, maxLength: 2 }) : one;
}

function anyOne(field: FieldPlan, depth: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'message':
      return anyMessage(field.plan(), depth - 1);
    case 'string':
      return fc.string({ unit: 'grapheme' });
    case 'bytes':
      return fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    case 'bool':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...field.numberOf.keys());
    default:
      return anyNumber(field.scalar!);
  }
}

/** Of 64 bits: multiples of 2^11, which doubles hold up to the ends of the range. */
function anyNumber(scalar: Scalar): fc.Arbitrary<number> {
  switch (scalar) {
    case 'int32':
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case 'uint32':
      return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    case 'int64':
      return fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n - 1n }).map((part) => Number(part * 2n ** 11n));
    case 'uint64':
      return fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }).map((part) => Number(part * 2n ** 11n));
    default:
      return fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
  }
}

test('the schema has all packages', () => {
  expect(BODIES.size).toBe(10);
  expect(NAMES.length).toBeGreaterThan(300);
});

describe.each(NAMES)('%s', (name) => {
  const plan = planOf(name);
  const isBody = BODIES.has(name);
  const any = anyMessage(plan, isBody ? 4 : 2);
  const runs = { numRuns: isBody ? 60 : 10 };

  test('comes out of protobuf as it went in, and is left alone', () => {
    fc.assert(
      fc.property(any, (message) => {
        const before = structuredClone(message);
        expect(decode(name, 'protobuf', encode(name, 'protobuf', message as never))).toEqual(before);
        expect(message).toEqual(before);
      }),
      runs,
    );
  });

  test('comes out of JSON as it went in, with the defaults that JSON writes', () => {
    fc.assert(
      fc.property(any, (message) => {
        const before = structuredClone(message);
        const text = jsonText(name, message);
        expect(message).toEqual(before);
        const read = json(name, text);
        expect(read).toMatchObject(before);
        // Defaults are in it now, so that once more makes no difference.
        expect(json(name, jsonText(name, read as object))).toEqual(read);
        expect(text).not.toContain('\n');
        expect(() => checkMessage(name, read)).not.toThrow();
      }),
      runs,
    );
  });
});

describe.each([...BODIES] as MessageName[])('%s of bad bytes', (name) => {
  const plan = planOf(name);

  test.each(['json', 'protobuf'] as const)('any %s is a message or a WireError', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => readsOrRefuses(name, encoding, bytes)),
      { numRuns: 300 },
    );
  });

  test.each(['json', 'protobuf'] as const)(
    'a good %s with some bytes changed or cut off, too',
    (encoding) => {
      fc.assert(
        fc.property(
          anyMessage(plan, 3),
          fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
          fc.nat(),
          (message, changes, cut) => {
            const bytes = encode(name, encoding, message as never);
            if (bytes.length === 0) return;
            for (const [at, value] of changes) bytes[at % bytes.length] = value;
            readsOrRefuses(name, encoding, bytes.subarray(0, bytes.length - (cut % bytes.length)));
          },
        ),
        { numRuns: 100 },
      );
    },
  );
});

function readsOrRefuses(name: MessageName, encoding: Encoding, bytes: Uint8Array): void {
  try {
    checkMessage(name, decode(name, encoding, bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
  }
}

describe('§1.4 JSON that is read', () => {
  const call = 'mesos.v1.scheduler.Call';

  test('nulls and unknown keys are nothing', () => {
    expect(json(call, '{"type":"REVIVE","revive":null,"slave_id":{"value":"x"}}')).toEqual({
      type: 'REVIVE',
    });
  });

  test('numbers and booleans may be strings', () => {
    const info = '{"user":"u","name":"n","failover_timeout":"5","checkpoint":"true"}';
    expect(json('mesos.v1.FrameworkInfo', info)).toEqual({
      user: 'u',
      name: 'n',
      failover_timeout: 5,
      checkpoint: true,
    });
    const limits =
      '{"name":"t","task_id":{"value":"t"},"agent_id":{"value":"a"},"limits":{"mem":{"value":"Infinity"}}}';
    expect(json('mesos.v1.TaskInfo', limits)).toMatchObject({
      limits: { mem: { value: Number.POSITIVE_INFINITY } },
    });
  });

  test('one object is a list of one', () => {
    const accept = '{"type":"ACCEPT","accept":{"offer_ids":{"value":"o"},"operations":{"type":"LAUNCH"}}}';
    expect(json(call, accept)).toMatchObject({
      accept: { offer_ids: [{ value: 'o' }], operations: [{ type: 'LAUNCH' }] },
    });
  });

  test('an unknown symbol is nothing where the field is optional, and an error where it is required', () => {
    expect(json(call, '{"type":"DANCE"}')).toEqual({});
    const resource = '{"name":"cpus","type":"MANY"}';
    expect(() => json('mesos.v1.Resource', resource)).toThrow(
      '/type: expected one of SCALAR, RANGES, SET, TEXT, found "MANY"',
    );
  });

  test.each([
    ['{', 'the body is not JSON'],
    ['[]', 'expected an object, found a list'],
    ['{"framework_id":{}}', 'missing required fields: /framework_id/value'],
    ['{"framework_id":{"value":5}}', '/framework_id/value: expected a string, found 5'],
    ['{"accept":{"offer_ids":"o"}}', '/accept/offer_ids/0: expected an object, found "o"'],
    [
      '{"framework_id":{},"accept":{"offer_ids":[{"value":"a"},{}]}}',
      'missing required fields: /framework_id/value, /accept/offer_ids/1/value',
    ],
    ['{"accept":{"filters":{"refuse_seconds":"soon"}}}', '/accept/filters/refuse_seconds: expected a number'],
    [
      '{"acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"&"}}',
      '/acknowledge/uuid: expected bytes',
    ],
    ['{"kill":[]}', '/kill: expected an object, found a list'],
  ])('%s', (text, problem) => {
    expect(() => json(call, text)).toThrow(problem);
  });

  test('nesting without end is refused in both encodings', () => {
    const deep = `{"type":"WAIT_CONTAINER","wait_container":{"container_id":${'{"value":"x","parent":'.repeat(5000)}`;
    expect(() => json('mesos.v1.agent.Call', `${deep}{"value":"x"}${'}'.repeat(5002)}`)).toThrow(
      'nested too deeply',
    );
    let bytes: Buffer = Buffer.from([0x0a, 0x01, 0x78]);
    for (let n = 0; n < 20_000; n++)
      bytes = field(2, Buffer.concat([Buffer.from([0x0a, 0x01, 0x78]), bytes]));
    const call = field(15, field(1, bytes));
    expect(() => decode('mesos.v1.agent.Call', 'protobuf', call)).toThrow(WireError);
  });
});

function field(number: number, content: Buffer): Buffer {
  const length: number[] = [];
  let left = content.length;
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
}

describe('§1.4 JSON that is written', () => {
  test('explicit defaults are written, deprecated ones and empty lists are not', () => {
    expect(jsonText('mesos.v1.FrameworkInfo', { user: 'u', name: 'n', roles: [] })).toBe(
      '{"user":"u","name":"n","failover_timeout":0.0,"checkpoint":false}',
    );
  });

  test('doubles have a fraction, integers beyond 2^53 all their digits, infinity is a word', () => {
    const unavailability = { start: { nanoseconds: 1.7e18 + 256 } };
    expect(
      jsonText('mesos.v1.Offer', {
        id: { value: 'o' },
        framework_id: { value: 'f' },
        agent_id: { value: 'a' },
        hostname: 'h',
        unavailability,
      }),
    ).toContain('"nanoseconds":1700000000000000256');
    const limits = { mem: { value: Number.POSITIVE_INFINITY }, cpus: { value: 2 } };
    const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'a' }, limits };
    expect(jsonText('mesos.v1.TaskInfo', task)).toContain(
      '"limits":{"mem":{"value":"Infinity"},"cpus":{"value":2.0}}',
    );
  });
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
