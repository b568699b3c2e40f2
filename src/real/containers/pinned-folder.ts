/**
 * A folder held open, so that what is done in it is done there and nowhere else, even if its owner, who may be anybody,
 * meanwhile puts a link in place of it or of a folder around it.
 */
import { closeSync, constants, lstatSync, mkdirSync, openSync, rmSync } from 'node:fs';

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

export class PinnedFolder {
  private readonly handle: number;

  private constructor(handle: number) {
    this.handle = handle;
  }

  /** Made where it is missing. @param path relative, without `..` @throws Error where a part of it is a link, or no folder */
  static open(root: string, path: string, isMade = false): PinnedFolder {
    let at = new PinnedFolder(openSync(root, O_RDONLY | O_DIRECTORY));
    for (const part of path.split('/').filter((part) => part !== '' && part !== '.')) {
      try {
        if (isMade) makeFolder(`${at.path}/${part}`);
        const next = openSync(`${at.path}/${part}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        at.close();
        at = new PinnedFolder(next);
      } catch (error) {
        at.close();
        throw new Error(
          `${path}: ${part} is not a folder that can be used (${(error as NodeJS.ErrnoException).code})`,
        );
      }
    }
    return at;
  }

  /** Of the folder, wherever it is now, for this process and those it starts; until it is closed. */
  get path(): string {
    return `/proc/${process.pid}/fd/${this.handle}`;
  }

  close(): void {
    closeSync(this.handle);
  }
}

/** With all folders around it that are missing; what is a link is replaced. @param path relative, without `..` */
export function makeFoldersWithin(folder: string, path: string): void {
  let made = folder;
  for (const part of path.split('/').filter((part) => part !== '' && part !== '.')) {
    made = `${made}/${part}`;
    if (lstatSync(made, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(made);
    makeFolder(made);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
