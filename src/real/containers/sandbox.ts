/** Folders of containers, with the files that hold what they write (reference §5.4). */
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import type { User } from './users.ts';

/** @throws Error where a path is absolute, or leads out of the folder that it is to be in */
export function withinFolder(folder: string, path: string): string {
  const normal = normalize(path);
  if (isAbsolute(path) || normal === '.' || normal.split('/')[0] === '..' || path.includes('\0'))
    throw new Error(
      `${JSON.stringify(path)} does not lead into its folder; expected a relative path without ..`,
    );
  return join(folder, normal);
}

/** @throws Error where an id cannot be the name of a folder */
export function asFolderName(id: string): string {
  if (id === '' || id === '.' || id === '..' || /[/\\\0]/.test(id))
    throw new Error(`${JSON.stringify(id)} cannot be the name of a folder; expected an id without slashes`);
  return id;
}

/** Makes it, with its files, for the user; the newest run of an executor is also called `latest`. */
export function createSandbox(folder: string, owner: User | null): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o751);
  for (const name of ['stdout', 'stderr']) {
    const file = join(folder, name);
    closeSync(openSync(file, 'a', 0o644));
    give(file, owner);
  }
  give(folder, owner);
  const runs = dirname(folder);
  if (basename(runs) === 'runs') linkLatest(runs, basename(folder));
}

export function removeSandboxFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function give(path: string, owner: User | null): void {
  if (owner !== null) chownSync(path, owner.uid, owner.gid);
}

function linkLatest(runs: string, name: string): void {
  const made = join(runs, `.latest-${name}`);
  rmSync(made, { force: true });
  symlinkSync(name, made);
  renameSync(made, join(runs, 'latest'));
}
