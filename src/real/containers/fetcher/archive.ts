/** Unpacks archives whose entries all stay within the folder that they are unpacked to; others are refused whole. */
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import * as tar from 'tar';
import { EntryRules } from './entry-rules.ts';
import { text } from './source.ts';
import { unpackZip } from './zip.ts';

export interface ArchiveFormat {
  readonly container: 'tar' | 'zip' | 'none';
  readonly compression: 'gzip' | 'bzip2' | 'xz' | 'none';
}

const FORMATS: readonly (readonly [ending: RegExp, ArchiveFormat])[] = [
  [/\.tar$/, { container: 'tar', compression: 'none' }],
  [/\.(tar\.gz|tgz)$/, { container: 'tar', compression: 'gzip' }],
  [/\.(tar\.bz2|tbz2)$/, { container: 'tar', compression: 'bzip2' }],
  [/\.(tar\.xz|txz)$/, { container: 'tar', compression: 'xz' }],
  [/\.zip$/, { container: 'zip', compression: 'none' }],
  [/\.gz$/, { container: 'none', compression: 'gzip' }],
];

/** By the file's name, as Mesos does. `null`: it is none. */
export function archiveFormat(name: string): ArchiveFormat | null {
  return FORMATS.find(([ending]) => ending.test(name))?.[1] ?? null;
}

/** @returns what was made. @throws Error that names the entry at fault */
export async function unpack(
  { container, compression }: ArchiveFormat,
  file: string,
  folder: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (container === 'zip') return unpackZip(file, folder, signal);
  if (container === 'none') {
    const target = file.replace(/\.gz$/, '');
    rmSync(target, { force: true });
    await pipeline(decompressed(file, compression, signal), createWriteStream(target, { flags: 'wx' }), {
      signal,
    });
    return [target];
  }
  const entries = await checkedEntries(decompressed(file, compression, signal), folder, signal);
  // Its own rules refuse links to links, which many archives have; ours have been kept to.
  const unpacker = tar.x({ cwd: folder, strict: true, preserveOwner: false, preservePaths: true });
  await pipeline(decompressed(file, compression, signal), unpacker as unknown as NodeJS.WritableStream, {
    signal,
  });
  return entries;
}

/** All are looked at before the first is unpacked. */
async function checkedEntries(
  archive: Readable,
  folder: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rules = new EntryRules(folder);
  let problem: Error | null = null;
  const lister = tar.t({
    strict: true,
    onReadEntry({ path, type, linkpath }) {
      try {
        if (type === 'SymbolicLink') rules.addLink(path, linkpath ?? '');
        else if (type === 'Link') rules.addHardLink(path, linkpath ?? '');
        else if (['File', 'OldFile', 'ContiguousFile', 'Directory'].includes(type)) rules.add(path);
        else throw new Error(`entry ${JSON.stringify(path)} is neither file, folder nor link`);
      } catch (error) {
        problem ??= error as Error;
      }
    },
  });
  await pipeline(archive, lister as unknown as NodeJS.WritableStream, { signal });
  if (problem !== null) throw problem;
  return rules.paths();
}

function decompressed(
  file: string,
  compression: ArchiveFormat['compression'],
  signal: AbortSignal,
): Readable {
  if (compression === 'none') return createReadStream(file);
  if (compression === 'gzip') {
    const gunzip = createGunzip();
    const source = createReadStream(file);
    source.on('error', (error) => gunzip.destroy(error));
    return source.pipe(gunzip);
  }
  const child = spawn(compression, ['-dc', '--', file], { stdio: ['ignore', 'pipe', 'pipe'], signal });
  const trouble = text(child.stderr);
  child.on('error', (error) => child.stdout.destroy(error));
  child.on('close', async (code) => {
    if (code !== 0) child.stdout.destroy(new Error((await trouble).trim() || `${compression} failed`));
  });
  return child.stdout;
}
