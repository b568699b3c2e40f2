/**
 * Control groups of version 2: one tree. A group that is divided further has no processes of its own, so a container's own
 * are in its `leaf`. (Which devices a group may use is told by programs in the kernel, not by files: GPUs are not kept apart.)
 */
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Cgroups, type CgroupUsage, NESTED } from './cgroups.ts';
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
import type { ContainerLimits } from './limits.ts';

const CONTROLLERS = ['cpu', 'memory', 'pids'] as const;
const LEAF = 'leaf';
const PERIOD_US = 100_000;
const MIN_QUOTA_US = 1000;
const [MIN_WEIGHT, MAX_WEIGHT] = [1, 10_000];

/** `null`: this machine has them not, or they are not ours to write. @param root of the agent's groups, below the mount */
export function openCgroupsV2(mount: string, root: string): CgroupsV2 | null {
  const offered = readControl(join(mount, 'cgroup.controllers'))?.split(' ') ?? [];
  if (!CONTROLLERS.every((controller) => offered.includes(controller))) return null;
  try {
    accessSync(join(mount, 'cgroup.subtree_control'), constants.W_OK);
    return new CgroupsV2(mount, root);
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return null;
    throw error;
  }
}

export class CgroupsV2 implements Cgroups {
  readonly description: string;
  private readonly mount: string;
  private readonly root: string;

  /** @throws Error where the files cannot be written */
  constructor(mount: string, root: string) {
    this.mount = mount;
    this.root = root;
    this.divide(root);
    this.description = `cgroups v2 (${CONTROLLERS.join(', ')}) at ${join(mount, root)}; not held to: GPUs`;
  }

  create(group: string): void {
    this.divide(join(this.root, group));
    for (const name of [LEAF, NESTED]) mkdirSync(join(this.folder(group), name), { recursive: true });
    this.divide(join(this.root, group, NESTED));
  }

  joinFiles(group: string): readonly string[] {
    return [join(this.folder(group), LEAF, 'cgroup.procs')];
  }

  setLimits(group: string, limits: ContainerLimits, mayShrink: boolean): void {
    const { cpus, cpusMax, memBytes, memMaxBytes } = limits;
    const set = (file: string, value: string | number) => writeControl(join(this.folder(group), file), value);
    set('cpu.weight', weightOf(cpus));
    set(
      'cpu.max',
      `${cpusMax === null ? 'max' : Math.max(MIN_QUOTA_US, Math.round(cpusMax * PERIOD_US))} ${PERIOD_US}`,
    );
    set('memory.low', Math.floor(memBytes));
    const before = readNumber(join(this.folder(group), 'memory.max')) ?? Infinity;
    if (!mayShrink && (memMaxBytes ?? Infinity) < before) return;
    set('memory.max', memMaxBytes === null ? 'max' : Math.floor(memMaxBytes));
    if (readControl(join(this.folder(group), 'memory.swap.max')) !== null)
      set('memory.swap.max', memMaxBytes === null ? 'max' : 0);
  }

  setMaxProcesses(group: string, count: number): void {
    writeControl(join(this.folder(group), 'pids.max'), count);
  }

  setGpus(): void {}

  processes(group: string): readonly number[] {
    return processIds(this.folder(group));
  }

  kill(group: string): void {
    const file = join(this.folder(group), 'cgroup.kill');
    if (existsSync(file)) writeControl(file, 1);
    else killAll(this.processes(group));
  }

  remove(group: string): void {
    for (const folder of foldersBelow(this.folder(group))) removeFolder(folder);
  }

  usage(group: string): CgroupUsage | null {
    const folder = this.folder(group);
    const total = readNumber(join(folder, 'memory.current'));
    if (total === null) return null;
    const amounts = readTable(join(folder, 'memory.stat'));
    const cpu = readTable(join(folder, 'cpu.stat'));
    const seconds = (name: string) => (cpu.get(name) ?? 0) / 1e6;
    return {
      cpuUserSeconds: seconds('user_usec'),
      cpuSystemSeconds: seconds('system_usec'),
      periods: cpu.get('nr_periods') ?? 0,
      throttledPeriods: cpu.get('nr_throttled') ?? 0,
      throttledSeconds: seconds('throttled_usec'),
      memTotalBytes: total,
      memAnonBytes: amounts.get('anon') ?? 0,
      memFileBytes: amounts.get('file') ?? 0,
      memMappedBytes: amounts.get('file_mapped') ?? 0,
    };
  }

  /** `oom` counts in the group whose limit was reached and in those around it; below them, in none. */
  isOutOfMemory(group: string): boolean {
    const folder = this.folder(group);
    const own = readTable(join(folder, 'memory.events'));
    if ((own.get('oom_kill') ?? 0) === 0) return false;
    const local = readTable(join(folder, 'memory.events.local'));
    return (local.get('oom') ?? own.get('oom') ?? 0) > 0;
  }

  peakMemory(group: string): number | null {
    return readNumber(join(this.folder(group), 'memory.peak'));
  }

  containers(): readonly string[] {
    return readdirSync(join(this.mount, this.root), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  }

  close(): void {
    removeIfEmpty(join(this.mount, this.root));
  }

  private folder(group: string): string {
    return join(this.mount, this.root, group);
  }

  /** Makes the group, in which groups may be limited; so may it itself, as those around it are divided. */
  private divide(path: string): void {
    const control = CONTROLLERS.map((controller) => `+${controller}`).join(' ');
    let folder = this.mount;
    writeControl(join(folder, 'cgroup.subtree_control'), control);
    for (const part of path.split('/').filter(Boolean)) {
      folder = join(folder, part);
      mkdirSync(folder, { recursive: true });
      writeControl(join(folder, 'cgroup.subtree_control'), control);
    }
  }
}

/** As shares of version 1 become weights: 2 to 262144 onto 1 to 10000. */
function weightOf(cpus: number): number {
  const shares = Math.min(262_144, Math.max(2, Math.round(cpus * 1024)));
  return Math.min(MAX_WEIGHT, Math.max(MIN_WEIGHT, 1 + Math.floor(((shares - 2) * 9999) / 262_142)));
}
