/** Where a master's elector keeps leadership and registry; each kind of store has etcd's semantics (src/master/election-io.ts). */
import type { StoreAnswer, StoreEntry, StoreRequest } from '../../master/election-io.ts';

export interface MasterStore {
  /** @param answered once; may be at once */
  serve(request: StoreRequest, answered: (answer: StoreAnswer) => void): void;
  /** Tells of the key's present state, and of its changes from now on; changes in between may be left out. */
  watch(key: string, watcher: (entry: StoreEntry | null, revision: number) => void): void;
  close(): void;
}
