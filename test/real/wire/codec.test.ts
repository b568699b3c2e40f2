/** Every message of the schema goes through both encodings unharmed, and no bytes do harm. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMessage } from '../../../src/real/wire/check.ts';
import { decode, type Encoding, encode } from '../../../src/real/wire/codec.ts';
import type { MessageName } from '../../../src/real/wire/message-type.ts';
import { messageTypes } from '../../../src/real/wire/schema.ts';
import { planOf } from '../../../src/real/wire/type-plan.ts';
import { WireError } from '../../../src/real/wire/wire-error.ts';
import { anyMessage } from './any-message.ts';

/** Every message of the schema, and those that bodies hold once more, deeper. */
const NAMES = messageTypes().map(({ fullName }) => fullName.slice(1) as MessageName);
const BODIES: ReadonlySet<string> = new Set(
  NAMES.filter((name) => /^mesos\.v1\.(scheduler|executor|master|agent)\.(Call|Event|Response)$/.test(name)),
);

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
        const text = encode(name, 'json', message as never).toString();
        expect(message).toEqual(before);
        const read = decode(name, 'json', Buffer.from(text));
        expect(read).toMatchObject(before);
        // Defaults are in it now, so that once more makes no difference.
        expect(decode(name, 'json', encode(name, 'json', read))).toEqual(read);
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
