/** The masters' store in etcd: requests as they are, keys below a path. A lease whose process dies is given back by its guard. */
import type {
  StoreAnswer,
  StoreEntry,
  StoreOperation,
  StoreRequest,
  StoreTransaction,
} from '../../master/election-io.ts';
import { STORE_PREFIX } from '../../master/elector.ts';
import {
  EtcdClient,
  type EtcdEntry,
  type EtcdHeader,
  EtcdRefusal,
  fromBase64,
  toBase64,
} from '../coordination/etcd-client.ts';
import type { ServiceAddress } from '../coordination/service-address.ts';
import { fromJson, toJson } from '../json.ts';
import { LeaseGuard } from './lease-guard.ts';
import type { MasterStore } from './master-store.ts';

const LOOK_MS = 2_000;
const WRITE_TIMEOUT_MS = 500;
/** The registry of 10,000 agents takes half a second. */
const READ_TIMEOUT_MS = 10_000;

interface EtcdTransaction {
  readonly header: EtcdHeader;
  readonly succeeded?: boolean;
  readonly responses?: readonly { readonly response_range?: { readonly kvs?: readonly EtcdEntry[] } }[];
}

export class EtcdStore implements MasterStore {
  private readonly client: EtcdClient;
  private readonly guard: LeaseGuard;
  private readonly path: string;

  constructor({ hosts, path }: ServiceAddress) {
    this.client = new EtcdClient(hosts);
    this.guard = new LeaseGuard(hosts);
    this.path = path;
  }

  serve(request: StoreRequest, answered: (answer: StoreAnswer) => void): void {
    this.answer(request).then(answered, () => answered({ kind: 'failed' }));
  }

  watch(key: string, watcher: (entry: StoreEntry | null, revision: number) => void): void {
    this.client.watch(this.keyOf(key), LOOK_MS, (entry, revision) =>
      watcher(entry === null ? null : this.entryOf(entry), revision),
    );
  }

  close(): void {
    this.client.close();
    this.guard.close();
  }

  private async answer(request: StoreRequest): Promise<StoreAnswer> {
    switch (request.kind) {
      case 'grant-lease': {
        const wanted = { TTL: Math.ceil(request.ttlUs / 1e6) };
        const { ID, TTL } = await this.client.call<{ ID: string; TTL: string }>('/v3/lease/grant', wanted);
        this.guard.hold(ID);
        return { kind: 'lease', lease: ID, ttlUs: Number(TTL) * 1e6 };
      }
      case 'keep-alive': {
        const { lease } = request;
        const { result } = await this.client.call<{ result: { TTL?: string } }>('/v3/lease/keepalive', {
          ID: lease,
        });
        return { kind: 'lease', lease, ttlUs: Number(result.TTL ?? 0) * 1e6 };
      }
      case 'revoke-lease':
        await this.revoke(request.lease);
        return { kind: 'lease', lease: request.lease, ttlUs: 0 };
      case 'transaction':
        return this.transact(request);
    }
  }

  private async revoke(lease: string): Promise<void> {
    try {
      await this.client.call('/v3/lease/revoke', { ID: lease });
    } catch (error) {
      // It has run out already.
      if (!(error instanceof EtcdRefusal)) throw error;
    }
  }

  private async transact({ compare, success, failure }: StoreTransaction): Promise<StoreAnswer> {
    const readsAll = success.some(({ kind }) => kind === 'get-prefix');
    const message = {
      compare: compare.map(({ key, target, revision }) => ({
        key: this.keyOf(key),
        result: 'EQUAL',
        ...(target === 'create'
          ? { target: 'CREATE', create_revision: String(revision) }
          : { target: 'MOD', mod_revision: String(revision) }),
      })),
      success: success.map((operation) => this.operationOf(operation)),
      failure: failure.map((operation) => this.operationOf(operation)),
    };
    const answer = await this.client.call<EtcdTransaction>(
      '/v3/kv/txn',
      message,
      readsAll ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS,
    );
    const entries = (answer.responses ?? []).flatMap(({ response_range }) => response_range?.kvs ?? []);
    return {
      kind: 'transaction',
      hasSucceeded: answer.succeeded ?? false,
      revision: Number(answer.header.revision),
      entries: entries.map((entry) => this.entryOf(entry)),
    };
  }

  private operationOf(operation: StoreOperation): object {
    switch (operation.kind) {
      case 'put': {
        const { key, value, lease } = operation;
        const put = { key: this.keyOf(key), value: toBase64(toJson(value)) };
        return { request_put: lease === null ? put : { ...put, lease } };
      }
      case 'delete':
        return { request_delete_range: { key: this.keyOf(operation.key) } };
      case 'get':
        return { request_range: { key: this.keyOf(operation.key) } };
      case 'get-prefix': {
        const from = this.nameOf(operation.prefix);
        return { request_range: { key: toBase64(from), range_end: toBase64(afterAllWith(from)) } };
      }
    }
  }

  private nameOf(key: string): string {
    return `${this.path}/${key.slice(STORE_PREFIX.length)}`;
  }

  private keyOf(key: string): string {
    return toBase64(this.nameOf(key));
  }

  private entryOf({ key, value = '', create_revision, mod_revision, lease = '0' }: EtcdEntry): StoreEntry {
    return {
      key: STORE_PREFIX + fromBase64(key).slice(this.path.length + 1),
      value: fromJson(fromBase64(value)),
      createRevision: Number(create_revision),
      modRevision: Number(mod_revision),
      lease: lease === '0' ? null : lease,
    };
  }
}

/** The first key after all that begin so; prefixes end with a plain character. */
function afterAllWith(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
