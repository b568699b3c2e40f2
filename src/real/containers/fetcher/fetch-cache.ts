/** Fetched files that are kept for the next container that wants them, up to a size; those not used for longest go first. */
import { copyFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly file: string;
  /** `null`: it is still being fetched. */
  bytes: number | null;
  readonly fetched: Promise<void>;
  /** Those who are about to copy it. */
  users: number;
}

export class FetchCache {
  private readonly folder: string;
  private readonly maxBytes: number;
  /** In the order of use. */
  private readonly entries = new Map<string, Entry>();
  private count = 0;

  constructor(folder: string, maxBytes: number) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return [...this.entries.values()].reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  }

  /** Those who want the same at the same time share one download. */
  async copy(key: string, target: string, download: (file: string) => Promise<void>): Promise<void> {
    const known = this.entries.get(key);
    const entry = known ?? this.fetch(key, download);
    entry.users++;
    this.entries.delete(key);
    this.entries.set(key, entry);
    try {
      await entry.fetched;
      copyFileSync(entry.file, target);
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      // Another's download failed, perhaps because it was given up: that is no reason for this one to fail.
      if (known !== undefined && entry.bytes === null) return await this.copy(key, target, download);
      throw error;
    } finally {
      entry.users--;
      this.trim();
    }
  }

  private fetch(key: string, download: (file: string) => Promise<void>): Entry {
    const file = join(this.folder, `kept-${this.count++}`);
    const fetched = download(file).then(
      () => {
        entry.bytes = statSync(file).size;
      },
      (error) => {
        rmSync(file, { force: true });
        throw error;
      },
    );
    const entry: Entry = { file, bytes: null, fetched, users: 0 };
    this.entries.set(key, entry);
    return entry;
  }

  private trim(): void {
    let used = this.usedBytes;
    for (const [key, { file, bytes, users }] of this.entries) {
      if (used <= this.maxBytes) return;
      if (users > 0 || bytes === null) continue;
      this.entries.delete(key);
      rmSync(file, { force: true });
      used -= bytes;
    }
  }
}
