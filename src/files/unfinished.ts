/** Names for files and folders that are still being written, and their removal however the process ends. */
import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const unfinished = new Set<string>();
let serial = 0;

/** A new hidden name beside `path`, on the same file system, so that renaming it to `path` is atomic. */
export function claimTemporaryPath(path: string): string {
  if (serial++ === 0) process.once('exit', removeUnfinished);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${serial}.partial`);
  unfinished.add(temporary);
  return temporary;
}

/** Removes what is still there under a temporary name; after a rename there is nothing. */
export function releaseTemporaryPath(temporary: string): void {
  rmSync(temporary, { recursive: true, force: true });
  unfinished.delete(temporary);
}

function removeUnfinished(): void {
  // A thread may still be writing into a folder: what it has added meanwhile goes with the next attempt.
  for (const temporary of unfinished) rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
}
