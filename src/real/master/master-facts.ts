/** What a master's process knows of itself. */
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import type { VersionInfo } from '../../protocol/v1/mesos.ts';

export interface MasterFacts {
  /** Those that are not secret. */
  readonly flags: Readonly<Record<string, string>>;
  readonly version: VersionInfo;
  /** As an operator set it, for who asks; the log has one level. */
  loggingLevel: number;
  /** Of the process, since the epoch. */
  readonly startSeconds: number;
  /** By the names of /metrics/snapshot (reference §16). */
  measures(): ReadonlyMap<string, number>;
}

export function createFacts(flags: Readonly<Record<string, string>>, version: VersionInfo): MasterFacts {
  const startSeconds = Date.now() / 1000;
  return {
    flags,
    version,
    loggingLevel: 0,
    startSeconds,
    measures() {
      const [load1, load5, load15] = loadavg();
      return new Map([
        ['master/uptime_secs', Date.now() / 1000 - startSeconds],
        ['system/cpus_total', availableParallelism()],
        ['system/load_1min', load1],
        ['system/load_5min', load5],
        ['system/load_15min', load15],
        ['system/mem_total_bytes', totalmem()],
        ['system/mem_free_bytes', freemem()],
      ]);
    },
  };
}
