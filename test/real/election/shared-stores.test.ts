/** Electors over the real shared stores: who leads, what outlives it, and that a former leader writes nothing more. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type {
  ElectionEffect,
  ElectionInput,
  StoreAnswer,
  StoreRequest,
} from '../../../src/master/election-io.ts';
import { Elector, LEADER_KEY, WRITE_KEY } from '../../../src/master/elector.ts';
import type { RegistryEntries } from '../../../src/master/io.ts';
import type { MasterInfo } from '../../../src/protocol/v1/mesos.ts';
import { parseServiceAddress } from '../../../src/real/coordination/service-address.ts';
import { RunningMachine } from '../../../src/real/running-machine.ts';
import type { MasterStore } from '../../../src/real/store/master-store.ts';
import { openStore } from '../../../src/real/store/open-store.ts';
import { EtcdCluster } from './etcd-cluster.ts';
import { until } from './until.ts';
import { ZookeeperServer } from './zookeeper-server.ts';

const LEASE_US = 2e6;

interface Service {
  url(path: string): string;
  stop(): Promise<void>;
}

class Candidate {
  readonly store: MasterStore;
  readonly running: RunningMachine<ElectionInput, ElectionEffect>;
  entries: RegistryEntries | null = null;
  leader: string | null = null;
  aborted: string | null = null;
  stored = 0;
  readonly transactions: StoreRequest[] = [];

  constructor(id: string, url: string) {
    const { store, election } = openStore({ service: parseServiceAddress(url)!, leaseUs: LEASE_US }, '');
    this.store = store;
    const master: MasterInfo = { id, ip: 0, port: 1, hostname: id };
    this.running = new RunningMachine(new Elector({ ...election, master }), (effect) => this.see(effect));
    onTestFinished(() => this.die());
    this.running.step({ kind: 'start' });
  }

  async leads(): Promise<RegistryEntries> {
    await until('a leader', () => this.entries !== null);
    return this.entries!;
  }

  async write(revision: number, changes: Readonly<Record<string, unknown>>): Promise<void> {
    const list = Object.entries(changes).map(([key, value]) => ({ key, value }));
    this.running.step({ kind: 'store', revision, changes: list });
    await until(`write ${revision}`, () => this.stored === revision);
  }

  /** Without a word to the store, as a process that is killed. */
  die(): void {
    this.running.stop();
    this.store.close();
  }

  private see(effect: ElectionEffect): void {
    switch (effect.kind) {
      case 'store-request': {
        const { number, request } = effect;
        if (request.kind === 'transaction') this.transactions.push(request);
        this.store.serve(request, (answer) =>
          this.running.step({ kind: 'store-answer', request: number, answer }),
        );
        return;
      }
      case 'watch':
        this.store.watch(effect.key, (entry, revision) =>
          this.running.step({ kind: 'watched', entry, revision }),
        );
        return;
      case 'elected':
        this.entries = effect.entries;
        return;
      case 'leader':
        this.leader = effect.master?.id ?? null;
        return;
      case 'stored':
        this.stored = effect.revision;
        return;
      case 'abort':
        this.aborted = effect.reason;
    }
  }
}

const SERVICES: readonly [string, () => Promise<Service>][] = [
  ['etcd', () => EtcdCluster.start()],
  ['ZooKeeper', () => ZookeeperServer.start()],
];

describe.each(SERVICES)('masters that share %s', (_name, start) => {
  let service: Service;
  beforeAll(async () => {
    service = await start();
  }, 60_000);
  afterAll(() => service.stop());

  it('elect one, and the next has all that it wrote', { timeout: 60_000 }, async () => {
    const first = new Candidate('one', service.url('succession'));
    expect(await first.leads()).toEqual({});
    const second = new Candidate('two', service.url('succession'));
    await first.write(1, {
      'agent/a': { cpus: 1 },
      'agent/b': 2,
      weights: { web: Number.POSITIVE_INFINITY },
    });
    await first.write(2, { 'agent/a': null, 'agent/b': 3, 'agent/n': null, 'quota/a/b c': 'x' });
    await until('the second knows the first', () => second.leader === 'one');
    expect(second.entries).toBeNull();
    first.die();
    const left = await second.leads();
    expect(left).toEqual({ 'agent/b': 3, weights: { web: Number.POSITIVE_INFINITY }, 'quota/a/b c': 'x' });
    await second.write(1, { 'agent/b': 4, 'agent/a': 5 });
  });

  it('change at once where the leader resigns', { timeout: 60_000 }, async () => {
    const first = new Candidate('one', service.url('resignation'));
    await first.leads();
    const second = new Candidate('two', service.url('resignation'));
    await until('the second knows the first', () => second.leader === 'one');
    first.running.step({ kind: 'resign' });
    await second.leads();
    await until('the second waits for nobody', () => first.aborted === null);
  });

  it('refuse the writes of a former leader', { timeout: 60_000 }, async () => {
    const url = service.url('fencing');
    const first = new Candidate('one', url);
    await first.leads();
    await first.write(1, { 'agent/a': 1 });
    const written = first.transactions.at(-1)!;
    first.running.step({ kind: 'resign' });
    const second = new Candidate('two', url);
    await second.leads();
    const answer = await new Promise<StoreAnswer>((resolve) => first.store.serve(written, resolve));
    expect(answer).toMatchObject({
      hasSucceeded: false,
      entries: [
        { key: LEADER_KEY, value: { id: 'two' } },
        { key: WRITE_KEY, value: 0 },
      ],
    });
    await second.write(1, { 'agent/b': 1 });
    second.running.step({ kind: 'resign' });
    const third = new Candidate('three', url);
    expect(await third.leads()).toEqual({ 'agent/a': 1, 'agent/b': 1 });
  });
});
