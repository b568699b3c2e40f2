/**
 * A session with ZooKeeper that is begun anew when it has run out, with promises, and with patience that ends: the library
 * itself would wait forever for a server that hangs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import zookeeper from 'node-zookeeper-client';
import type { ServiceAddress } from './service-address.ts';

export interface Node {
  readonly data: string;
  readonly version: number;
  readonly createRevision: number;
  readonly modRevision: number;
  /** When a child came or went last. */
  readonly childRevision: number;
  /** Session that it goes with; `null`: it stays. */
  readonly session: string | null;
}

/** The server did not do it, and says why; anything else may or may not have been done. */
export class ZookeeperRefusal extends Error {
  readonly isExpired: boolean;

  constructor(message: string, isExpired: boolean) {
    super(message);
    this.isExpired = isExpired;
  }
}

export type Change =
  | { readonly kind: 'check'; readonly path: string; readonly version: number }
  | { readonly kind: 'create'; readonly path: string; readonly data: string; readonly mode: CreateMode }
  | { readonly kind: 'set'; readonly path: string; readonly data: string; readonly version: number }
  | { readonly kind: 'remove'; readonly path: string };

export type CreateMode = 'PERSISTENT' | 'EPHEMERAL' | 'EPHEMERAL_SEQUENTIAL';

export const ANY_VERSION = -1;

type Library = ReturnType<typeof zookeeper.createClient>;
type Callback<T> = (error: Error | zookeeper.Exception | null, result: T) => void;

const { ACL, Exception, Id, Permission } = zookeeper;
const { CONNECTION_LOSS, NO_NODE, OPERATION_TIMEOUT, SESSION_EXPIRED } = Exception;
const SPIN_DELAY_MS = 100;
const RETRY_MS = 200;

export class ZookeeperClient {
  private readonly address: ServiceAddress;
  private readonly timeoutMs: number;
  private library: Library;
  private hasClosed = false;
  private readonly closing = new AbortController();

  /** @param timeoutMs of the session, as wished for */
  constructor(address: ServiceAddress, timeoutMs: number) {
    this.address = address;
    this.timeoutMs = timeoutMs;
    this.library = this.begin();
  }

  /** Of the present session; all zeros before it is established. */
  get session(): string {
    return this.library.getSessionId().toString('hex');
  }

  /** As the server granted it. */
  get sessionTimeoutMs(): number {
    return this.library.getSessionTimeout();
  }

  /** `null`: there is no such node. @param changed told once, of the next change of it */
  async get(path: string, changed?: () => void): Promise<Node | null> {
    const found = await this.unlessMissing<Node>((library, done) => {
      const take = (error: Error | zookeeper.Exception | null, data: Buffer, stat: zookeeper.Stat) =>
        done(error, error === null ? nodeOf(data, stat) : (undefined as never));
      if (changed) library.getData(path, changed, take);
      else library.getData(path, take);
    });
    if (found !== null || !changed) return found;
    // A node that is not there is watched for in another way.
    const stat = await this.ask<zookeeper.Stat | null>((library, done) =>
      library.exists(path, changed, done as never),
    );
    return stat === null || stat === undefined ? null : this.get(path);
  }

  /** Names; `null`: there is no such node. */
  children(path: string, changed?: () => void): Promise<readonly string[] | null> {
    return this.unlessMissing((library, done) => {
      const take = (error: Error | zookeeper.Exception | null, names: string[]) => done(error, names);
      if (changed) library.getChildren(path, changed, take);
      else library.getChildren(path, take);
    });
  }

  /** Makes the node and those above, where they are not there. */
  async makePath(path: string): Promise<void> {
    await this.ask<string>((library, done) => library.mkdirp(path, this.access, done));
  }

  /**
   * All or nothing, for the session that is meant.
   * @returns revision and version of what was set, in order
   */
  async change(
    session: string,
    changes: readonly Change[],
  ): Promise<readonly { readonly revision: number; readonly version: number }[]> {
    if (session !== this.session) throw new ZookeeperRefusal('another session has begun', true);
    const results = await this.ask<readonly { readonly stat?: zookeeper.Stat }[]>((library, done) => {
      const transaction = library.transaction();
      for (const change of changes) this.add(transaction, change);
      transaction.commit(done);
    });
    return results.flatMap(({ stat }) =>
      stat === undefined ? [] : [{ revision: numberOf(stat.mzxid), version: stat.version }],
    );
  }

  /** Ends the session, with all that goes with it; another begins. */
  renew(): void {
    this.library.close();
    if (!this.hasClosed) this.library = this.begin();
  }

  /** Looks again and again, at changes and from time to time. @param look registers `changed` where it looks */
  follow(lookMs: number, look: (changed: () => void) => Promise<void>): () => void {
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, this.closing.signal]);
    const run = async () => {
      while (!signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const patience = new AbortController();
        try {
          await look(resolve);
          const pause = sleep(lookMs, undefined, {
            signal: AbortSignal.any([signal, patience.signal]),
          });
          await Promise.race([promise, pause.catch(() => {})]);
        } catch {
          await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
        }
        patience.abort();
      }
    };
    void run();
    return () => ending.abort();
  }

  close(): void {
    this.hasClosed = true;
    this.closing.abort();
    this.library.close();
  }

  private begin(): Library {
    const { hosts, credentials } = this.address;
    const library = zookeeper.createClient(hosts.join(','), {
      sessionTimeout: this.timeoutMs,
      spinDelay: SPIN_DELAY_MS,
      retries: 0,
    });
    if (credentials !== null) library.addAuthInfo('digest', Buffer.from(credentials));
    library.once('expired', () => {
      if (this.library === library && !this.hasClosed) this.library = this.begin();
    });
    library.connect();
    return library;
  }

  /** As Mesos has it: who has the password writes, everybody reads; without one everybody writes. */
  private get access(): zookeeper.ACL[] {
    if (this.address.credentials === null) return [new ACL(Permission.ALL, new Id('world', 'anyone'))];
    return [new ACL(Permission.READ, new Id('world', 'anyone')), new ACL(Permission.ALL, new Id('auth', ''))];
  }

  private add(transaction: ReturnType<Library['transaction']>, change: Change): void {
    const { path } = change;
    switch (change.kind) {
      case 'check':
        transaction.check(path, change.version);
        return;
      case 'create':
        transaction.create(path, Buffer.from(change.data), this.access, zookeeper.CreateMode[change.mode]);
        return;
      case 'set':
        transaction.setData(path, Buffer.from(change.data), change.version);
        return;
      case 'remove':
        transaction.remove(path);
    }
  }

  private async unlessMissing<T>(send: (library: Library, done: Callback<T>) => void): Promise<T | null> {
    return this.ask<T | null>((library, done) =>
      send(library, (error, result) => {
        if (codeOf(error) === NO_NODE) done(null, null);
        else done(error, result);
      }),
    );
  }

  private ask<T>(send: (library: Library, done: Callback<T>) => void): Promise<T> {
    const { library } = this;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error('ZooKeeper does not answer'));
        hangUp(library);
      }, this.timeoutMs / 4);
      send(library, (error, result) => {
        clearTimeout(timer);
        if (error === null || error === undefined) resolve(result);
        else reject(problemOf(error));
      });
    });
  }
}

/** The next server is tried then, with the same session. */
function hangUp(library: Library): void {
  const { connectionManager } = library as unknown as {
    readonly connectionManager: { readonly socket?: { destroy(): void } };
  };
  connectionManager.socket?.destroy();
}

const codeOf = (error: unknown): number | undefined => (error as zookeeper.Exception | null)?.code;

function problemOf(error: Error | zookeeper.Exception): Error {
  const code = codeOf(error);
  const message = String(error);
  if (typeof code !== 'number' || code === CONNECTION_LOSS || code === OPERATION_TIMEOUT)
    return new Error(message);
  return new ZookeeperRefusal(message, code === SESSION_EXPIRED);
}

function nodeOf(data: Buffer | undefined, stat: zookeeper.Stat): Node {
  const session = stat.ephemeralOwner.toString('hex');
  return {
    data: data?.toString() ?? '',
    version: stat.version,
    createRevision: numberOf(stat.czxid),
    modRevision: numberOf(stat.mzxid),
    childRevision: numberOf(stat.pzxid),
    session: /^0*$/.test(session) ? null : session,
  };
}

/** Transaction ids of ZooKeeper stay exact for two million elections among its servers. */
const numberOf = (revision: Buffer): number => Number(revision.readBigUInt64BE());
