/** How much of the disk a sandbox uses, and the end of a container that uses more than it has (`disk/du`). */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerEnd } from '../../agent/io.ts';

const BLOCK_BYTES = 512;
const MIB = 2 ** 20;

/** Of files with several names, once. Links are not followed; what is gone meanwhile does not count. */
export async function diskUsage(folder: string, seen = new Set<string>()): Promise<number> {
  const stats = await lstat(folder).catch(() => null);
  if (stats === null) return 0;
  if (stats.nlink > 1 && !stats.isDirectory()) {
    const file = `${stats.dev}:${stats.ino}`;
    if (seen.has(file)) return 0;
    seen.add(file);
  }
  let bytes = stats.blocks * BLOCK_BYTES;
  if (stats.isDirectory())
    for (const name of await readdir(folder).catch(() => []))
      bytes += await diskUsage(join(folder, name), seen);
  return bytes;
}

/** `null`: it keeps to what it has. */
export function diskLimitation(usedBytes: number, limitBytes: number): Partial<ContainerEnd> | null {
  if (usedBytes <= limitBytes) return null;
  const [used, limit] = [usedBytes / MIB, limitBytes / MIB].map((mib) => Math.round(mib * 1000) / 1000);
  return {
    reason: 'REASON_CONTAINER_LIMITATION_DISK',
    message: `Disk usage (${used} MiB) exceeds quota (${limit} MiB)`,
    limitation: [{ name: 'disk', type: 'SCALAR', scalar: { value: used }, role: '*' }],
  };
}
