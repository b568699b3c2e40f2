/** Control groups of version 1: one tree of groups for each controller. */
import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cgroups, CgroupUsage } from './cgroups.ts';
import {
  foldersBelow,
  killAll,
  processIds,
  readControl,
  readNumber,
  readTable,
  removeFolder,
  removeIfEmpty,
  writeControl,
} from './control-files.ts';
import { machineGpus, NVIDIA_DEVICES } from './gpus.ts';
import type { ContainerLimits } from './limits.ts';

/** Without these nothing is held to its limits. */
const NEEDED = ['cpu', 'memory'] as const;
const WANTED = ['cpu', 'memory', 'cpuacct', 'freezer', 'pids', 'devices'] as const;
type Controller = (typeof WANTED)[number];

const MIN_SHARES = 2;
const PERIOD_US = 100_000;
const MIN_QUOTA_US = 1000;
const TICKS_PER_SECOND = 100;
/** Memory is taken from a group's limit in such lots, at most. */
const CHARGE_BYTES = 64 * 4096;

/** `null`: this machine has them not, or they are not ours to write. @param root of the agent's groups, below the mounts */
export function openCgroupsV1(mount: string, root: string): CgroupsV1 | null {
  const found = new Map<Controller, string>();
  for (const controller of WANTED) {
    const folder = join(mount, controller);
    try {
      accessSync(join(folder, 'cgroup.procs'), constants.W_OK);
      const own = join(folder, root);
      mkdirSync(own, { recursive: true });
      found.set(controller, own);
    } catch (error) {
      if (!['ENOENT', 'EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
    }
  }
  return NEEDED.every((controller) => found.has(controller)) ? new CgroupsV1(found) : null;
}

export class CgroupsV1 implements Cgroups {
  readonly description: string;
  /** Of each controller that there is, where the agent's groups are. */
  private readonly roots: ReadonlyMap<Controller, string>;

  constructor(roots: ReadonlyMap<Controller, string>) {
    this.roots = roots;
    const missing = WANTED.filter((controller) => !roots.has(controller));
    this.description =
      `cgroups v1 (${[...roots.keys()].join(', ')}) at ${roots.get('memory')}` +
      (missing.length === 0 ? '' : `; not held to: ${missing.join(', ')}`);
  }

  create(group: string): void {
    for (const root of this.roots.values()) mkdirSync(join(root, group), { recursive: true });
  }

  joinFiles(group: string): readonly string[] {
    return [...this.roots.values()].map((root) => join(root, group, 'cgroup.procs'));
  }

  setLimits(group: string, limits: ContainerLimits, mayShrink: boolean): void {
    const cpu = this.folder('cpu', group)!;
    const { cpus, cpusMax, memBytes, memMaxBytes } = limits;
    writeControl(join(cpu, 'cpu.shares'), Math.max(MIN_SHARES, Math.round(cpus * 1024)));
    writeControl(
      join(cpu, 'cpu.cfs_quota_us'),
      cpusMax === null ? -1 : Math.max(MIN_QUOTA_US, Math.round(cpusMax * PERIOD_US)),
    );
    const memory = this.folder('memory', group)!;
    writeControl(join(memory, 'memory.soft_limit_in_bytes'), Math.floor(memBytes));
    this.setMemoryLimit(memory, memMaxBytes, mayShrink);
  }

  setMaxProcesses(group: string, count: number): void {
    const pids = this.folder('pids', group);
    if (pids !== null) writeControl(join(pids, 'pids.max'), count);
  }

  setGpus(group: string, gpus: readonly number[]): void {
    const devices = this.folder('devices', group);
    if (devices === null) return;
    const { major, control } = NVIDIA_DEVICES;
    const set = (file: string, minor: number) => writeControl(join(devices, file), `c ${major}:${minor} rwm`);
    for (const gpu of machineGpus()) set(gpus.includes(gpu) ? 'devices.allow' : 'devices.deny', gpu);
    set(gpus.length > 0 ? 'devices.allow' : 'devices.deny', control);
  }

  processes(group: string): readonly number[] {
    return processIds(this.folder('memory', group)!);
  }

  /** While it is frozen, nothing of it can fork out of the way. */
  kill(group: string): void {
    const freezers = this.roots.has('freezer') ? foldersBelow(this.folder('freezer', group)!) : [];
    const set = (state: string) => {
      for (const folder of freezers) writeControl(join(folder, 'freezer.state'), state);
    };
    set('FROZEN');
    killAll(this.processes(group));
    set('THAWED');
  }

  remove(group: string): void {
    for (const root of this.roots.values())
      for (const folder of foldersBelow(join(root, group))) removeFolder(folder);
  }

  usage(group: string): CgroupUsage | null {
    const memory = this.folder('memory', group)!;
    const total = readNumber(join(memory, 'memory.usage_in_bytes'));
    if (total === null) return null;
    const amounts = readTable(join(memory, 'memory.stat'));
    const cpu = readTable(join(this.folder('cpu', group)!, 'cpu.stat'));
    const accounting = this.folder('cpuacct', group);
    const times =
      accounting === null ? new Map<string, number>() : readTable(join(accounting, 'cpuacct.stat'));
    return {
      cpuUserSeconds: (times.get('user') ?? 0) / TICKS_PER_SECOND,
      cpuSystemSeconds: (times.get('system') ?? 0) / TICKS_PER_SECOND,
      periods: cpu.get('nr_periods') ?? 0,
      throttledPeriods: cpu.get('nr_throttled') ?? 0,
      throttledSeconds: (cpu.get('throttled_time') ?? 0) / 1e9,
      memTotalBytes: total,
      memAnonBytes: amounts.get('total_rss') ?? 0,
      memFileBytes: amounts.get('total_cache') ?? 0,
      memMappedBytes: amounts.get('total_mapped_file') ?? 0,
    };
  }

  /**
   * Kills are counted in the group of the process that was killed, not in that whose limit was reached, whose counter of
   * failures stays 0 where swap is limited, too; the most it has used tells.
   */
  isOutOfMemory(group: string): boolean {
    const memory = this.folder('memory', group)!;
    const limit = readNumber(join(memory, 'memory.limit_in_bytes')) ?? Infinity;
    if ((this.peakMemory(group) ?? 0) < limit - CHARGE_BYTES) return false;
    return foldersBelow(memory).some(
      (folder) => (readTable(join(folder, 'memory.oom_control')).get('oom_kill') ?? 0) > 0,
    );
  }

  peakMemory(group: string): number | null {
    return readNumber(join(this.folder('memory', group)!, 'memory.max_usage_in_bytes'));
  }

  containers(): readonly string[] {
    const names = [...this.roots.values()].flatMap((root) =>
      readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [entry.name] : [],
      ),
    );
    return [...new Set(names)];
  }

  close(): void {
    for (const root of this.roots.values()) removeIfEmpty(root);
  }

  private folder(controller: Controller, group: string): string | null {
    const root = this.roots.get(controller);
    return root === undefined ? null : join(root, group);
  }

  /** Swap counts, where it is counted; its limit is never below that of memory alone. */
  private setMemoryLimit(memory: string, bytes: number | null, mayShrink: boolean): void {
    const wanted = bytes === null ? -1 : Math.floor(bytes);
    const before = readNumber(join(memory, 'memory.limit_in_bytes')) ?? 0;
    const grows = wanted === -1 || wanted >= before;
    if (!grows && !mayShrink) return;
    const files = ['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'].map((file) => join(memory, file));
    if (grows) files.reverse();
    for (const file of files) if (readControl(file) !== null) writeControl(file, wanted);
  }
}
