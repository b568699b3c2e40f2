/** Our protobuf against Google's: bytes that its Python library wrote by our schema, and what it says they mean. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../src/real/wire/codec.ts';
import type { MessageName } from '../../../src/real/wire/message-type.ts';

interface Example {
  readonly what: string;
  readonly name: MessageName;
  /** In hexadecimal digits. */
  readonly bytes: string;
  /** In proto3's JSON, which has 64-bit numbers as strings; Mesos's JSON takes these, too. */
  readonly message: object;
}

const examples: readonly Example[] = JSON.parse(
  readFileSync(new URL('./google-protobuf.json', import.meta.url), 'utf8'),
);

describe.each(examples)('$what', ({ name, bytes, message }) => {
  const theirs = Buffer.from(bytes, 'hex');
  const meant = decode(name, 'json', Buffer.from(JSON.stringify(message)));

  test('is read as it is meant', () => {
    expect(decode(name, 'protobuf', theirs)).toEqual(meant);
  });

  test('is written in the same bytes, but for the order of fields', () => {
    const ours = encode(name, 'protobuf', meant);
    expect(decode(name, 'protobuf', ours)).toEqual(meant);
    expect(sorted(ours)).toEqual(sorted(theirs));
  });
});

/** Bytes in the order of their values: the same for the same fields in any order. */
function sorted(bytes: Uint8Array): number[] {
  return [...bytes].sort((one, other) => one - other);
}
