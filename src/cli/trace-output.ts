/** Keeps trace commands from replacing a folder that is not a trace of ours. */
import { readdir } from 'node:fs/promises';
import { InputError } from '../cluster/errors.ts';

/** @throws InputError OUTPUT_UNWRITABLE unless the path is free, an empty folder, or a trace that we wrote */
export async function refuseForeignFolder(path: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new InputError('OUTPUT_UNWRITABLE', 'is a file, or can’t be read; name a new folder', {
      file: path,
    });
  }
  if (names.length === 0 || names.includes('trace.json') || names.includes('jobs.csv')) return;
  throw new InputError('OUTPUT_UNWRITABLE', 'holds something else than a trace; name a new folder', {
    file: path,
  });
}
