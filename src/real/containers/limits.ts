/** How much a container may use, out of its resources and its limits (reference §15). */
import type { Resource } from '../../protocol/v1/mesos.ts';
import { Resources } from '../../resources/resources.ts';
import type { LimitScalars } from './container-runtime.ts';

export interface ContainerLimits {
  /** What it is given when others want as much as they can get. */
  readonly cpus: number;
  /** `null`: as much as is left over. */
  readonly cpusMax: number | null;
  readonly memBytes: number;
  /** `null`: as much as there is. */
  readonly memMaxBytes: number | null;
  /** `null`: it has none of its own. */
  readonly diskBytes: number | null;
}

const MIB = 2 ** 20;
/** Below it programs do not even start. */
const MIN_MEM_BYTES = 32 * MIB;

/**
 * @param isCpuBounded whether a container without a limit of `cpus` gets no more than it asked for
 * @param overhead what `resources` have beyond those that the limits are for
 */
export function limitsOf(
  resources: readonly Resource[],
  limits: LimitScalars = {},
  isCpuBounded = false,
  overhead: { readonly cpus: number; readonly memBytes: number } = { cpus: 0, memBytes: 0 },
): ContainerLimits {
  const amounts = Resources.of(resources).quantities();
  const cpus = amounts.get('cpus') / 1000;
  const memBytes = Math.max(MIN_MEM_BYTES, (amounts.get('mem') / 1000) * MIB);
  const cpuLimit = limits.cpus?.value;
  const memLimit = limits.mem?.value;
  const disk = Resources.of(resources)
    .filter(({ disk }) => disk === null)
    .quantities()
    .get('disk');
  return {
    cpus,
    cpusMax: cpuLimit === undefined ? (isCpuBounded ? cpus : null) : finite(cpuLimit + overhead.cpus),
    memBytes,
    memMaxBytes:
      memLimit === undefined ? memBytes : finite(Math.max(MIN_MEM_BYTES, memLimit * MIB + overhead.memBytes)),
    diskBytes: disk === 0 ? null : (disk / 1000) * MIB,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? Math.floor(value * 1000) / 1000 : null;
}
