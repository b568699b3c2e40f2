/**
 * Control groups of one agent's containers, whichever version the machine has. Groups are named by paths that start with
 * a container's id; those of nested containers lie below their parent's.
 */
import type { ContainerLimits } from './limits.ts';

export interface CgroupUsage {
  readonly cpuUserSeconds: number;
  readonly cpuSystemSeconds: number;
  readonly periods: number;
  readonly throttledPeriods: number;
  readonly throttledSeconds: number;
  readonly memTotalBytes: number;
  readonly memAnonBytes: number;
  readonly memFileBytes: number;
  readonly memMappedBytes: number;
}

export interface Cgroups {
  /** What of the limits holds, for people. */
  readonly description: string;
  create(group: string): void;
  /** The files to which a process writes its id to be in the group. */
  joinFiles(group: string): readonly string[];
  /** @param mayShrink whether the limit of memory may become smaller, too */
  setLimits(group: string, limits: ContainerLimits, mayShrink: boolean): void;
  setMaxProcesses(group: string, count: number): void;
  /** Of the machine's GPUs the group's processes get these, by number. */
  setGpus(group: string, gpus: readonly number[]): void;
  /** In it and below it. */
  processes(group: string): readonly number[];
  /** Sends SIGKILL to all in it and below it. Some may take a while to go. */
  kill(group: string): void;
  /** With all below it. @throws Error where there are processes in it */
  remove(group: string): void;
  /** `null`: there is no such group any more. */
  usage(group: string): CgroupUsage | null;
  /** Whether the kernel killed a process of it because the group, not one around or below it, was out of memory. */
  isOutOfMemory(group: string): boolean;
  /** The most memory it has used, in bytes. */
  peakMemory(group: string): number | null;
  /** Of containers that are not nested, by id. */
  containers(): readonly string[];
  /** Takes away the agent's own groups, if there are no containers in them. */
  close(): void;
}

/** Below a container's group: of its nested containers. */
export const NESTED = 'containers';
