/**
 * What goes into an elector and what comes out of it: requests to a store with etcd's semantics (linearisable
 * transactions over keys with revisions, leases, watches), and the life of the master that it elects.
 */
import type { MasterInfo } from '../protocol/v1/mesos.ts';
import type { RegistryChange, RegistryEntries } from './io.ts';

export interface StoreEntry {
  readonly key: string;
  /** Plain JSON. */
  readonly value: unknown;
  /** Revision of the store at which the key was made; and changed last. */
  readonly createRevision: number;
  readonly modRevision: number;
  /** The key goes with it. */
  readonly lease: string | null;
}

/** Holds where the key's revision is the given one; 0: the key is not there. */
export interface StoreCompare {
  readonly key: string;
  readonly target: 'create' | 'mod';
  readonly revision: number;
}

export type StoreOperation =
  | { readonly kind: 'put'; readonly key: string; readonly value: unknown; readonly lease: string | null }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'get-prefix'; readonly prefix: string };

export interface StoreTransaction {
  readonly kind: 'transaction';
  /** All must hold: then `success` is done, else `failure`; in one step. */
  readonly compare: readonly StoreCompare[];
  readonly success: readonly StoreOperation[];
  readonly failure: readonly StoreOperation[];
}

export type StoreRequest =
  | { readonly kind: 'grant-lease'; readonly ttlUs: number }
  | { readonly kind: 'keep-alive'; readonly lease: string }
  | { readonly kind: 'revoke-lease'; readonly lease: string }
  | StoreTransaction;

export type StoreAnswer =
  /** `ttlUs` 0: there is no such lease (any more). */
  | { readonly kind: 'lease'; readonly lease: string; readonly ttlUs: number }
  | {
      readonly kind: 'transaction';
      readonly hasSucceeded: boolean;
      /** Of the store after it. */
      readonly revision: number;
      /** What `get` and `get-prefix` found, in the order of operations, then of keys. */
      readonly entries: readonly StoreEntry[];
    }
  /** No answer came: it may or may not have been done. */
  | { readonly kind: 'failed' };

/** What comes from the store. */
export type StoreInput =
  | { readonly kind: 'store-answer'; readonly request: number; readonly answer: StoreAnswer }
  /** The watched key, `null` where it is not there, as of a revision of the store; changes in between may be left out. */
  | { readonly kind: 'watched'; readonly entry: StoreEntry | null; readonly revision: number };

export type StoreEffect =
  | { readonly kind: 'store-request'; readonly number: number; readonly request: StoreRequest }
  /** Report the key's present state and its changes from now on. */
  | { readonly kind: 'watch'; readonly key: string };

export type ElectionInput =
  /** First of all. */
  | { readonly kind: 'start' }
  | StoreInput
  /** The master that leads wants its registry changed. */
  | { readonly kind: 'store'; readonly revision: number; readonly changes: readonly RegistryChange[] }
  /** The master, or what runs it, gives up. */
  | { readonly kind: 'resign' };

export type ElectionEffect =
  | StoreEffect
  | { readonly kind: 'elected'; readonly entries: RegistryEntries }
  | { readonly kind: 'leader'; readonly master: MasterInfo | null }
  | { readonly kind: 'stored'; readonly revision: number }
  /** Leadership is lost, or may be: the process must end. */
  | { readonly kind: 'abort'; readonly reason: string };
