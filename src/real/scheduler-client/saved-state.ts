/** What a scheduler keeps over its restarts, by key. */
import type { SavedChange } from '../../frameworks/application.ts';

export interface SavedState {
  entries(): Readonly<Record<string, unknown>>;
  /** Durable when it returns, as far as this state is durable at all. */
  write(changes: readonly SavedChange[]): void;
}

/** For schedulers that do not outlive their process. */
export const FORGETFUL: SavedState = { entries: () => ({}), write() {} };
