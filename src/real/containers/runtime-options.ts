/** How an agent's containers are run; named as Mesos names its flags (reference §15, §17). */
import { createHash } from 'node:crypto';
import type { LogRotation } from './log-rotation.ts';

export interface RuntimeOptions {
  /** Absolute, with no links in it. */
  readonly workDir: string;
  /** Of the groups that this agent makes, below the mounts; the agent's own are below it. */
  readonly cgroupsRoot: string;
  /** Whether control groups are used where there are any. */
  readonly usesCgroups: boolean;
  /** Whether a container without a limit of cpus gets no more than it asked for. */
  readonly cgroupsEnableCfs: boolean;
  /** In one container; `null`: any number. */
  readonly maxProcesses: number | null;
  /** Whether containers run as the user of their command or framework; only root can. */
  readonly switchUser: boolean;
  /** Of files that were fetched and may be wanted again. */
  readonly fetcherCacheBytes: number;
  /** Without a byte for so long a download is given up. */
  readonly fetcherStallTimeoutMs: number;
  /** Of what containers write to stdout and stderr. */
  readonly logRotation: LogRotation;
  /** Whether a container that uses more of the disk than it has is ended. */
  readonly enforceContainerDiskQuota: boolean;
  readonly containerDiskWatchIntervalMs: number;
  /** Whether a container that listens on a port which it does not have is ended. */
  readonly isolatesPorts: boolean;
  readonly containerPortsWatchIntervalMs: number;
}

export const DEFAULT_RUNTIME = {
  cgroupsRoot: 'mesolab',
  usesCgroups: true,
  cgroupsEnableCfs: false,
  maxProcesses: null,
  switchUser: true,
  fetcherCacheBytes: 2 * 2 ** 30,
  fetcherStallTimeoutMs: 60_000,
  logRotation: { maxBytes: 10 * 2 ** 20, keptFiles: 9 },
  enforceContainerDiskQuota: false,
  containerDiskWatchIntervalMs: 15_000,
  isolatesPorts: false,
  containerPortsWatchIntervalMs: 30_000,
} satisfies Partial<RuntimeOptions>;

/** On this machine; the same at each start, as the work directory is. */
export function agentName({ workDir }: RuntimeOptions): string {
  return createHash('sha256').update(workDir).digest('hex').slice(0, 12);
}
