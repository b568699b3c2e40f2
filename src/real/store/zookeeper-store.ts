/**
 * The masters' store in ZooKeeper. A lease is a session. The leader has an ephemeral node of its own, which only one master
 * can make, and in the same transaction one in Mesos's layout (reference §11.2), where detectors look for it. Writes are fenced
 * by the version of the node that numbers them. It does the elector's two kinds of transactions, a campaign and a write.
 */
import type {
  StoreAnswer,
  StoreCompare,
  StoreEntry,
  StoreOperation,
  StoreRequest,
  StoreTransaction,
} from '../../master/election-io.ts';
import { LEADER_KEY, REGISTRY_PREFIX, WRITE_KEY } from '../../master/elector.ts';
import type { ServiceAddress } from '../coordination/service-address.ts';
import {
  ANY_VERSION,
  type Change,
  type Node,
  ZookeeperClient,
  ZookeeperRefusal,
} from '../coordination/zookeeper-client.ts';
import { fromJson, toJson } from '../json.ts';
import type { MasterStore } from './master-store.ts';

export const INFO_LABEL = 'json.info_';

const LOOK_MS = 2_000;

type Put = Extract<StoreOperation, { readonly kind: 'put' }>;

export class ZookeeperStore implements MasterStore {
  private readonly client: ZookeeperClient;
  private readonly path: string;
  private readonly folder: string;
  private readonly registry: string;
  private readonly write: string;
  private readonly leader: string;
  private isPrepared = false;
  /** Names in the registry; `null`: to be read anew. */
  private known: Set<string> | null = null;
  /** Of the node that numbers writes: its version at that revision. */
  private lastWrite = { revision: 0, version: 0 };

  constructor(address: ServiceAddress, sessionTimeoutMs: number) {
    this.client = new ZookeeperClient(address, sessionTimeoutMs);
    this.path = address.path;
    this.folder = `${address.path}/mesolab`;
    this.registry = `${this.folder}/registry`;
    this.write = `${this.folder}/write`;
    this.leader = `${this.folder}/leader`;
  }

  serve(request: StoreRequest, answered: (answer: StoreAnswer) => void): void {
    this.answer(request).then(answered, () => answered({ kind: 'failed' }));
  }

  watch(_key: typeof LEADER_KEY, watcher: (entry: StoreEntry | null, revision: number) => void): void {
    let told: string | null = null;
    this.client.follow(LOOK_MS, async (changed) => {
      await this.prepare();
      // Read first, so that the revision is never later than what it is said to be of.
      const folder = await this.client.get(this.folder);
      const node = await this.client.get(this.leader, changed);
      const revision = Math.max(folder!.childRevision, node?.modRevision ?? 0);
      const state = `${revision} ${node?.createRevision}`;
      if (state !== told) watcher(node === null ? null : entryOf(LEADER_KEY, node), revision);
      told = state;
    });
  }

  close(): void {
    this.client.close();
  }

  private async answer(request: StoreRequest): Promise<StoreAnswer> {
    switch (request.kind) {
      case 'grant-lease': {
        await this.prepare();
        await this.client.get(this.folder);
        const answer = await this.keepAlive(this.client.session);
        return answer.kind === 'lease' && answer.ttlUs > 0 ? answer : { kind: 'failed' };
      }
      case 'keep-alive':
        return this.keepAlive(request.lease);
      case 'revoke-lease':
        if (request.lease === this.client.session) this.client.renew();
        return { kind: 'lease', lease: request.lease, ttlUs: 0 };
      case 'transaction': {
        const put = request.success.find(
          (each): each is Put => each.kind === 'put' && each.key === LEADER_KEY,
        );
        return put === undefined ? this.record(request) : this.campaign(put);
      }
    }
  }

  /** Any request keeps its session alive. */
  private async keepAlive(lease: string): Promise<StoreAnswer> {
    const over: StoreAnswer = { kind: 'lease', lease, ttlUs: 0 };
    if (lease !== this.client.session) return over;
    try {
      await this.client.get(this.folder);
      const ttlUs = this.client.sessionTimeoutMs * 1000;
      return lease === this.client.session ? { kind: 'lease', lease, ttlUs } : over;
    } catch (error) {
      if (error instanceof ZookeeperRefusal && error.isExpired) return over;
      throw error;
    }
  }

  private async prepare(): Promise<void> {
    if (this.isPrepared) return;
    await this.client.makePath(this.registry);
    await this.client.makePath(this.write);
    this.isPrepared = true;
  }

  private async campaign({ value, lease }: Put): Promise<StoreAnswer> {
    const data = toJson(value);
    try {
      const [write] = await this.client.change(lease!, [
        { kind: 'create', path: this.leader, data, mode: 'EPHEMERAL' },
        { kind: 'create', path: `${this.path}/${INFO_LABEL}`, data, mode: 'EPHEMERAL_SEQUENTIAL' },
        { kind: 'set', path: this.write, data: '0', version: ANY_VERSION },
      ]);
      this.lastWrite = write;
      // Whoever led before cannot write any more: what is read now is all.
      const entries = [...(await this.entries([LEADER_KEY])), ...(await this.readRegistry())];
      return { kind: 'transaction', hasSucceeded: true, revision: write.revision, entries };
    } catch (error) {
      if (!(error instanceof ZookeeperRefusal) || error.isExpired) throw error;
      return this.refused([LEADER_KEY]);
    }
  }

  private async record({ compare, success, failure }: StoreTransaction): Promise<StoreAnswer> {
    const asked = failure.flatMap((each) => (each.kind === 'get' ? [each.key] : []));
    const node = await this.client.get(this.leader);
    if (node === null || node.session === null || !this.mayHold(compare, node)) return this.refused(asked);
    this.known ??= new Set(await this.client.children(this.registry));
    const { version } = this.lastWrite;
    const changes: Change[] = [{ kind: 'check', path: this.leader, version: ANY_VERSION }];
    for (const operation of success) this.addChange(operation, version, changes);
    try {
      const results = await this.client.change(node.session, changes);
      // The first that is set is the number.
      this.lastWrite = results[0];
      for (const { kind, path } of changes) {
        const name = path.slice(this.registry.length + 1);
        if (kind === 'create') this.known.add(name);
        if (kind === 'remove') this.known.delete(name);
      }
      return { kind: 'transaction', hasSucceeded: true, revision: results[0].revision, entries: [] };
    } catch (error) {
      this.known = null;
      if (!(error instanceof ZookeeperRefusal) || error.isExpired) throw error;
      return this.refused(asked);
    }
  }

  /** What has not failed yet, that is: versions are compared by the server. */
  private mayHold(compare: readonly StoreCompare[], leader: Node): boolean {
    return compare.every(({ key, revision }) =>
      key === LEADER_KEY ? revision === leader.createRevision : revision === this.lastWrite.revision,
    );
  }

  private addChange(operation: StoreOperation, version: number, changes: Change[]): void {
    if (operation.kind !== 'put' && operation.kind !== 'delete')
      throw new Error('a write of the registry reads nothing');
    const { kind, key } = operation;
    if (key === WRITE_KEY) {
      if (kind === 'put')
        changes.push({ kind: 'set', path: this.write, data: toJson(operation.value), version });
      return;
    }
    const name = encodeURIComponent(key.slice(REGISTRY_PREFIX.length));
    const path = `${this.registry}/${name}`;
    const isThere = this.known!.has(name);
    if (kind === 'put') {
      const data = toJson(operation.value);
      changes.push(
        isThere
          ? { kind: 'set', path, data, version: ANY_VERSION }
          : { kind: 'create', path, data, mode: 'PERSISTENT' },
      );
    } else if (isThere) changes.push({ kind: 'remove', path });
  }

  private async refused(keys: readonly string[]): Promise<StoreAnswer> {
    const entries = await this.entries(keys);
    const revision = Math.max(0, ...entries.map(({ modRevision }) => modRevision));
    return { kind: 'transaction', hasSucceeded: false, revision, entries };
  }

  private async entries(keys: readonly string[]): Promise<readonly StoreEntry[]> {
    const found: StoreEntry[] = [];
    for (const key of keys) {
      const node = await this.client.get(key === LEADER_KEY ? this.leader : this.write);
      if (node === null) continue;
      found.push(entryOf(key, node));
      if (key === WRITE_KEY) this.lastWrite = { revision: node.modRevision, version: node.version };
    }
    return found;
  }

  private async readRegistry(): Promise<readonly StoreEntry[]> {
    const names = [...((await this.client.children(this.registry)) ?? [])].sort();
    const nodes = await Promise.all(names.map((name) => this.client.get(`${this.registry}/${name}`)));
    this.known = new Set(names);
    return nodes.flatMap((node, index) =>
      node === null ? [] : [entryOf(REGISTRY_PREFIX + decodeURIComponent(names[index]), node)],
    );
  }
}

function entryOf(key: string, { data, createRevision, modRevision, session }: Node): StoreEntry {
  return { key, value: fromJson(data), createRevision, modRevision, lease: session };
}
