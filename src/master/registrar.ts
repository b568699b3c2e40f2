/**
 * Writes of the registry: each change is durable before anything follows from it (reference §11.1). What is committed
 * while a write is on its way goes with the next one, as far as a transaction of the store has room.
 */

import { cancelTimer, type Timer } from '../protocol/timers.ts';
import type { MasterContext, Registrar } from './context.ts';
import type { RegistryChange } from './io.ts';

/** etcd takes 128 operations in a transaction (--max-txn-ops), of which one numbers it. */
const MAX_CHANGES = 100;

interface Commit {
  readonly changes: readonly RegistryChange[];
  readonly then: () => void;
}

export class RegistryWriter implements Registrar {
  private readonly master: () => MasterContext;
  private revision = 0;
  private waiting: Commit[] = [];
  /** What follows when the write on its way is durable; `null`: none is. */
  private written: readonly Commit[] | null = null;
  private timeout: Timer | null = null;

  /** @param master asked at each use: the writer is a part of it */
  constructor(master: () => MasterContext) {
    this.master = master;
  }

  commit(changes: readonly RegistryChange[], then: () => void): void {
    this.waiting.push({ changes, then });
  }

  /** Writes what was committed, unless a write is on its way. To be called at the end of each step. */
  flush(): void {
    if (this.waiting.length === 0 || this.written !== null) return;
    const master = this.master();
    this.written = this.waiting.splice(0, this.fitting());
    const changes = this.written.flatMap((commit) => commit.changes);
    master.emit({ kind: 'store', revision: ++this.revision, changes });
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
    for (const { then } of written) then();
  }

  /** How many of those that wait go into one transaction, one at least. */
  private fitting(): number {
    let size = 0;
    const first = this.waiting.findIndex(({ changes }) => {
      size += changes.length;
      return size > MAX_CHANGES;
    });
    return first < 0 ? this.waiting.length : Math.max(1, first);
  }
}
