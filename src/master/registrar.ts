/** Writes of the registry: each change is durable before anything follows from it (reference §11.1). */
import type { Registrar } from './context.ts';
import type { MasterEffect, RegistryChange } from './io.ts';

export class RegistryWriter implements Registrar {
  private readonly emit: (effect: MasterEffect) => void;
  private revision = 0;
  private readonly waiting: { readonly revision: number; readonly then: () => void }[] = [];

  constructor(emit: (effect: MasterEffect) => void) {
    this.emit = emit;
  }

  commit(changes: readonly RegistryChange[], then: () => void): void {
    const revision = ++this.revision;
    this.waiting.push({ revision, then });
    this.emit({ kind: 'store', revision, changes });
  }

  /** The changes of this revision, and of all before it, are durable. */
  stored(revision: number): void {
    while (this.waiting.length > 0 && this.waiting[0].revision <= revision) this.waiting.shift()!.then();
  }
}
