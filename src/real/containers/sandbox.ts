/** Folders of containers, with the files that hold what they write (reference §5.4). */
import {
  chmodSync,
  chownSync,
  constants,
  fchownSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { PinnedFolder } from './pinned-folder.ts';
import type { User } from './users.ts';

const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;

export const OUTPUT_FILES = ['stdout', 'stderr'] as const;

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

/**
 * Makes it, still the agent's own; the newest run of an executor is also called `latest`.
 * @param sandbox relative to the work directory
 */
export function createSandbox(workDir: string, sandbox: string): PinnedFolder {
  const folder = PinnedFolder.open(workDir, sandbox, true);
  chmodSync(folder.path, 0o751);
  if (basename(dirname(sandbox)) === 'runs') linkLatest(join(workDir, dirname(sandbox)), basename(sandbox));
  return folder;
}

export function giveSandbox({ path }: PinnedFolder, { uid, gid }: User): void {
  chownSync(path, uid, gid);
}

/** The file of what a container writes. @returns its descriptor */
export function openOutput(
  { path }: PinnedFolder,
  name: (typeof OUTPUT_FILES)[number],
  owner: User | null,
): number {
  const file = openSync(`${path}/${name}`, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o644);
  if (owner !== null) fchownSync(file, owner.uid, owner.gid);
  return file;
}

export function removeSandboxFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function linkLatest(runs: string, name: string): void {
  const made = join(runs, `.latest-${name}`);
  rmSync(made, { force: true });
  symlinkSync(name, made);
  renameSync(made, join(runs, 'latest'));
}
