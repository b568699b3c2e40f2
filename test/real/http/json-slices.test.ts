import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonInSlices, later } from '../../../src/real/http/json-slices.ts';

test('is what JSON.stringify writes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.anything()), async (document) => {
      fc.pre(!JSON.stringify(document).includes('__proto__'));
      expect(await jsonInSlices(document)).toBe(JSON.stringify(document));
    }),
  );
  expect(await jsonInSlices({})).toBe('{}');
  expect(await jsonInSlices({ a: [undefined, 1], b: undefined, c: 2 })).toBe('{"a":[null,1],"c":2}');
});

test('others have their turn while it is made', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const slow = later(() => {
    const endMs = performance.now() + 3;
    while (performance.now() < endMs);
    return 'x'.repeat(10);
  });
  await jsonInSlices({ list: Array.from({ length: 40 }, () => slow) });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});
