/** Both encodings of the API's messages. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../src/real/wire/codec.ts';
import type { MessageName } from '../../../src/real/wire/message-type.ts';
import { type FieldPlan, planOf, type TypePlan } from '../../../src/real/wire/type-plan.ts';
import { WireError } from '../../../src/real/wire/wire-error.ts';

const MESSAGES: readonly MessageName[] = [
  'mesos.v1.scheduler.Call',
  'mesos.v1.scheduler.Event',
  'mesos.v1.executor.Call',
  'mesos.v1.executor.Event',
  'mesos.v1.master.Call',
  'mesos.v1.master.Response',
  'mesos.v1.master.Event',
  'mesos.v1.agent.Call',
  'mesos.v1.agent.Response',
];

const json = (name: MessageName, text: string): unknown => decode(name, 'json', Buffer.from(text));
const jsonText = (name: MessageName, message: object): string =>
  encode(name, 'json', message as never).toString();

/** Messages with any fields set, as far down as `depth`. */
function anyMessage(plan: TypePlan, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const fields = plan.fields.filter((field) => field.isRequired || field.kind !== 'message' || depth > 0);
  const values = fields.map((field) => [field.name, anyField(field, depth)] as const);
  return fc.record(Object.fromEntries(values), { requiredKeys: [...plan.required] });
}

function anyField(field: FieldPlan, depth: number): fc.Arbitrary<unknown> {
  const one = anyOne(field, depth);
  if (field.isMap) return fc.dictionary(fc.string({ minLength: 1 }), one, { minKeys: 1, maxKeys: 2 });
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
    case 'double':
      return fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
    case 'enum':
      return fc.constantFrom(...field.numberOf.keys());
    default:
      return field.isLong ? fc.nat(2 ** 31 - 1).map((n) => n * 2 ** 30) : fc.nat(2 ** 31 - 1);
  }
}

/** What JSON says of a message that does not set it. */
function withDefaults(plan: TypePlan, message: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(encode(plan.type.fullName.slice(1) as MessageName, 'json', message as never).toString());
}

describe.each(MESSAGES)('%s', (name) => {
  const plan = planOf(name);
  test('comes out of protobuf as it went in', () => {
    fc.assert(
      fc.property(anyMessage(plan, 4), (message) => {
        expect(decode(name, 'protobuf', encode(name, 'protobuf', message as never))).toEqual(message);
      }),
      { numRuns: 60 },
    );
  });

  test('comes out of JSON as it went in, and with the defaults that JSON writes', () => {
    fc.assert(
      fc.property(anyMessage(plan, 4), (message) => {
        const once = decode(name, 'json', encode(name, 'json', message as never));
        expect(once).toMatchObject(message);
        expect(withDefaults(plan, once as never)).toEqual(withDefaults(plan, message));
      }),
      { numRuns: 60 },
    );
  });

  test('any bytes are a message or a WireError, never anything else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom('json', 'protobuf'),
        (bytes, encoding) => {
          try {
            decode(name, encoding as 'json' | 'protobuf', bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        },
      ),
    );
  });
});

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
    expect(() => json('mesos.v1.Resource', resource)).toThrow('/type: "MANY" is not known');
  });

  test.each([
    ['{', 'the body is not JSON'],
    ['[]', 'expected an object, found []'],
    ['{"framework_id":{}}', '/framework_id: lacks value'],
    ['{"framework_id":{"value":5}}', '/framework_id/value: expected a string, found 5'],
    ['{"accept":{"offer_ids":"o"}}', '/accept/offer_ids: expected a list, found "o"'],
    ['{"accept":{"offer_ids":[{"value":"a"},{}]}}', '/accept/offer_ids/1: lacks value'],
    ['{"accept":{"filters":{"refuse_seconds":"soon"}}}', '/accept/filters/refuse_seconds: expected a number'],
    [
      '{"acknowledge":{"agent_id":{"value":"a"},"task_id":{"value":"t"},"uuid":"&"}}',
      '/acknowledge/uuid: expected bytes',
    ],
    ['{"kill":[]}', '/kill: expected an object, found []'],
  ])('%s', (text, problem) => {
    expect(() => json(call, text)).toThrow(problem);
  });

  test('nesting without end is refused in both encodings', () => {
    const deep =
      '{"type":"WAIT_CONTAINER","wait_container":{"container_id":' + '{"value":"x","parent":'.repeat(5000);
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
