/** JSON as Mesos reads and writes it (reference §1.4). */
import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../../src/real/wire/check.ts';
import { decode, encode } from '../../../src/real/wire/codec.ts';
import type { MessageName } from '../../../src/real/wire/message-type.ts';
import { WireError } from '../../../src/real/wire/wire-error.ts';

const json = (name: string, text: string): unknown => decode(name as MessageName, 'json', Buffer.from(text));
const jsonText = (name: string, message: object): string =>
  encode(name as MessageName, 'json', message as never).toString();

describe('what is read', () => {
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

  test('bytes are base64, with or without padding, and come out in one form', () => {
    const status = (data: string) =>
      json('mesos.v1.TaskStatus', `{"task_id":{"value":"t"},"state":"TASK_RUNNING","data":"${data}"}`);
    for (const data of ['AP8=', 'AP8', 'AP9']) expect(status(data)).toMatchObject({ data: 'AP8=' });
    expect(status('')).toMatchObject({ data: '' });
    for (const data of ['A', 'A===', 'AP8==', 'A P8=', 'AP8=AP8=', '_-8=', '&'])
      expect(() => status(data), data).toThrow('/data: expected bytes in base64');
    const long = Buffer.alloc(20_000_000, 7).toString('base64');
    expect(status(long)).toMatchObject({ data: long });
  });

  test('integers lose their fraction, and are refused beyond their range', () => {
    const time = (nanoseconds: string) => json('mesos.v1.TimeInfo', `{"nanoseconds":${nanoseconds}}`);
    expect(time('1500000000.75')).toEqual({ nanoseconds: 1_500_000_000 });
    expect(time('"-3"')).toEqual({ nanoseconds: -3 });
    expect(time('1.7e18')).toEqual({ nanoseconds: 1.7e18 });
    expect(time('1700000000000000001')).toEqual({ nanoseconds: 1.7e18 });
    for (const wrong of ['1e19', '-1e19', '"Infinity"', '"soon"', '""', 'true', '{}'])
      expect(() => time(wrong), wrong).toThrow('/nanoseconds: expected a whole number (int64)');
    const port = (text: string) => json('mesos.v1.CheckInfo.Tcp', `{"port":${text}}`);
    expect(port('4294967295')).toEqual({ port: 4294967295 });
    for (const wrong of ['-1', '4294967296']) expect(() => port(wrong)).toThrow('/port: expected a whole');
  });

  test('nulls in lists and maps are nothing, keys of maps are any text', () => {
    const info = '{"user":"u","name":"n","roles":[null,"a"],"offer_filters":{"b":null,"__proto__":{}}}';
    const read = json('mesos.v1.FrameworkInfo', info) as { readonly offer_filters: object };
    expect(read).toMatchObject({ roles: ['a'] });
    expect(Object.entries(read.offer_filters)).toEqual([['__proto__', {}]]);
    const bytes = encode('mesos.v1.FrameworkInfo', 'protobuf', read as never);
    const back = decode('mesos.v1.FrameworkInfo', 'protobuf', bytes);
    expect(Object.entries(back.offer_filters!)).toEqual([['__proto__', {}]]);
    const text = '{"user":"u","name":"n","offer_filters":{"a/b~c":5}}';
    expect(() => json('mesos.v1.FrameworkInfo', text)).toThrow('/offer_filters/a~1b~0c: expected an object');
  });

  test('of a oneof, what is said last counts', () => {
    const selector = '{"pseudoattribute_type":"ZONE","attribute_name":"rack"}';
    expect(json('mesos.v1.scheduler.AttributeConstraint.Selector' as MessageName, selector)).toEqual({
      attribute_name: 'rack',
    });
  });

  test('values nested without end are nothing to keep where they are unknown, and no trouble where they are wrong', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(json(call, `{"type":"REVIVE","x":${deep}}`)).toEqual({ type: 'REVIVE' });
    expect(() => json(call, `{"type":${deep}}`)).toThrow('/type: expected one of');
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

  test('nesting without end is refused', () => {
    const deep = `{"type":"WAIT_CONTAINER","wait_container":{"container_id":${'{"value":"x","parent":'.repeat(5000)}`;
    expect(() => json('mesos.v1.agent.Call', `${deep}{"value":"x"}${'}'.repeat(5002)}`)).toThrow(
      'nested too deeply',
    );
  });
});

describe('what is written', () => {
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

  test('integers of 64 bits end at the ends of their range', () => {
    const file = { path: 'p', offset: 2 ** 64 };
    expect(jsonText('mesos.v1.master.Call', { type: 'READ_FILE', read_file: file })).toContain(
      '"offset":18446744073709551615}',
    );
  });
});

describe('what our own processes say', () => {
  test.each([
    ['a number in a string', { name: 'cpus', type: 'SCALAR', scalar: { value: '5' } }],
    ['a symbol that is not known', { name: 'cpus', type: 'SCALAR', reservations: [{ type: 'MINE' }] }],
    ['one in place of a list', { name: 'cpus', type: 'SCALAR', reservations: {} }],
    ['nothing where something must be', { type: 'SCALAR' }],
  ])('%s is refused', (_what, value) => {
    expect(() => checkMessage('mesos.v1.Resource', value)).toThrow(WireError);
  });

  test('infinity and what a later version adds are taken', () => {
    const value = { name: 'mem', type: 'SCALAR', scalar: { value: Number.POSITIVE_INFINITY }, later: 1 };
    expect(() => checkMessage('mesos.v1.Resource', value)).not.toThrow();
  });
});
