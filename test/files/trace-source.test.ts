/** Bytes of traces on disk: which files there are, how far reading is, and what is wrong with them. */
import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TraceSource } from '../../src/files/trace-source.ts';
import { fileOf, folderOf } from '../temporary-files.ts';

/** Does not shrink to one chunk when compressed. */
const NUMBERS = Array.from({ length: 60_000 }, (_, i) => `${(i * 2_654_435_761) % 4_294_967_296}\n`).join('');

async function textOf(source: TraceSource, file = source.files[0]): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.open(file)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

const FORMS = {
  plain: Buffer.from(NUMBERS),
  gzip: gzipSync(NUMBERS),
  'gzip of two members': Buffer.concat([gzipSync(NUMBERS.slice(0, 1000)), gzipSync(NUMBERS.slice(1000))]),
  zstd: zstdCompressSync(NUMBERS),
};

for (const [form, bytes] of Object.entries(FORMS)) {
  test(`${form} is recognised by its first bytes, whatever the name, and read whole`, async () => {
    const source = new TraceSource(fileOf('numbers.txt', bytes));
    expect(source.head('numbers.txt')).toBe(NUMBERS.slice(0, 4096));
    expect(await textOf(source)).toBe(NUMBERS);
  });

  test(`progress on ${form} counts bytes of the file, not what they unpack to`, async () => {
    const source = new TraceSource(fileOf('numbers.txt', bytes));
    expect([source.bytesRead, source.totalBytes]).toEqual([0, bytes.length]);
    await textOf(source);
    expect(source.bytesRead).toBe(bytes.length);
  });

  test(`the digest of ${form} is the same whether it was read to its end or not`, async () => {
    const path = fileOf('numbers.txt', bytes);
    const whole = new TraceSource(path);
    await textOf(whole);
    const begun = new TraceSource(path);
    for await (const _ of begun.open('numbers.txt')) break;
    expect(await whole.digest()).toBe(sha256(`numbers.txt ${sha256(bytes)}\n`));
    expect(await begun.digest()).toBe(await whole.digest());
  });
}

for (const [form, bytes] of [
  ['gzip', gzipSync(NUMBERS)],
  ['zstd', zstdCompressSync(NUMBERS)],
] as const) {
  test(`${form} that ends early is FILE_TRUNCATED, wherever it was cut`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5, max: bytes.length - 1 }), async (length) => {
        const path = fileOf('cut.csv', bytes.subarray(0, length));
        const source = new TraceSource(path);
        source.head('cut.csv');
        await expect(textOf(source)).rejects.toMatchObject({ code: 'FILE_TRUNCATED', place: { file: path } });
      }),
      { numRuns: 10, seed: 1, examples: [[5], [bytes.length - 1]] },
    );
  });
}

test('damaged gzip is FILE_UNREADABLE', async () => {
  const bytes = gzipSync(NUMBERS);
  bytes[5000] ^= 0xff;
  await expect(textOf(new TraceSource(fileOf('bad.gz', bytes)))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  });
});

test('a missing file is FILE_MISSING with its path', () => {
  expect(() => new TraceSource('/nowhere/trace.swf')).toThrow(
    expect.objectContaining({ code: 'FILE_MISSING', place: { file: '/nowhere/trace.swf' } }),
  );
});

test('a folder without files is TRACE_EMPTY', () => {
  const folder = folderOf({ '.git/config': '', '.hidden': 'x' });
  expect(() => new TraceSource(folder)).toThrow(
    expect.objectContaining({ code: 'TRACE_EMPTY', place: { file: folder } }),
  );
});

test('files of a folder are found at any depth, sorted, without the endings of compression', () => {
  const folder = folderOf({
    'task_events/part-00001-of-00500.csv.gz': gzipSync('b'),
    'task_events/part-00000-of-00500.csv.gz': gzipSync('a'),
    'job_events/part-00000-of-00500.csv.zst': zstdCompressSync('c'),
    'README.md': 'd',
  });
  const source = new TraceSource(folder);
  expect(source.files).toEqual([
    'README.md',
    'job_events/part-00000-of-00500.csv',
    'task_events/part-00000-of-00500.csv',
    'task_events/part-00001-of-00500.csv',
  ]);
  expect(source.companions).toEqual([]);
  expect(source.displayPath(source.files[2])).toBe(join(folder, 'task_events/part-00000-of-00500.csv.gz'));
});

test('files beside the one named are companions; links to files count, folders do not', () => {
  const folder = folderOf({ 'pods.csv': 'a', 'nodes.csv': 'b', 'deep/other.csv': 'c' });
  symlinkSync(join(folder, 'deep/other.csv'), join(folder, 'linked.csv'));
  symlinkSync(join(folder, 'gone.csv'), join(folder, 'broken.csv'));
  const source = new TraceSource(join(folder, 'pods.csv'));
  expect(source.files).toEqual(['pods.csv']);
  expect(source.companions).toEqual(['linked.csv', 'nodes.csv']);
});

test('reading a companion is in the digest, but not in the progress', async () => {
  const folder = folderOf({ 'pods.csv': 'a', 'nodes.csv': 'bcd' });
  const source = new TraceSource(join(folder, 'pods.csv'));
  await textOf(source, 'nodes.csv');
  expect(source.bytesRead).toBe(0);
  expect(await source.digest()).toBe(sha256(`nodes.csv ${sha256('bcd')}\n`));
});

test('the named one of a compressed and a plain file is read; in a folder one of them stands for both', async () => {
  const folder = folderOf({ 'a.csv': 'plain', 'a.csv.gz': gzipSync('packed') });
  expect(await textOf(new TraceSource(join(folder, 'a.csv.gz')))).toBe('packed');
  expect(await textOf(new TraceSource(join(folder, 'a.csv')))).toBe('plain');
  const source = new TraceSource(folder);
  expect(source.files).toEqual(['a.csv']);
  expect(await textOf(source)).toBe('plain');
});
