/**
 * Writes of the registry: each change is durable before anything follows from it (reference §11.1). What is committed
 * while a write is on its way goes with the next one.
 */

import { cancelTimer, type Timer } from '../protocol/timers.ts';
import type { MasterContext, Registrar } from './context.ts';
import type { RegistryChange } from './io.ts';

export class RegistryWriter implements Registrar {
  private readonly master: () => MasterContext;
  private revision = 0;
  private changes: RegistryChange[] = [];
  private waiting: (() => void)[] = [];
  /** What follows when the write on its way is durable; `null`: none is. */
  private written: (() => void)[] | null = null;
  private timeout: Timer | null = null;

  /** @param master asked at each use: the writer is a part of it */
  constructor(master: () => MasterContext) {
    this.master = master;
  }

  commit(changes: readonly RegistryChange[], then: () => void): void {
    this.changes.push(...changes);
    this.waiting.push(then);
  }

  /** Writes what was committed, unless a write is on its way. To be called at the end of each step. */
  flush(): void {
    if (this.waiting.length === 0 || this.written !== null) return;
    const master = this.master();
    this.written = this.waiting;
    this.waiting = [];
    master.emit({ kind: 'store', revision: ++this.revision, changes: this.changes });
    this.changes = [];
    this.timeout = master.timers.set(master.nowUs + master.flags.registryStoreTimeoutUs, () =>
      master.emit({ kind: 'abort', reason: 'the registry could not be written in time' }),
    );
  }

  /** The changes of this revision, and of all before it, are durable. */
  stored(revision: number): void {
    if (revision !== this.revision || this.written === null) return;
    const { written } = this;
    this.written = null;
    this.timeout = cancelTimer(this.timeout);
    for (const then of written) then();
  }
}
