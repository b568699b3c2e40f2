/** Unpacks zip archives. */
import { chmodSync, createWriteStream, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { makeFoldersWithin } from '../pinned-folder.ts';
import { EntryRules } from './entry-rules.ts';
import { text } from './source.ts';

const FILE_TYPE = 0o170000;
const LINK = 0o120000;
const MODE = 0o777;
const MAX_TARGET_BYTES = 4096;

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/** @returns what was made. @throws Error that names the entry at fault */
export async function unpackZip(
  file: string,
  folder: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const zip = await openZip(file, { autoClose: false, lazyEntries: true, validateEntrySizes: true });
  try {
    const entries = await entriesOf(zip);
    const rules = new EntryRules(folder);
    const targets = new Map<Entry, string>();
    for (const entry of entries) {
      if (isLink(entry)) {
        if (entry.uncompressedSize > MAX_TARGET_BYTES) throw new Error(`${entry.fileName} is no link`);
        targets.set(entry, await text(await zip.openReadStreamPromise(entry)));
        rules.addLink(entry.fileName, targets.get(entry)!);
      } else rules.add(entry.fileName);
    }
    for (const entry of entries) {
      signal.throwIfAborted();
      await unpackEntry(zip, entry, targets.get(entry) ?? null, folder, signal);
    }
    return rules.paths();
  } finally {
    zip.close();
  }
}

async function unpackEntry(
  zip: ZipFile,
  entry: Entry,
  target: string | null,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `${folder}/${entry.fileName}`;
  if (entry.fileName.endsWith('/')) return makeFoldersWithin(folder, entry.fileName);
  makeFoldersWithin(folder, dirname(entry.fileName));
  rmSync(path, { force: true });
  if (target !== null) return symlinkSync(target, path);
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { flags: 'wx' }), {
    signal,
  });
  const mode = (entry.externalFileAttributes >>> 16) & MODE;
  if (mode !== 0) chmodSync(path, mode);
}

function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & FILE_TYPE) === LINK;
}

function entriesOf(zip: ZipFile): Promise<readonly Entry[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Entry[]>();
  const entries: Entry[] = [];
  zip.on('entry', (entry: Entry) => {
    entries.push(entry);
    zip.readEntry();
  });
  zip.on('end', () => resolve(entries));
  zip.on('error', reject);
  zip.readEntry();
  return promise;
}
