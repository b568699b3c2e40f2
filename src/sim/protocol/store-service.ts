/** The store as hosts reach it over the network: requests and answers take time or get lost, watchers are told of a key. */
import type { StoreAnswer, StoreEntry, StoreRequest } from '../../master/election-io.ts';
import { Store } from '../../master/store.ts';
import type { Host, Network, Resumable } from './network.ts';
import type { Actor } from './timeline.ts';

export interface StoreOptions {
  /** Quorum and disk: how long a request takes in the store, µs. */
  readonly latencyUs: number;
  /** A client gives a request up after this. */
  readonly timeoutUs: number;
}

export const DEFAULT_STORE: StoreOptions = { latencyUs: 3_000, timeoutUs: 500_000 };

export interface StoreClient {
  readonly host: Host;
  /** Answers to a process that has ended are dropped. */
  readonly isRunning: boolean;
  storeAnswered(request: number, answer: StoreAnswer): void;
}

export interface StoreWatcher {
  readonly host: Host;
  readonly isRunning: boolean;
  watched(entry: StoreEntry | null, revision: number): void;
}

interface Exchange {
  readonly client: StoreClient;
  readonly number: number;
  readonly request: StoreRequest;
  readonly sentUs: number;
  answer: StoreAnswer;
}

interface Watch {
  readonly watcher: StoreWatcher;
  readonly key: string;
  lastArrivalUs: number;
}

interface News {
  readonly watch: Watch;
  readonly entry: StoreEntry | null;
  readonly revision: number;
}

const ARRIVE = 0;
const ANSWER = 1;
const EXPIRE = 2;
const NEWS = 3;

export class StoreService implements Actor, Resumable {
  readonly host: Host;
  readonly state = new Store();
  /** Told of every key that changed, when it changes. */
  onChange: ((key: string, entry: StoreEntry | null) => void) | null = null;
  private readonly network: Network;
  private readonly options: StoreOptions;
  /** Has no quorum before then: requests get no answer, and leases do not run out. */
  private unavailableUntilUs = 0;
  private expiryUs = Number.POSITIVE_INFINITY;
  private readonly watches = new Map<StoreWatcher, Watch>();
  private readonly watchesOfKey = new Map<string, Set<Watch>>();
  /** Watches that missed news. */
  private behind = new Set<Watch>();

  constructor(network: Network, host: Host, options: StoreOptions) {
    this.network = network;
    this.host = host;
    this.options = options;
  }

  request(client: StoreClient, number: number, request: StoreRequest): void {
    const { timeline } = this.network;
    const exchange = { client, number, request, sentUs: timeline.nowUs, answer: { kind: 'failed' } as const };
    const atUs = timeline.nowUs + this.network.reliableDelayUs() + this.options.latencyUs;
    timeline.at(atUs, this, ARRIVE, exchange);
  }

  /** Tells the watcher of the key's present state and of its changes. */
  watch(watcher: StoreWatcher, key: string): void {
    const watch = { watcher, key, lastArrivalUs: 0 };
    this.watches.set(watcher, watch);
    const others = this.watchesOfKey.get(key);
    if (others === undefined) this.watchesOfKey.set(key, new Set([watch]));
    else others.add(watch);
    this.tell(watch);
  }

  unwatch(watcher: StoreWatcher): void {
    const watch = this.watches.get(watcher);
    if (watch === undefined) return;
    this.watches.delete(watcher);
    this.watchesOfKey.get(watch.key)!.delete(watch);
    this.behind.delete(watch);
  }

  /** No quorum for so long. */
  fail(durationUs: number): void {
    this.unavailableUntilUs = Math.max(this.unavailableUntilUs, this.network.timeline.nowUs + durationUs);
  }

  resume(): void {
    const { behind } = this;
    this.behind = new Set();
    for (const watch of behind) this.tell(watch);
  }

  occur(what: number, payload: unknown): void {
    if (what === ARRIVE) this.arrived(payload as Exchange);
    else if (what === ANSWER) this.answered(payload as Exchange);
    else if (what === NEWS) this.told(payload as News);
    else this.expired();
  }

  private arrived(exchange: Exchange): void {
    const { timeline } = this.network;
    if (timeline.nowUs < this.unavailableUntilUs || !this.isReachable(exchange.client)) {
      this.fallSilent(exchange);
      return;
    }
    exchange.answer = this.state.serve(exchange.request, timeline.nowUs);
    this.announce();
    timeline.at(timeline.nowUs + this.network.reliableDelayUs(), this, ANSWER, exchange);
  }

  private answered(exchange: Exchange): void {
    const { client, number, answer } = exchange;
    if (!client.isRunning) return;
    const isFailure = answer.kind === 'failed';
    if (!isFailure && !this.isReachable(client)) this.fallSilent(exchange);
    else client.storeAnswered(number, answer);
  }

  /** The client hears nothing until it gives up. */
  private fallSilent(exchange: Exchange): void {
    const { timeline } = this.network;
    exchange.answer = { kind: 'failed' };
    const atUs = Math.max(timeline.nowUs, exchange.sentUs + this.options.timeoutUs);
    timeline.at(atUs, this, ANSWER, exchange);
  }

  private expired(): void {
    const { nowUs } = this.network.timeline;
    this.expiryUs = Number.POSITIVE_INFINITY;
    if (nowUs >= this.unavailableUntilUs) this.state.expire(nowUs);
    this.announce();
  }

  /** Tells watchers of changed keys, and sees to the next lease that runs out. */
  private announce(): void {
    for (const { key, entry } of this.state.takeChanges()) {
      this.onChange?.(key, entry);
      for (const watch of this.watchesOfKey.get(key) ?? []) this.tell(watch);
    }
    const { timeline } = this.network;
    const nextUs = Math.max(this.state.nextExpiryUs, this.unavailableUntilUs);
    if (nextUs >= this.expiryUs) return;
    this.expiryUs = nextUs;
    timeline.at(Math.max(nextUs, timeline.nowUs), this, EXPIRE, null);
  }

  private tell(watch: Watch): void {
    const { timeline } = this.network;
    const atUs = Math.max(timeline.nowUs + this.network.reliableDelayUs(), watch.lastArrivalUs);
    watch.lastArrivalUs = atUs;
    const { revision } = this.state;
    timeline.at(atUs, this, NEWS, { watch, entry: this.state.get(watch.key), revision });
  }

  private told({ watch, entry, revision }: News): void {
    const { watcher } = watch;
    if (this.watches.get(watcher) !== watch || !watcher.isRunning) return;
    if (!this.network.isReachable(this.host, watcher.host)) {
      this.behind.add(watch);
      this.network.waiting.add(this);
    } else watcher.watched(entry, revision);
  }

  private isReachable({ host }: StoreClient): boolean {
    return this.network.isReachable(this.host, host);
  }
}
