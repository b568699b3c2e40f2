/** Containers that are plain processes, for tests of what is around them: they outlive the agent, nothing limits them. */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContainerEnd, ContainerLaunch } from '../../../src/agent/io.ts';
import type { ContainerEvents, ContainerRuntime } from '../../../src/real/containers/container-runtime.ts';

const POLL_MS = 50;

export class PlainContainers implements ContainerRuntime {
  private readonly workDir: string;
  private readonly events: ContainerEvents;
  readonly capabilities = ['nothing isolates containers'];
  private readonly pids = new Map<string, number>();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(workDir: string, events: ContainerEvents) {
    this.workDir = workDir;
    this.events = events;
    mkdirSync(join(workDir, 'pids'), { recursive: true });
  }

  async recover(): Promise<readonly string[]> {
    for (const container of readdirSync(join(this.workDir, 'pids'))) {
      const pid = Number(readFileSync(join(this.workDir, 'pids', container), 'utf8'));
      if (isAlive(pid)) this.watch(container, pid);
    }
    return [...this.pids.keys()];
  }

  launch(
    { container, sandbox, command }: ContainerLaunch,
    environment: Readonly<Record<string, string>>,
  ): void {
    const cwd = join(this.workDir, sandbox);
    mkdirSync(cwd, { recursive: true });
    rmSync(join(dirname(cwd), 'latest'), { force: true });
    symlinkSync(container, join(dirname(cwd), 'latest'));
    const output = (name: string) => openSync(join(cwd, name), 'a');
    const { shell = true, value = '', arguments: argv = [] } = command!;
    const [file, args] = shell ? ['/bin/sh', ['-c', value]] : [value, argv.slice(1)];
    const child = spawn(file, args, {
      cwd,
      env: environment,
      detached: true,
      stdio: ['ignore', output('stdout'), output('stderr')],
    });
    child.on('error', (error) => this.events.ended(container, endOf(null, error.message)));
    child.on('spawn', () => {
      writeFileSync(join(this.workDir, 'pids', container), String(child.pid));
      this.pids.set(container, child.pid!);
      this.events.launched(container);
    });
    child.on('exit', (code) => {
      this.pids.delete(container);
      this.events.ended(container, endOf(code === null ? 9 : code << 8, null));
    });
    child.unref();
  }

  update(): void {}

  destroy(container: string): void {
    for (const pid of readdirSync('/proc')) if (isOf(container, pid)) process.kill(Number(pid), 'SIGKILL');
  }

  removeSandbox(sandbox: string): void {
    rmSync(join(this.workDir, sandbox), { recursive: true, force: true });
  }

  async statistics(container: string) {
    return this.pids.has(container) ? { timestamp: 1, cpus_limit: 1 } : null;
  }

  status(container: string) {
    const pid = this.pids.get(container);
    return pid === undefined ? null : { executor_pid: pid };
  }

  async launchNested(): Promise<'launched'> {
    throw new Error('Plain processes hold no containers');
  }

  async waitNested() {
    return null;
  }

  killNested(): boolean {
    return false;
  }

  async removeNested(): Promise<boolean> {
    return false;
  }

  output() {
    return null;
  }

  input() {
    return null;
  }

  async launchSession(): Promise<never> {
    throw new Error('Plain processes hold no containers');
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private watch(container: string, pid: number): void {
    this.pids.set(container, pid);
    const timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      this.pids.delete(container);
      this.events.ended(container, endOf(null, null));
    }, POLL_MS);
    this.timers.push(timer);
  }
}

function endOf(status: number | null, message: string | null): ContainerEnd {
  return { status, reason: null, message, limitation: null };
}

/** By the sandbox in its environment, which all that an executor starts inherits. */
function isOf(container: string, pid: string): boolean {
  try {
    return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`/runs/${container}\0`);
  } catch {
    return false;
  }
}

/** Not even a zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
