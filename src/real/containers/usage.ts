/** What a container uses, as operators see it. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ResourceStatistics } from '../../protocol/v1/mesos.ts';
import type { Cgroups } from './cgroups.ts';
import type { ContainerLimits } from './limits.ts';
import { statFields } from './process-identity.ts';

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
const [USER_TICKS, SYSTEM_TICKS] = [11, 12];

/** @param limits `null`: it has none of its own @param timestamp seconds */
export function statisticsOf(
  group: string,
  limits: ContainerLimits | null,
  cgroups: Cgroups | null,
  processes: readonly number[],
  timestamp: number,
): ResourceStatistics {
  return {
    timestamp,
    processes: processes.length,
    threads: processes.reduce((sum, pid) => sum + threadsOf(pid), 0),
    ...(limits !== null && limitFigures(limits)),
    ...(groupFigures(group, cgroups) ?? processFigures(processes)),
  };
}

function limitFigures({
  cpus,
  cpusMax,
  memBytes,
  memMaxBytes,
  diskBytes,
}: ContainerLimits): Partial<ResourceStatistics> {
  return {
    cpus_soft_limit: cpus,
    ...(cpusMax === null ? { cpus_limit: cpus } : { cpus_limit: cpusMax }),
    mem_soft_limit_bytes: memBytes,
    ...(memMaxBytes !== null && { mem_limit_bytes: memMaxBytes }),
    ...(diskBytes !== null && { disk_limit_bytes: diskBytes }),
  };
}

function groupFigures(group: string, cgroups: Cgroups | null): Partial<ResourceStatistics> | null {
  const usage = cgroups?.usage(group);
  if (usage === null || usage === undefined) return null;
  return {
    cpus_user_time_secs: usage.cpuUserSeconds,
    cpus_system_time_secs: usage.cpuSystemSeconds,
    cpus_nr_periods: usage.periods,
    cpus_nr_throttled: usage.throttledPeriods,
    cpus_throttled_time_secs: usage.throttledSeconds,
    mem_total_bytes: usage.memTotalBytes,
    mem_anon_bytes: usage.memAnonBytes,
    mem_rss_bytes: usage.memAnonBytes,
    mem_file_bytes: usage.memFileBytes,
    mem_cache_bytes: usage.memFileBytes,
    mem_mapped_file_bytes: usage.memMappedBytes,
  };
}

/** Processes that have ended are not in it. */
function processFigures(processes: readonly number[]): Partial<ResourceStatistics> {
  const times = processes.map((pid) => statFields(pid) ?? []);
  const seconds = (field: number) =>
    times.reduce((sum, fields) => sum + Number(fields[field] ?? 0), 0) / TICKS_PER_SECOND;
  return {
    cpus_user_time_secs: seconds(USER_TICKS),
    cpus_system_time_secs: seconds(SYSTEM_TICKS),
    mem_rss_bytes: processes.reduce((sum, pid) => sum + residentBytes(pid), 0),
  };
}

function threadsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length;
  } catch {
    return 0;
  }
}

function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
