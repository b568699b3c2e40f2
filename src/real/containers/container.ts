/** One container's life: prepared, started, watched, ended with all that is in it. */
import type { Writable } from 'node:stream';
import type { ContainerEnd } from '../../agent/io.ts';
import type { ContainerRecord } from './container-record.ts';
import type { Supervised } from './launcher/supervise.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

export interface ContainerSteps {
  /** All before its first process; to be given up when the signal comes. */
  prepare(signal: AbortSignal): Promise<void>;
  start(): Promise<Supervised>;
  /** Once it has started, or will not. */
  launched(): void;
  /** Ends its processes, and awaits the ends of containers in it. */
  endProcesses(): Promise<void>;
  /** Why it ended, where that was not by itself; after its processes ended, before its groups are gone. */
  limitation(): Partial<ContainerEnd> | null;
  /** After all: its groups and what else it holds. */
  release(): void;
}

export const NO_END: ContainerEnd = { status: null, reason: null, message: null, limitation: null };
const UNSEEN = 'Nobody saw how the container ended: its supervisor was killed';

export class Container {
  /** As it is now. */
  record: ContainerRecord;
  /** What its sandbox takes; `null`: nobody has looked. */
  diskBytes: number | null = null;
  /** Once it has ended. */
  readonly ended: Promise<ContainerEnd>;
  private readonly steps: ContainerSteps;
  private readonly destroying = new AbortController();
  private supervised: Supervised | null = null;
  private cause: Partial<ContainerEnd> | null = null;
  private isOver = false;
  private readonly end = Promise.withResolvers<ContainerEnd>();

  constructor(record: ContainerRecord, steps: ContainerSteps) {
    this.record = record;
    this.steps = steps;
    this.ended = this.end.promise;
    this.ended.then(() => {
      this.isOver = true;
    });
  }

  get hasEnded(): boolean {
    return this.isOver;
  }

  get process(): ProcessIdentity | null {
    return this.supervised?.process ?? null;
  }

  get input(): Writable | null {
    return this.supervised?.input ?? null;
  }

  /** Resolves once its first process runs. @throws Error why it could not; it has then ended */
  async launch(): Promise<void> {
    try {
      await this.steps.prepare(this.destroying.signal);
      this.destroying.signal.throwIfAborted();
      this.supervised = await this.steps.start();
    } catch (error) {
      const message = this.destroying.signal.aborted
        ? 'Destroyed while it was launched'
        : (error as Error).message;
      await this.finish({ ...NO_END, reason: 'REASON_CONTAINER_LAUNCH_FAILED', message, ...this.cause });
      throw new Error(message);
    } finally {
      this.steps.launched();
    }
    this.watch(this.supervised);
  }

  /** Of an earlier agent process. @param supervised `null`: it had not started */
  adopt(supervised: Supervised | null): void {
    this.supervised = supervised;
    if (supervised !== null) this.watch(supervised);
    else
      void this.finish({
        ...NO_END,
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: 'The agent ended while it launched the container',
      });
  }

  /** @param cause what its end is put down to, unless that is known already */
  destroy(cause: Partial<ContainerEnd> | null = null): void {
    this.cause ??= cause;
    this.destroying.abort();
    // Its supervisor sees the first process end; one that is being started is ended when it is.
    if (this.supervised !== null) void this.steps.endProcesses();
  }

  /** To its first process. */
  signal(signal: number): void {
    if (this.supervised !== null && isRunning(this.supervised.process))
      process.kill(this.supervised.process.pid, signal);
  }

  private watch(supervised: Supervised): void {
    if (this.destroying.signal.aborted) void this.steps.endProcesses();
    void supervised.ended.then((status) =>
      this.finish({ ...NO_END, status, ...(status === null && { message: UNSEEN }) }),
    );
  }

  private async finish(end: ContainerEnd): Promise<void> {
    await this.steps.endProcesses();
    const cause = this.cause ?? this.steps.limitation();
    this.steps.release();
    this.end.resolve({ ...end, ...cause });
  }
}
