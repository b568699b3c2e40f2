/** The end of a container that used more memory than it may. */
import type { ContainerEnd } from '../../agent/io.ts';
import type { Cgroups } from './cgroups.ts';
import type { ContainerLimits } from './limits.ts';

const MIB = 2 ** 20;

/** `null`: it was not out of memory, or has no limit of its own. */
export function memoryLimitation(
  cgroups: Cgroups,
  group: string,
  limits: ContainerLimits | null,
): Partial<ContainerEnd> | null {
  if (limits === null || !cgroups.isOutOfMemory(group)) return null;
  const usage = cgroups.usage(group);
  const peakMib = (cgroups.peakMemory(group) ?? usage?.memTotalBytes ?? 0) / MIB;
  const limitMib = (limits.memMaxBytes ?? limits.memBytes) / MIB;
  const parts =
    usage === null
      ? ''
      : ` (anonymous ${mib(usage.memAnonBytes)}, file cache ${mib(usage.memFileBytes)}, mapped ${mib(usage.memMappedBytes)} at the end)`;
  return {
    reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
    message: `Memory limit exceeded: limit ${limitMib.toFixed(0)} MiB, most used ${peakMib.toFixed(1)} MiB${parts}`,
    limitation: [
      { name: 'mem', type: 'SCALAR', scalar: { value: Math.round(peakMib * 1000) / 1000 }, role: '*' },
    ],
  };
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
