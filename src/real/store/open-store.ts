/** The store of a master as its flags say: a file of its own, or a service that it shares with other masters. */
import { join } from 'node:path';
import { DEFAULT_ELECTION, type ElectorOptions } from '../../master/elector.ts';
import type { ServiceAddress } from '../coordination/service-address.ts';
import { EtcdStore } from './etcd-store.ts';
import type { MasterStore } from './master-store.ts';
import { SqliteStore } from './sqlite-store.ts';
import { ZookeeperStore } from './zookeeper-store.ts';

export interface SharedRegistry {
  readonly service: ServiceAddress;
  /** A leader that nobody hears of for so long is followed by another. */
  readonly leaseUs: number;
}

export interface OpenStore {
  readonly store: MasterStore;
  readonly election: Omit<ElectorOptions, 'master'>;
}

/** With the registry to itself, a lease need never run out. */
const ALONE = { ...DEFAULT_ELECTION, ttlUs: 1e15 };
/** A leader stops that much before its lease ends, by its own clock: how far clocks' rates may differ. */
const MARGIN = 0.1;
/** A server of ZooKeeper tells the one that counts of the sessions it heard of only now and then. */
const ZOOKEEPER_MARGIN = 0.3;

/** @throws InputError where the file cannot be had */
export function openStore(shared: SharedRegistry | null, workDir: string): OpenStore {
  if (shared === null) return { store: new SqliteStore(join(workDir, 'registry.db')), election: ALONE };
  const { service, leaseUs: ttlUs } = shared;
  const isEtcd = service.kind === 'etcd';
  const marginUs = ttlUs * (isEtcd ? MARGIN : ZOOKEEPER_MARGIN);
  const store = isEtcd ? new EtcdStore(service) : new ZookeeperStore(service, ttlUs / 1000);
  return { store, election: { ...DEFAULT_ELECTION, ttlUs, marginUs } };
}
