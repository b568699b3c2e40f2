/** Containers as processes of this machine, held together and to their limits by control groups where there are any. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { ContainerEnd, ContainerLaunch } from '../../agent/io.ts';
import type {
  CommandInfo,
  ContainerID,
  ContainerStatus,
  Resource,
  ResourceStatistics,
} from '../../protocol/v1/mesos.ts';
import { type Cgroups, NESTED } from './cgroups.ts';
import { Container, type ContainerSteps } from './container.ts';
import { type ContainerRecord, savedRecords, saveRecord } from './container-record.ts';
import type {
  ContainerEvents,
  ContainerOutput,
  ContainerRuntime,
  LimitScalars,
  NestedLaunch,
} from './container-runtime.ts';
import { ContainerWatch } from './container-watch.ts';
import { environmentOf } from './environment.ts';
import { Fetcher } from './fetcher/fetcher.ts';
import { followOutput } from './follow-output.ts';
import { GpuPool, gpuCount, machineGpus } from './gpus.ts';
import { shellScript } from './launcher/shell-script.ts';
import { findSupervised, type Supervised, supervise } from './launcher/supervise.ts';
import { type ContainerLimits, limitsOf } from './limits.ts';
import { portRanges } from './listening-ports.ts';
import type { PinnedFolder } from './pinned-folder.ts';
import { ProcessGroups } from './process-groups.ts';
import { bootId } from './process-identity.ts';
import { agentName, type RuntimeOptions } from './runtime-options.ts';
import {
  asFolderName,
  createSandbox,
  giveSandbox,
  openOutput,
  removeSandboxFolder,
  withinFolder,
} from './sandbox.ts';
import { statisticsOf } from './usage.ts';
import { asUser, findUser, isRoot, type User } from './users.ts';

interface Program {
  readonly command: CommandInfo;
  readonly environment: Readonly<Record<string, string>>;
  readonly hasInput: boolean;
}

const SIGKILL = 9;
const META = 'meta/containers';
const FETCHED = 'meta/fetched';
const END_TIMEOUT_MS = 60_000;
/** For the agent to write down that a container ended; an agent that is killed before is told once more. */
const KEEP_RECORD_MS = 10_000;

export class ProcessRuntime implements ContainerRuntime {
  readonly capabilities: readonly string[];
  private readonly options: RuntimeOptions;
  private readonly events: ContainerEvents;
  private readonly cgroups: Cgroups | null;
  private readonly groups: ProcessGroups;
  private readonly fetcher: Fetcher;
  /** By group; nested ones stay after their end, until they are removed or what they are in ends. */
  private readonly containers = new Map<string, Container>();
  private readonly bootId = bootId();
  private readonly stopping = new AbortController();
  private readonly watch: ContainerWatch;
  private readonly gpus = new GpuPool(machineGpus());

  constructor(
    options: RuntimeOptions,
    cgroups: Cgroups | null,
    events: ContainerEvents,
    capabilities: readonly string[],
  ) {
    this.options = options;
    this.events = events;
    this.cgroups = cgroups;
    this.groups = new ProcessGroups(cgroups, agentName(options));
    this.fetcher = new Fetcher({ ...options, folder: join(options.workDir, FETCHED) });
    this.capabilities = capabilities;
    this.watch = new ContainerWatch(options, cgroups, this.groups, this.containers);
  }

  stop(): void {
    this.watch.stop();
    this.stopping.abort();
    this.cgroups?.close();
  }

  async recover(): Promise<readonly string[]> {
    const records = savedRecords(join(this.options.workDir, META));
    const running: string[] = [];
    for (const record of records) {
      const container = this.add(record, null);
      this.gpus.adopt(record.gpus);
      const isOfThisRun = record.bootId === this.bootId;
      container.adopt(isOfThisRun ? findSupervised(this.folder(record.group), this.stopping.signal) : null);
      if (isTop(record.group)) running.push(record.group);
    }
    await this.endOrphans(new Set(running));
    return running;
  }

  launch(launch: ContainerLaunch, environment: Readonly<Record<string, string>>): void {
    const { container: group, command, framework, sandbox, resources, task } = launch;
    const own = task?.resources === undefined ? null : limitsOf(task.resources);
    const asked = limitsOf(resources);
    const overhead = own && { cpus: asked.cpus - own.cpus, memBytes: asked.memBytes - own.memBytes };
    const limits = limitsOf(resources, task?.limits, this.options.cgroupsEnableCfs, overhead ?? undefined);
    const user = command?.user ?? framework.user;
    const record: ContainerRecord = {
      ...this.record(asFolderName(group), withinFolder('', sandbox), user, limits),
      ports: portRanges(resources),
      gpus: this.gpus.take(gpuCount(resources)),
    };
    const container = this.add(record, { command: command ?? {}, environment, hasInput: false });
    container.launch().then(
      () => this.events.launched(group),
      () => {},
    );
  }

  update(group: string, resources: readonly Resource[], limits?: LimitScalars): void {
    const container = this.containers.get(group);
    if (container === undefined || container.hasEnded) return;
    const own = limitsOf(resources, limits, this.options.cgroupsEnableCfs);
    const gpus = this.gpus.change(container.record.gpus, gpuCount(resources));
    container.record = { ...container.record, limits: own, ports: portRanges(resources), gpus };
    saveRecord(this.folder(group), container.record);
    this.cgroups?.setLimits(group, own, false);
    this.setGpus(container.record);
  }

  destroy(group: string): void {
    this.containers.get(group)?.destroy();
  }

  removeSandbox(sandbox: string): void {
    removeSandboxFolder(withinFolder(this.options.workDir, sandbox));
  }

  async statistics(group: string): Promise<ResourceStatistics | null> {
    const container = this.containers.get(group);
    if (container === undefined || container.hasEnded) return null;
    const { diskBytes, record } = container;
    return {
      ...statisticsOf(group, record.limits, this.cgroups, this.groups.processes(group), Date.now() / 1000),
      ...(diskBytes !== null && { disk_used_bytes: diskBytes }),
    };
  }

  status(group: string): ContainerStatus | null {
    const container = this.containers.get(group);
    if (container === undefined) return null;
    const { process } = container;
    return { container_id: { value: group }, ...(process !== null && { executor_pid: process.pid }) };
  }

  async launchNested(id: ContainerID, launch: NestedLaunch): Promise<'launched' | 'already'> {
    return this.startNested(id, launch, false);
  }

  async launchSession(id: ContainerID, launch: NestedLaunch): Promise<ContainerOutput> {
    if ((await this.startNested(id, launch, true)) === 'already')
      throw new Error(`container ${groupOf(id)} is there already; a session needs an id of its own`);
    return this.output(id)!;
  }

  async waitNested(id: ContainerID): Promise<ContainerEnd | null> {
    return this.containers.get(groupOf(id))?.ended ?? null;
  }

  killNested(id: ContainerID, signal: number): boolean {
    const container = this.containers.get(groupOf(id));
    if (container === undefined) return false;
    if (container.hasEnded) return true;
    if (signal === SIGKILL || container.process === null) container.destroy();
    else container.signal(signal);
    return true;
  }

  async removeNested(id: ContainerID): Promise<boolean> {
    const group = groupOf(id);
    const container = this.containers.get(group);
    if (container === undefined) return false;
    if (!container.hasEnded)
      throw new Error(`container ${group} still runs; kill it and wait for its end first`);
    this.forget(group);
    removeSandboxFolder(join(this.options.workDir, container.record.sandbox));
    return true;
  }

  output(id: ContainerID): ContainerOutput | null {
    const container = this.containers.get(groupOf(id));
    if (container === undefined) return null;
    return followOutput(join(this.options.workDir, container.record.sandbox), container.ended);
  }

  input(id: ContainerID): Writable | null {
    return this.containers.get(groupOf(id))?.input ?? null;
  }

  private async startNested(
    id: ContainerID,
    launch: NestedLaunch,
    hasInput: boolean,
  ): Promise<'launched' | 'already'> {
    const group = groupOf(id);
    if (this.containers.has(group)) return 'already';
    const { record, environment } = this.nestedRecord(id, group, launch);
    const container = this.add(record, { command: launch.command ?? {}, environment, hasInput });
    try {
      await container.launch();
    } catch (error) {
      this.forget(group);
      throw error;
    }
    return 'launched';
  }

  private nestedRecord(
    id: ContainerID,
    group: string,
    { command, container: info, resources, limits }: NestedLaunch,
  ): { readonly record: ContainerRecord; readonly environment: Readonly<Record<string, string>> } {
    if (info?.type === 'DOCKER' || info?.mesos?.image !== undefined)
      throw new Error(
        'nested containers run on the files of this machine; tasks of their own can have an image',
      );
    const around = id.parent === undefined ? null : this.containers.get(groupOf(id.parent));
    if (around === undefined || around?.hasEnded)
      throw new Error(`container ${groupOf(id.parent!)}, in which it is to run, is not there`);
    const sandbox = join(around?.record.sandbox ?? '', NESTED, asFolderName(id.value));
    const isShared = around !== null && info?.linux_info?.share_cgroups !== false;
    const own = isShared ? null : limitsOf(resources ?? [], limits, this.options.cgroupsEnableCfs);
    const folder = join(this.options.workDir, sandbox);
    return {
      record: this.record(group, sandbox, command?.user ?? around?.record.user ?? undefined, own),
      environment: {
        PATH: DEFAULT_PATH,
        MESOS_DIRECTORY: folder,
        MESOS_SANDBOX: folder,
        MESOS_CONTAINER_IP: '127.0.0.1',
        ...environmentOf(command?.environment),
      },
    };
  }

  private record(
    group: string,
    sandbox: string,
    user: string | undefined,
    limits: ContainerLimits | null,
  ): ContainerRecord {
    const isSwitched = isRoot && this.options.switchUser && user !== undefined && user !== '';
    const { bootId } = this;
    return { group, sandbox, user: isSwitched ? user : null, limits, ports: [], gpus: [], bootId };
  }

  private add(record: ContainerRecord, program: Program | null): Container {
    const { group } = record;
    const container = new Container(record, this.steps(record, program));
    this.containers.set(group, container);
    container.ended.then((end) => {
      if (!isTop(group)) return;
      for (const other of this.containers.keys()) if (isWithin(other, group)) this.containers.delete(other);
      setTimeout(() => this.forget(group), KEEP_RECORD_MS).unref();
      this.events.ended(group, end);
    });
    return container;
  }

  private steps(record: ContainerRecord, program: Program | null): ContainerSteps {
    const { group, user: name } = record;
    const current = () => this.containers.get(group)!;
    // What it starts in, while it is launched.
    let sandbox: PinnedFolder | null = null;
    let user: User | null = null;
    return {
      prepare: async (signal) => {
        saveRecord(this.folder(group), current().record);
        user = name === null ? null : await findUser(name);
        sandbox = createSandbox(this.options.workDir, record.sandbox);
        await this.fetcher.fetch({ uris: program!.command.uris ?? [], sandbox: sandbox.path, user, signal });
        if (user !== null) giveSandbox(sandbox, user);
        this.cgroups?.create(group);
        this.limit(current().record);
      },
      start: async () => this.start(record, program!, sandbox!, user),
      launched: () => sandbox?.close(),
      endProcesses: () => this.endAll(group),
      limitation: () => this.watch.memoryLimitation(current()),
      release: () => {
        // With its group goes the kernel's word that something in it was killed for want of memory around it.
        this.watch.lookAtMemory();
        this.gpus.give(current().record.gpus);
        this.cgroups?.remove(group);
      },
    };
  }

  private limit(record: ContainerRecord): void {
    const { group, limits } = record;
    if (this.cgroups === null) return;
    this.setGpus(record);
    if (limits !== null) this.cgroups.setLimits(group, limits, true);
    if (this.options.maxProcesses !== null) this.cgroups.setMaxProcesses(group, this.options.maxProcesses);
  }

  /** Nested containers have those of what they are in. */
  private setGpus({ group, gpus }: ContainerRecord): void {
    if (!this.gpus.isEmpty && isTop(group)) this.cgroups?.setGpus(group, gpus);
  }

  private start(
    { group, sandbox: path }: ContainerRecord,
    { command, environment, hasInput }: Program,
    sandbox: PinnedFolder,
    user: User | null,
  ): Promise<Supervised> {
    return supervise({
      folder: this.folder(group),
      directory: join(this.options.workDir, path),
      script: shellScript(command, { ...environment, ...this.groups.marks(group) }),
      prefix: user === null ? [] : asUser(user),
      groups: this.cgroups?.joinFiles(group) ?? [],
      stdout: openOutput(sandbox, 'stdout', user),
      stderr: openOutput(sandbox, 'stderr', user),
      hasInput,
    });
  }

  private async endAll(group: string): Promise<void> {
    const inner = [...this.containers]
      .filter(([other]) => isWithin(other, group))
      .map(([, container]) => container);
    for (const container of inner) if (!container.hasEnded) container.destroy();
    await this.groups.end(group, END_TIMEOUT_MS);
    await Promise.all(inner.map(({ ended }) => ended));
  }

  /** Groups of an agent's containers that nobody wrote down or ended. */
  private async endOrphans(known: ReadonlySet<string>): Promise<void> {
    if (this.cgroups === null) return;
    for (const group of this.cgroups.containers()) {
      if (known.has(group)) continue;
      await this.groups.end(group, END_TIMEOUT_MS);
      this.cgroups.remove(group);
    }
  }

  private forget(group: string): void {
    this.containers.delete(group);
    rmSync(this.folder(group), { recursive: true, force: true });
  }

  private folder(group: string): string {
    return join(this.options.workDir, META, group);
  }
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** @throws Error where an id cannot be the name of a folder */
function groupOf({ value, parent }: ContainerID): string {
  const name = asFolderName(value);
  return parent === undefined ? name : join(groupOf(parent), NESTED, name);
}

function isTop(group: string): boolean {
  return !group.includes('/');
}

function isWithin(group: string, around: string): boolean {
  return group.startsWith(`${around}/`);
}
