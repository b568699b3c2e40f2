/** A disk of a few MiB, in memory, which can be filled. Needs root. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class SmallDisk {
  readonly folder: string;
  private readonly mebibytes: number;

  constructor(folder: string, mebibytes: number) {
    this.folder = folder;
    this.mebibytes = mebibytes;
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  }

  /** Not a byte more can be written. */
  fill(): void {
    try {
      writeFileSync(this.filler, Buffer.alloc((this.mebibytes + 1) * 2 ** 20));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  free(): void {
    rmSync(this.filler, { force: true });
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
  }

  private get filler(): string {
    return join(this.folder, 'filler');
  }
}
