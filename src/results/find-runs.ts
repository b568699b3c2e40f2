/** Finds the runs that a user means by naming folders. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../cluster/errors.ts';
import { compareText } from '../cluster/resources.ts';
import { isRunDirectory, openRun, type StoredRun } from './run-directory.ts';

/** How deep below a named folder runs are looked for: sweeps keep runs under seed and policy folders. */
const MAX_DEPTH = 4;

/**
 * Runs in `paths` and below them, each once. Runs side by side in a folder come in the order in which they were made,
 * so that the first policy of a command stays the base of comparisons; folders of runs come by name.
 * @throws InputError FILE_MISSING, RUN_INVALID for a path under which there is no run, or a broken one
 */
export async function findRuns(paths: readonly string[]): Promise<StoredRun[]> {
  const found = new Map<string, StoredRun>();
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
    for (const run of runs) if (!found.has(resolve(run.directory))) found.set(resolve(run.directory), run);
  }
  return [...found.values()];
}

async function runsBelow(directory: string, depth: number): Promise<StoredRun[]> {
  if (await isRunDirectory(directory)) return [await openRun(directory)];
  if (depth === 0) return [];
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const names = folders.map((entry) => entry.name).sort(compareText);
  const nested = await Promise.all(names.map((name) => runsBelow(join(directory, name), depth - 1)));
  const paths = names.map((name) => join(directory, name));
  const besides = nested.flatMap((runs, place) => runs.filter((run) => run.directory === paths[place]));
  const below = nested.flatMap((runs, place) => runs.filter((run) => run.directory !== paths[place]));
  return [...besides.sort(byTimeMade), ...below];
}

function byTimeMade({ manifest: a }: StoredRun, { manifest: b }: StoredRun): number {
  return compareText(a.startedAt, b.startedAt) || (a.policyPlace ?? 0) - (b.policyPlace ?? 0);
}
