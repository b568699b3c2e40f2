import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptedEncoding, contentEncoding } from '../../../src/real/wire/content-type.ts';
import { RecordReader, record } from '../../../src/real/wire/record-io.ts';

test('§1.3 records come out whole wherever their bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), fc.array(fc.nat(40)), (payloads, cuts) => {
      const bytes = Buffer.concat(payloads.map(record));
      const reader = new RecordReader(30);
      const read: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        read.push(...reader.push(bytes.subarray(at, at + cut)));
        at = Math.min(bytes.length, at + cut);
      }
      read.push(...reader.push(bytes.subarray(at)));
      expect(read.map((payload) => [...payload])).toEqual(payloads.map((payload) => [...payload]));
    }),
  );
});

test.each(['x\n', '-1\n', '\n', '99999999999999999', '31\n'])('%j is no record that is taken', (text) => {
  expect(() => new RecordReader(30).push(Buffer.from(text))).toThrow();
});

test.each([
  [undefined, 'json'],
  ['', 'json'],
  ['*/*', 'json'],
  ['application/json', 'json'],
  ['application/x-protobuf', 'protobuf'],
  ['application/x-protobuf, application/json', 'json'],
  ['application/json;q=0, */*', 'protobuf'],
  ['application/*', 'json'],
  ['text/html', null],
  ['application/json;q=0', null],
])('§1.2 Accept: %s is answered in %s', (header, encoding) => {
  expect(acceptedEncoding(header)).toBe(encoding);
});

test('§1.2 Accept may come twice', () => {
  expect(acceptedEncoding(['application/x-protobuf', 'application/x-protobuf'])).toBe('protobuf');
});

test.each([
  ['application/json', 'json'],
  ['application/x-protobuf', 'protobuf'],
  ['application/json; charset=utf-8', 'unsupported'],
  ['Application/JSON', 'unsupported'],
  [undefined, 'missing'],
])('§1.2 Content-Type: %s is %s', (header, encoding) => {
  expect(contentEncoding(header)).toBe(encoding);
});
