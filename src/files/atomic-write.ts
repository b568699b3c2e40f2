/** Files and folders that appear whole or not at all: written under a temporary name, then renamed. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError } from '../cluster/errors.ts';
import { claimTemporaryPath, releaseTemporaryPath } from './unfinished.ts';

/** Writes a text or binary file; parent folders are made. @throws InputError OUTPUT_UNWRITABLE */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await writeAtomically(path, async (temporary) => {
    await writeFile(temporary, content);
    await rename(temporary, path);
  });
}

/**
 * Makes a folder that `fill` writes into; a folder that was there before is replaced.
 * @param fill gets the path to write to, which is not the final one
 * @throws InputError OUTPUT_UNWRITABLE; whatever `fill` throws; either way nothing is left and the old folder stays
 */
export async function writeDirectoryAtomically(
  path: string,
  fill: (directory: string) => Promise<void>,
): Promise<void> {
  await writeAtomically(path, async (temporary) => {
    await mkdir(temporary);
    await fill(temporary);
    await replaceDirectory(temporary, path);
  });
}

/** Makes sure that a folder exists and can be written into, before long work. @throws InputError OUTPUT_UNWRITABLE */
export async function ensureWritableDirectory(path: string): Promise<void> {
  await writeAtomically(resolve(path, 'probe'), async (temporary) => writeFile(temporary, ''));
}

async function writeAtomically(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = claimTemporaryPath(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await write(temporary);
  } catch (error) {
    throw asOutputError(error, path);
  } finally {
    releaseTemporaryPath(temporary);
  }
}

/** A folder can't be renamed over a full one: the old one steps aside first, and comes back if the new one can't. */
async function replaceDirectory(temporary: string, path: string): Promise<void> {
  if (!(await exists(path))) return rename(temporary, path);
  const old = `${temporary}-old`;
  await rename(path, old);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rename(old, path);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  EISDIR: 'there is a folder of that name',
  ENAMETOOLONG: 'the name is too long',
};

function asOutputError(error: unknown, path: string): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException)?.code ?? ''];
  if (reason === undefined) return error;
  return new InputError('OUTPUT_UNWRITABLE', `can't be written: ${reason}; choose another place with --out`, {
    file: path,
  });
}
