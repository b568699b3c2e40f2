/**
 * A small process beside the master that gives its lease back when the master's process is over, however it ended: the
 * system closes the pipe between them only then. So the next master need not wait for the lease of a killed one to run out.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./guard-lease.ts', import.meta.url));

export class LeaseGuard {
  private readonly hosts: readonly string[];
  private child: ChildProcess | null = null;

  /** @param hosts `host:port` of the members of etcd */
  constructor(hosts: readonly string[]) {
    this.hosts = hosts;
  }

  /** In place of the one before. */
  hold(lease: string): void {
    this.child ??= this.start();
    this.child.stdin?.write(`${lease}\n`);
  }

  close(): void {
    this.child?.stdin?.end();
  }

  /** In a session of its own: what is sent to the master's process group is not for it. */
  private start(): ChildProcess {
    const child = spawn(process.execPath, [PROGRAM, ...this.hosts], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    const forget = () => {
      if (this.child === child) this.child = null;
    };
    // Without it the lease runs out by itself: later, but as surely.
    child.on('error', forget);
    child.on('exit', forget);
    child.stdin!.on('error', forget);
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    return child;
  }
}
