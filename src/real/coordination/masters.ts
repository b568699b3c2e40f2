/** Where masters are to be found: at listed addresses, or where etcd or ZooKeeper says that the leader is. */
import { InputError } from '../../cluster/errors.ts';
import type { MasterInfo } from '../../protocol/v1/mesos.ts';
import { EtcdClient, fromBase64, toBase64 } from './etcd-client.ts';
import { parseServiceAddress, type ServiceAddress, withoutSecret } from './service-address.ts';
import { ZookeeperClient } from './zookeeper-client.ts';

export interface Masters {
  /** Addresses to ask, each of which may say that another leads; empty: nobody does. @throws Error where that is not to be learnt */
  candidates(): Promise<readonly string[]>;
  /** Tells of the leader, and of each that follows, where there is who knows. @returns what ends it */
  follow(told: (leader: string) => void): () => void;
}

const PATIENCE_MS = 5_000;
/** Many look, and changes are told as they happen. */
const LOOK_MS = 15_000;
const SESSION_MS = 10_000;
/** Names of leaders' nodes (reference §11.2). */
const INFO_NODE = /^json\.info_\d+$/;

export function listedMasters(addresses: readonly string[]): Masters {
  return { candidates: async () => addresses, follow: () => () => {} };
}

/** @param address from `host:port`. @returns `null` where the text names no service. @throws InputError */
export function mastersOfService(text: string, address: (hostPort: string) => string): Masters | null {
  const service = parseServiceAddress(text);
  return service && new ServiceMasters(service, withoutSecret(text), address);
}

/** All who follow share one watch, which is open while there is somebody. */
class ServiceMasters implements Masters {
  private readonly service: ServiceAddress;
  private readonly name: string;
  private readonly address: (hostPort: string) => string;
  private readonly followers = new Set<(leader: string) => void>();
  private unwatch: (() => void) | null = null;
  /** `null`: nobody leads; `undefined`: not known yet. */
  private leader: string | null | undefined;

  constructor(service: ServiceAddress, name: string, address: (hostPort: string) => string) {
    this.service = service;
    this.name = name;
    this.address = address;
  }

  /** While nobody leads, somebody is about to: that is waited for. */
  async candidates(): Promise<readonly string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    const unfollow = this.follow((leader) => resolve([leader]));
    const timer = setTimeout(() => {
      if (this.leader !== undefined) resolve([]);
      else reject(new InputError('OPTION_VALUE', `${this.name} does not answer; does it run?`));
    }, PATIENCE_MS);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      unfollow();
    }
  }

  follow(told: (leader: string) => void): () => void {
    this.followers.add(told);
    this.unwatch ??= watchLeader(this.service, (leader) => this.heard(leader));
    if (this.leader) told(this.leader);
    return () => {
      this.followers.delete(told);
      if (this.followers.size > 0) return;
      this.unwatch?.();
      this.unwatch = null;
      this.leader = undefined;
    };
  }

  private heard(leader: string | null): void {
    this.leader = leader === null ? null : this.address(leader);
    if (this.leader !== null) for (const told of [...this.followers]) told(this.leader);
  }
}

/** `host:port` at which others reach it. */
export function hostPortOf({ hostname, address, port }: MasterInfo): string {
  return `${address?.ip ?? hostname}:${address?.port ?? port}`;
}

function watchLeader(service: ServiceAddress, told: (leader: string | null) => void): () => void {
  return service.kind === 'etcd' ? watchEtcd(service, told) : watchZookeeper(service, told);
}

function watchEtcd({ hosts, path }: ServiceAddress, told: (leader: string | null) => void): () => void {
  const client = new EtcdClient(hosts);
  client.watch(toBase64(`${path}/leader`), LOOK_MS, (entry) =>
    told(entry === null ? null : leaderOf(fromBase64(entry.value ?? ''))),
  );
  return () => client.close();
}

/** As Mesos's own detectors do: the node with the lowest number is the leader's. */
function watchZookeeper(service: ServiceAddress, told: (leader: string | null) => void): () => void {
  const { path } = service;
  const client = new ZookeeperClient(service, SESSION_MS);
  client.follow(LOOK_MS, async (changed) => {
    const names = await client.children(path, changed);
    const [first] = (names ?? []).filter((name) => INFO_NODE.test(name)).sort();
    const node = first === undefined ? null : await client.get(`${path}/${first}`);
    told(node === null ? null : leaderOf(node.data));
  });
  return () => client.close();
}

function leaderOf(text: string): string | null {
  try {
    return hostPortOf(JSON.parse(text) as MasterInfo);
  } catch {
    return null;
  }
}
