/** Finds the runs that a user means by naming folders. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../cluster/errors.ts';
import { compareText } from '../cluster/resources.ts';
import { isRunDirectory } from './run-directory.ts';

/** How deep below a named folder runs are looked for: sweeps keep runs under seed and policy folders. */
const MAX_DEPTH = 4;

/**
 * Run folders among `paths` and below them, each once, by path below each named folder.
 * @throws InputError FILE_MISSING, RUN_INVALID for a path under which there is no run
 */
export async function findRuns(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const kind = await stat(path).catch(() => null);
    if (kind === null) {
      throw new InputError('FILE_MISSING', 'does not exist; expected the folder of a run or of several', {
        file: path,
      });
    }
    const runs = kind.isDirectory() ? await runsBelow(path, MAX_DEPTH) : [];
    if (runs.length === 0) {
      throw new InputError(
        'RUN_INVALID',
        'holds no run; expected a folder that `simulate --out` has written',
        {
          file: path,
        },
      );
    }
    for (const run of runs) found.add(run);
  }
  return [...found];
}

async function runsBelow(directory: string, depth: number): Promise<string[]> {
  if (await isRunDirectory(directory)) return [directory];
  if (depth === 0) return [];
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const names = folders.map((entry) => entry.name).sort(compareText);
  const nested = await Promise.all(names.map((name) => runsBelow(join(directory, name), depth - 1)));
  return nested.flat();
}
