/**
 * A store with etcd's semantics, as a pure machine: a revision that every change raises, transactions that compare
 * revisions and act in one step, leases that take their keys along. What it does, it does at one instant each, so it is
 * linearisable.
 */
import type {
  StoreAnswer,
  StoreCompare,
  StoreEntry,
  StoreOperation,
  StoreRequest,
  StoreTransaction,
} from './election-io.ts';

interface Lease {
  readonly ttlUs: number;
  endUs: number;
  readonly keys: Set<string>;
}

/** `entry` null: the key is gone. */
export interface StoreChange {
  readonly key: string;
  readonly entry: StoreEntry | null;
}

export class Store {
  /** Of the last change; etcd starts with 1. */
  revision: number;
  private readonly entries: Map<string, StoreEntry>;
  private readonly leases = new Map<string, Lease>();
  private leasesMade = 0;
  private changes: StoreChange[] = [];

  /** @param entries of an earlier store at that revision, none of which has a lease */
  constructor(entries: readonly StoreEntry[] = [], revision = 1) {
    this.entries = new Map(entries.map((entry) => [entry.key, entry]));
    this.revision = revision;
  }

  /** When the next lease runs out, µs; Infinity: there is none. */
  get nextExpiryUs(): number {
    let firstUs = Number.POSITIVE_INFINITY;
    for (const { endUs } of this.leases.values()) firstUs = Math.min(firstUs, endUs);
    return firstUs;
  }

  get(key: string): StoreEntry | null {
    return this.entries.get(key) ?? null;
  }

  /** The changes since they were taken last, in order. */
  takeChanges(): readonly StoreChange[] {
    const { changes } = this;
    this.changes = [];
    return changes;
  }

  /** Lets leases run out that end at or before `nowUs`. */
  expire(nowUs: number): void {
    for (const [name, { endUs }] of this.leases) if (endUs <= nowUs) this.revoke(name);
  }

  serve(request: StoreRequest, nowUs: number): StoreAnswer {
    this.expire(nowUs);
    switch (request.kind) {
      case 'grant-lease': {
        const lease = String(++this.leasesMade);
        const { ttlUs } = request;
        this.leases.set(lease, { ttlUs, endUs: nowUs + ttlUs, keys: new Set() });
        return { kind: 'lease', lease, ttlUs };
      }
      case 'keep-alive': {
        const lease = this.leases.get(request.lease);
        if (lease) lease.endUs = nowUs + lease.ttlUs;
        return { kind: 'lease', lease: request.lease, ttlUs: lease?.ttlUs ?? 0 };
      }
      case 'revoke-lease':
        this.revoke(request.lease);
        return { kind: 'lease', lease: request.lease, ttlUs: 0 };
      case 'transaction':
        return this.transact(request);
    }
  }

  private transact({ compare, success, failure }: StoreTransaction): StoreAnswer {
    const hasSucceeded = compare.every((each) => this.holds(each));
    const operations = hasSucceeded ? success : failure;
    // etcd refuses a transaction as a whole where a put names a lease that is gone.
    const isRefused = operations.some(
      (each) => each.kind === 'put' && each.lease !== null && !this.leases.has(each.lease),
    );
    if (isRefused) return { kind: 'failed' };
    const revision = this.revision + 1;
    const found: StoreEntry[] = [];
    for (const operation of operations) this.perform(operation, revision, found);
    return { kind: 'transaction', hasSucceeded, revision: this.revision, entries: found };
  }

  private holds({ key, target, revision }: StoreCompare): boolean {
    const entry = this.entries.get(key);
    return ((target === 'create' ? entry?.createRevision : entry?.modRevision) ?? 0) === revision;
  }

  private perform(operation: StoreOperation, revision: number, found: StoreEntry[]): void {
    switch (operation.kind) {
      case 'put':
        this.put(operation, revision);
        return;
      case 'delete':
        this.delete(operation.key, revision);
        return;
      case 'get': {
        const entry = this.entries.get(operation.key);
        if (entry) found.push(entry);
        return;
      }
      case 'get-prefix': {
        const inside = [...this.entries.values()].filter(({ key }) => key.startsWith(operation.prefix));
        for (const entry of inside.sort((a, b) => (a.key < b.key ? -1 : 1))) found.push(entry);
      }
    }
  }

  private put({ key, value, lease }: Extract<StoreOperation, { kind: 'put' }>, revision: number): void {
    const before = this.entries.get(key);
    if (before?.lease) this.leases.get(before.lease)?.keys.delete(key);
    const createRevision = before?.createRevision ?? revision;
    const entry = { key, value, createRevision, modRevision: revision, lease };
    this.entries.set(key, entry);
    if (lease !== null) this.leases.get(lease)!.keys.add(key);
    this.changes.push({ key, entry });
    this.revision = revision;
  }

  private delete(key: string, revision: number): void {
    const before = this.entries.get(key);
    if (before === undefined) return;
    this.entries.delete(key);
    if (before.lease) this.leases.get(before.lease)?.keys.delete(key);
    this.changes.push({ key, entry: null });
    this.revision = revision;
  }

  private revoke(name: string): void {
    const lease = this.leases.get(name);
    if (lease === undefined) return;
    this.leases.delete(name);
    const revision = this.revision + 1;
    for (const key of lease.keys) this.delete(key, revision);
  }
}
