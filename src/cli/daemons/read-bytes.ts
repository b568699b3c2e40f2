/** Files that flags name: keys, certificates, credentials. */
import { readFileSync } from 'node:fs';
import { InputError } from '../../cluster/errors.ts';

/** @throws InputError FILE_MISSING */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError('FILE_MISSING', `cannot be read (${code})`, { file });
  }
}
