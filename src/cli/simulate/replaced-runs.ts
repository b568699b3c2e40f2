/** Tells the user of runs that a new run will take the place of though they are of another experiment. */
import { differenceText, runDifferences } from '../../results/run-differences.ts';
import { isRunDirectory, openRun } from '../../results/run-directory.ts';

type RunFacts = Parameters<typeof runDifferences>[0][number];

/** A sentence, or `null` where there is no run, or one of the same trace, seed, options and version. */
export async function replacementWarning(directory: string, made: RunFacts): Promise<string | null> {
  if (!(await isRunDirectory(directory))) return null;
  // A run that can't be read has nothing that could be mistaken for the new one.
  const old = await openRun(directory).catch(() => null);
  if (old === null) return null;
  const differences = runDifferences([old.manifest, made]);
  if (differences.length === 0) return null;
  const texts = differences.map((difference) => differenceText(difference, ['there', 'now']));
  return `${directory} has a run that differs in ${texts.join('; ')}; it will be replaced (another --out keeps both)`;
}
