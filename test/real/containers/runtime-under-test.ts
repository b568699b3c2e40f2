/** A runtime in a work directory of its own, with what it reported; nothing of it is left behind. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerEnd, ContainerLaunch } from '../../../src/agent/io.ts';
import type { CommandInfo } from '../../../src/protocol/v1/mesos.ts';
import type { ContainerRuntime } from '../../../src/real/containers/container-runtime.ts';
import { createContainerRuntime } from '../../../src/real/containers/create-runtime.ts';
import {
  agentName,
  DEFAULT_RUNTIME,
  type RuntimeOptions,
} from '../../../src/real/containers/runtime-options.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';

export class RuntimeUnderTest {
  readonly workDir: string;
  runtime: ContainerRuntime;
  private readonly options: RuntimeOptions;
  private readonly starts = new Map<string, PromiseWithResolvers<void>>();
  private readonly ends = new Map<string, PromiseWithResolvers<ContainerEnd>>();
  /** How often each was reported as ended. */
  readonly endCounts = new Map<string, number>();

  constructor(options: Partial<RuntimeOptions> = {}) {
    this.workDir = realpathSync(mkdtempSync(join(tmpdir(), 'mesolab-containers-')));
    this.options = { ...DEFAULT_RUNTIME, cgroupsRoot: 'mesolab-test', workDir: this.workDir, ...options };
    this.runtime = this.create();
  }

  /** As a new agent process does; the earlier one looks after its containers no longer. */
  async restart(): Promise<readonly string[]> {
    this.runtime.stop();
    this.runtime = this.create();
    return this.runtime.recover();
  }

  launch(id: string, command: CommandInfo | string, changes: Partial<ContainerLaunch> = {}): void {
    this.runtime.launch(launchOf(id, command, changes), { PATH: process.env.PATH! });
  }

  /** Of the agent, below a controller's mount. */
  get cgroup(): string {
    return `${this.options.cgroupsRoot}/${agentName(this.options)}`;
  }

  forgetRecords(): void {
    rmSync(join(this.workDir, 'meta/containers'), { recursive: true });
  }

  /** Of executor `id`, relative to the work directory. */
  sandbox(id: string): string {
    return sandboxOf(id);
  }

  file(id: string, name: string): string {
    return join(this.workDir, sandboxOf(id), name);
  }

  launched(id: string): Promise<void> {
    return entry(this.starts, id).promise;
  }

  ended(id: string): Promise<ContainerEnd> {
    return entry(this.ends, id).promise;
  }

  async close(): Promise<void> {
    const running = await this.restart();
    for (const id of running) this.runtime.destroy(id);
    await Promise.all(running.map((id) => this.ended(id)));
    this.runtime.stop();
    rmSync(this.workDir, { recursive: true });
  }

  private create(): ContainerRuntime {
    return createContainerRuntime(this.options, {
      launched: (id) => entry(this.starts, id).resolve(),
      ended: (id, end) => {
        this.endCounts.set(id, (this.endCounts.get(id) ?? 0) + 1);
        entry(this.ends, id).resolve(end);
      },
    });
  }
}

export function launchOf(
  id: string,
  command: CommandInfo | string,
  changes: Partial<ContainerLaunch> = {},
): ContainerLaunch {
  return {
    container: id,
    framework: { id: { value: 'f1' }, user: '', name: 'tests' },
    executor: { executor_id: { value: id } },
    task: null,
    command: typeof command === 'string' ? { value: command } : command,
    image: null,
    resources: parseResourcesText('cpus:0.5;mem:64').toWire(),
    sandbox: sandboxOf(id),
    isCheckpointed: true,
    ...changes,
  };
}

function sandboxOf(id: string): string {
  return `slaves/s1/frameworks/f1/executors/${id}/runs/${id}`;
}

function entry<Value>(
  map: Map<string, PromiseWithResolvers<Value>>,
  id: string,
): PromiseWithResolvers<Value> {
  const found = map.get(id) ?? Promise.withResolvers<Value>();
  map.set(id, found);
  return found;
}
