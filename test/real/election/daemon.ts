/** A command of mesolab as a process that is started again whenever it ends, as init systems do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const LAUNCHER = join(import.meta.dirname, '../../../bin/mesolab.js');

export class Daemon {
  readonly name: string;
  readonly log: string;
  private readonly command: readonly string[];
  private child: ChildProcess | null = null;
  private readonly restartMs: number;
  private isWanted = true;
  private timer: NodeJS.Timeout | null = null;
  starts = 0;

  /** @param prefix of the command line: a program that runs it, as `ip netns exec` does */
  constructor(
    name: string,
    folder: string,
    restartMs: number,
    args: readonly string[],
    prefix: readonly string[] = [],
  ) {
    this.name = name;
    this.restartMs = restartMs;
    this.log = join(folder, `${name}.log`);
    this.command = [...prefix, process.execPath, LAUNCHER, ...args];
    this.begin();
  }

  get pid(): number {
    return this.child!.pid!;
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** kill -9; it is started again. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.timer ?? undefined);
    const { child } = this;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
  }

  private begin(): void {
    this.starts++;
    const output = openSync(this.log, 'a');
    const [program, ...args] = this.command;
    const child = spawn(program, args, { stdio: ['ignore', output, output] });
    closeSync(output);
    this.child = child;
    child.once('exit', () => {
      this.child = null;
      if (this.isWanted) this.timer = setTimeout(() => this.begin(), this.restartMs);
    });
  }
}
