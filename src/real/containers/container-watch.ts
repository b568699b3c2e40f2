/** Looks at containers from time to time: whether they keep to their limits, and how much they have written. */
import { join } from 'node:path';
import type { ContainerEnd } from '../../agent/io.ts';
import type { Cgroups } from './cgroups.ts';
import type { Container } from './container.ts';
import { diskLimitation, diskUsage } from './disk-quota.ts';
import { listeningSockets, portsLimitation, portsOf } from './listening-ports.ts';
import { rotateLogs } from './log-rotation.ts';
import { memoryLimitation } from './memory-limitation.ts';
import type { ProcessGroups } from './process-groups.ts';
import type { RuntimeOptions } from './runtime-options.ts';

const MEMORY_MS = 250;
const LOGS_MS = 1000;

export class ContainerWatch {
  private readonly options: RuntimeOptions;
  private readonly cgroups: Cgroups | null;
  private readonly groups: ProcessGroups;
  private readonly containers: ReadonlyMap<string, Container>;
  private readonly timers: NodeJS.Timeout[];
  private isMeasuring = false;

  /** @param containers by group */
  constructor(
    options: RuntimeOptions,
    cgroups: Cgroups | null,
    groups: ProcessGroups,
    containers: ReadonlyMap<string, Container>,
  ) {
    this.options = options;
    this.cgroups = cgroups;
    this.groups = groups;
    this.containers = containers;
    this.timers = [
      setInterval(() => this.lookAtMemory(), MEMORY_MS),
      setInterval(() => this.lookAtLogs(), LOGS_MS),
      setInterval(() => this.lookAtDisk(), options.containerDiskWatchIntervalMs),
      setInterval(() => this.lookAtPorts(), options.containerPortsWatchIntervalMs),
    ];
    for (const timer of this.timers) timer.unref();
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** `null`: it keeps to what it has. */
  memoryLimitation({ record: { group, limits } }: Container): Partial<ContainerEnd> | null {
    return this.cgroups === null || limits === null ? null : memoryLimitation(this.cgroups, group, limits);
  }

  lookAtMemory(): void {
    for (const container of this.running()) endFor(container, this.memoryLimitation(container));
  }

  private lookAtLogs(): void {
    for (const { record } of this.running())
      rotateLogs(this.options.workDir, record.sandbox, this.options.logRotation);
  }

  /** Sandboxes of nested containers are in those of their parents. */
  private async lookAtDisk(): Promise<void> {
    if (this.isMeasuring) return;
    this.isMeasuring = true;
    for (const container of this.running()) {
      const limit = container.record.limits?.diskBytes ?? null;
      if (limit === null) continue;
      container.diskBytes = await diskUsage(join(this.options.workDir, container.record.sandbox));
      if (this.options.enforceContainerDiskQuota)
        endFor(container, diskLimitation(container.diskBytes, limit));
    }
    this.isMeasuring = false;
  }

  /** Nested containers share the ports of what they are in. */
  private lookAtPorts(): void {
    if (!this.options.isolatesPorts) return;
    const sockets = listeningSockets();
    for (const container of this.running()) {
      const { group, ports } = container.record;
      if (group.includes('/')) continue;
      endFor(container, portsLimitation(portsOf(this.groups.processes(group), sockets), ports));
    }
  }

  private running(): readonly Container[] {
    return [...this.containers.values()].filter(({ hasEnded, process }) => !hasEnded && process !== null);
  }
}

function endFor(container: Container, limitation: Partial<ContainerEnd> | null): void {
  if (limitation !== null) container.destroy(limitation);
}
