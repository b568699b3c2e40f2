import { describe, expect, it } from 'vitest';
import { stream } from '../../src/cluster/streams.ts';
import { isUuidBytes, uuidBytes, uuidText } from '../../src/protocol/uuid.ts';

describe('uuids', () => {
  it('are of version 4, as text and as bytes', () => {
    const random = stream('1', 'uuids');
    for (let i = 0; i < 1000; i++) {
      expect(uuidText(random)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
      const bytes = Buffer.from(uuidBytes(random), 'base64');
      expect(bytes.length).toBe(16);
      expect(bytes[6] >> 4).toBe(4);
      expect(bytes[8] >> 6).toBe(2);
    }
  });

  it('are the same from the same stream, in text and in bytes', () => {
    const [text, bytes] = [uuidText(stream('1', 'a')), uuidBytes(stream('1', 'a'))];
    expect(Buffer.from(bytes, 'base64').toString('hex')).toBe(text.replaceAll('-', ''));
    expect(uuidText(stream('1', 'b'))).not.toBe(text);
    expect(uuidText(stream('2', 'a'))).not.toBe(text);
  });

  it('do not repeat', () => {
    const random = stream('1', 'uuids');
    const all = new Set(Array.from({ length: 10_000 }, () => uuidBytes(random)));
    expect(all.size).toBe(10_000);
  });

  it('bytes as messages carry them are 16 in base64', () => {
    const random = stream('1', 'uuids');
    for (let i = 0; i < 100; i++) expect(isUuidBytes(uuidBytes(random))).toBe(true);
    for (let length = 0; length < 40; length++)
      expect(isUuidBytes(Buffer.alloc(length, 255).toString('base64'))).toBe(length === 16);
    expect(isUuidBytes(uuidText(random))).toBe(false);
  });
});
