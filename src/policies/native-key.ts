/**
 * Marks the keys of role orders that the native engine computes itself. The marked function stays the specification;
 * any other function, also one that wraps it, has no mark and is played by the TypeScript engine.
 */
import type { RoleOrder } from './policy.ts';

export type NativeKey =
  | { readonly kind: 'dominant' | 'weightedDominant' | 'assets' | 'slots' | 'capacity' }
  | { readonly kind: 'resource'; readonly resource: string };

type Key = RoleOrder['key'];

export function withNativeKey(key: Key, native: NativeKey): Key {
  return Object.assign(key, { native });
}

export function nativeKeyOf(key: Key & { readonly native?: NativeKey }): NativeKey | null {
  return key.native ?? null;
}
