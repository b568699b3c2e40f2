/**
 * Elects one leader among masters through a store with etcd's semantics, and writes the leader's registry. The leader
 * holds a key under a lease; every write is fenced by the revision at which that key was made, and by the number of the
 * write before it, so that nothing of a former leader, and nothing twice, gets in. A leader stops before its lease may
 * have run out: `marginUs` before that by its own clock, so clocks whose rates differ by less than marginUs/ttlUs never
 * let two lead at once.
 */
import type { Machine, Tick } from '../protocol/machine.ts';
import type { MasterInfo } from '../protocol/v1/mesos.ts';
import type {
  ElectionEffect,
  ElectionInput,
  StoreAnswer,
  StoreCompare,
  StoreEntry,
  StoreOperation,
  StoreRequest,
} from './election-io.ts';
import type { RegistryChange } from './io.ts';

export interface ElectorOptions {
  readonly master: MasterInfo;
  /** How long a lease lives without being kept alive. etcd gives no less than about twice its own election timeout. */
  readonly ttlUs: number;
  readonly marginUs: number;
  /** Most operations of one transaction (etcd's --max-txn-ops); more changes than these in one revision still go as one. */
  readonly operationsMax: number;
}

export const DEFAULT_ELECTION = { ttlUs: 2_000_000, marginUs: 200_000, operationsMax: 128 } as const;

/** All keys begin with it. */
export const STORE_PREFIX = 'mesolab/';
/** Its value is the leader's MasterInfo: what agents and schedulers look for. */
export const LEADER_KEY = `${STORE_PREFIX}leader`;
/** Keys of the registry begin with it. */
export const REGISTRY_PREFIX = `${STORE_PREFIX}registry/`;
/** Number of the last write of the registry. */
export const WRITE_KEY = `${STORE_PREFIX}write`;

const KEEP_ALIVES_PER_TTL = 4;
const RETRY_US = 100_000;

type Phase =
  | 'new'
  /** Without a lease, or not the leader. */
  | 'standby'
  | 'campaigning'
  | 'leading'
  | 'ended';

interface Write {
  readonly revision: number;
  readonly changes: readonly RegistryChange[];
}

/** What an answer is for. */
type Purpose =
  | { readonly kind: 'grant'; readonly sentUs: number }
  | { readonly kind: 'keep-alive'; readonly sentUs: number }
  | { readonly kind: 'campaign' }
  | { readonly kind: 'write'; readonly number: number }
  | { readonly kind: 'revoke' };

export class Elector implements Machine<ElectionInput, ElectionEffect> {
  private readonly options: ElectorOptions;
  private phase: Phase = 'new';
  private nextRequest = 0;
  private readonly purposes = new Map<number, Purpose>();
  private lease: string | null = null;
  /** By this clock: the lease may have run out from then on. */
  private leaseEndUs = Number.NEGATIVE_INFINITY;
  private keepAliveUs = Number.POSITIVE_INFINITY;
  /** Grants, campaigns and writes that failed are tried again then. */
  private retryUs = Number.POSITIVE_INFINITY;
  private isGranting = false;
  private leaderKeyRevision = 0;
  /** `undefined`: not known yet. */
  private leader: StoreEntry | null | undefined = undefined;
  /** Revision of the store as of which `leader` is known. */
  private newsRevision = 0;
  private announced: MasterInfo | null | undefined = undefined;
  /** Revision of the key that numbers writes, and the number. */
  private writeRevision = 0;
  private writeNumber = 0;
  private readonly queue: Write[] = [];
  private underway: readonly Write[] = [];

  constructor(options: ElectorOptions) {
    if (!(options.marginUs > 0 && options.marginUs < options.ttlUs))
      throw new Error(`marginUs ${options.marginUs} must lie between 0 and ttlUs ${options.ttlUs}`);
    this.options = options;
  }

  /** Whether the master may act as leader: it was elected, and its lease holds for certain. */
  isLeadingAt(nowUs: number): boolean {
    return this.phase === 'leading' && nowUs < this.leaseEndUs;
  }

  get nextTimerUs(): number {
    if (this.phase === 'new' || this.phase === 'ended') return Number.POSITIVE_INFINITY;
    const endUs = this.phase === 'leading' ? this.leaseEndUs : Number.POSITIVE_INFINITY;
    return Math.min(this.keepAliveUs, this.retryUs, endUs);
  }

  step(input: ElectionInput | Tick, nowUs: number): readonly ElectionEffect[] {
    if (this.phase === 'ended') return [];
    const effects: ElectionEffect[] = [];
    if (this.phase === 'leading' && nowUs >= this.leaseEndUs)
      this.abort('the lease of leadership may have run out', effects);
    else this.take(input, nowUs, effects);
    return effects;
  }

  private take(input: ElectionInput | Tick, nowUs: number, effects: ElectionEffect[]): void {
    switch (input.kind) {
      case 'start':
        this.phase = 'standby';
        effects.push({ kind: 'watch', key: LEADER_KEY });
        this.grant(nowUs, effects);
        return;
      case 'store-answer':
        this.answered(input.request, input.answer, nowUs, effects);
        return;
      case 'watched':
        this.watched(input.entry, input.revision, nowUs, effects);
        return;
      case 'store':
        if (this.phase !== 'leading') throw new Error('a master that does not lead writes to the registry');
        this.queue.push(input);
        this.write(effects);
        return;
      case 'resign':
        this.resign(effects);
        return;
      case 'tick':
        this.tick(nowUs, effects);
    }
  }

  private tick(nowUs: number, effects: ElectionEffect[]): void {
    if (nowUs >= this.keepAliveUs && this.lease !== null) {
      this.keepAliveUs = nowUs + this.keepAliveEveryUs;
      this.request({ kind: 'keep-alive', lease: this.lease }, { kind: 'keep-alive', sentUs: nowUs }, effects);
    }
    if (nowUs < this.retryUs) return;
    this.retryUs = Number.POSITIVE_INFINITY;
    if (this.lease === null) this.grant(nowUs, effects);
    else if (this.phase === 'leading') this.sendWrites(effects);
    else this.reconsider(nowUs, effects);
  }

  private answered(request: number, answer: StoreAnswer, nowUs: number, effects: ElectionEffect[]): void {
    const purpose = this.purposes.get(request);
    if (purpose === undefined) return;
    this.purposes.delete(request);
    switch (purpose.kind) {
      case 'grant':
        this.isGranting = false;
        if (answer.kind !== 'lease') this.retryUs = nowUs + RETRY_US;
        else this.granted(answer.lease, answer.ttlUs, purpose.sentUs, nowUs, effects);
        return;
      case 'keep-alive':
        if (answer.kind === 'lease' && answer.lease === this.lease)
          this.keptAlive(answer.ttlUs, purpose.sentUs, nowUs, effects);
        return;
      case 'campaign':
        this.campaigned(answer, nowUs, effects);
        return;
      case 'write':
        if (purpose.number === this.writeNumber && this.underway.length > 0)
          this.written(answer, nowUs, effects);
    }
  }

  private get keepAliveEveryUs(): number {
    return Math.floor(this.options.ttlUs / KEEP_ALIVES_PER_TTL);
  }

  private grant(nowUs: number, effects: ElectionEffect[]): void {
    if (this.isGranting) return;
    this.isGranting = true;
    this.request(
      { kind: 'grant-lease', ttlUs: this.options.ttlUs },
      { kind: 'grant', sentUs: nowUs },
      effects,
    );
  }

  private granted(
    lease: string,
    ttlUs: number,
    sentUs: number,
    nowUs: number,
    effects: ElectionEffect[],
  ): void {
    this.lease = lease;
    this.leaseEndUs = sentUs + ttlUs - this.options.marginUs;
    this.keepAliveUs = nowUs + this.keepAliveEveryUs;
    this.reconsider(nowUs, effects);
  }

  private keptAlive(ttlUs: number, sentUs: number, nowUs: number, effects: ElectionEffect[]): void {
    if (ttlUs > 0) {
      this.leaseEndUs = Math.max(this.leaseEndUs, sentUs + ttlUs - this.options.marginUs);
      return;
    }
    if (this.phase === 'leading') {
      this.abort('the lease of leadership ran out', effects);
      return;
    }
    this.lease = null;
    this.keepAliveUs = Number.POSITIVE_INFINITY;
    this.grant(nowUs, effects);
  }

  private watched(
    entry: StoreEntry | null,
    revision: number,
    nowUs: number,
    effects: ElectionEffect[],
  ): void {
    if (this.phase === 'leading') {
      // News of before the election may come late.
      if (revision > this.leaderKeyRevision && entry?.createRevision !== this.leaderKeyRevision)
        this.abort('the key of leadership is gone', effects);
      return;
    }
    this.noteLeader(entry, revision, effects);
    this.reconsider(nowUs, effects);
  }

  private noteLeader(entry: StoreEntry | null, revision: number, effects: ElectionEffect[]): void {
    if (revision < this.newsRevision) return;
    this.newsRevision = revision;
    this.leader = entry;
    const master = entry === null ? null : (entry.value as MasterInfo);
    if (this.announced !== undefined && master?.id === this.announced?.id) return;
    this.announced = master;
    effects.push({ kind: 'leader', master });
  }

  /** What a standby does about the leader that it knows of. */
  private reconsider(nowUs: number, effects: ElectionEffect[]): void {
    if (this.phase !== 'standby' || this.lease === null) return;
    if (this.leader === null) this.campaign(effects);
    // A campaign whose answer was lost had won: beginning again without it needs no special case.
    else if (this.leader?.lease === this.lease) this.giveUpLease(nowUs, effects);
  }

  private campaign(effects: ElectionEffect[]): void {
    if (this.lease === null) throw new Error('a campaign needs a lease');
    this.phase = 'campaigning';
    const { lease } = this;
    this.request(
      {
        kind: 'transaction',
        compare: [{ key: LEADER_KEY, target: 'create', revision: 0 }],
        success: [
          { kind: 'put', key: LEADER_KEY, value: this.options.master, lease },
          { kind: 'put', key: WRITE_KEY, value: 0, lease: null },
          { kind: 'get', key: LEADER_KEY },
          { kind: 'get-prefix', prefix: REGISTRY_PREFIX },
        ],
        failure: [{ kind: 'get', key: LEADER_KEY }],
      },
      { kind: 'campaign' },
      effects,
    );
  }

  private campaigned(answer: StoreAnswer, nowUs: number, effects: ElectionEffect[]): void {
    this.phase = 'standby';
    if (answer.kind !== 'transaction') {
      this.retryUs = nowUs + RETRY_US;
      return;
    }
    const leader = answer.entries[0];
    // It may have been for a lease that ran out meanwhile.
    if (answer.hasSucceeded && leader.lease === this.lease) {
      this.lead(leader, answer.revision, answer.entries.slice(1), nowUs, effects);
      return;
    }
    this.noteLeader(leader, answer.revision, effects);
    this.reconsider(nowUs, effects);
  }

  private giveUpLease(nowUs: number, effects: ElectionEffect[]): void {
    this.revoke(effects);
    this.lease = null;
    this.keepAliveUs = Number.POSITIVE_INFINITY;
    this.grant(nowUs, effects);
  }

  private lead(
    leader: StoreEntry,
    revision: number,
    entries: readonly StoreEntry[],
    nowUs: number,
    effects: ElectionEffect[],
  ): void {
    if (nowUs >= this.leaseEndUs) {
      this.giveUpLease(nowUs, effects);
      return;
    }
    this.phase = 'leading';
    this.retryUs = Number.POSITIVE_INFINITY;
    this.leader = leader;
    this.leaderKeyRevision = leader.createRevision;
    this.writeRevision = revision;
    this.writeNumber = 0;
    const registry = entries.map(({ key, value }) => [key.slice(REGISTRY_PREFIX.length), value] as const);
    effects.push({ kind: 'elected', entries: Object.fromEntries(registry) });
  }

  /** Sends what waits, whole revisions at a time, unless a write is on its way. */
  private write(effects: ElectionEffect[]): void {
    if (this.underway.length > 0 || this.queue.length === 0) return;
    let operations = 1;
    let count = 0;
    for (const { changes } of this.queue) {
      operations += changes.length;
      if (count > 0 && operations > this.options.operationsMax) break;
      count++;
    }
    this.underway = this.queue.splice(0, count);
    this.writeNumber++;
    this.sendWrites(effects);
  }

  private sendWrites(effects: ElectionEffect[]): void {
    if (this.underway.length === 0) return;
    const compare: StoreCompare[] = [
      { key: LEADER_KEY, target: 'create', revision: this.leaderKeyRevision },
      { key: WRITE_KEY, target: 'mod', revision: this.writeRevision },
    ];
    this.request(
      {
        kind: 'transaction',
        compare,
        success: [
          { kind: 'put', key: WRITE_KEY, value: this.writeNumber, lease: null },
          ...lastChanges(this.underway).map(operationOf),
        ],
        failure: [
          { kind: 'get', key: LEADER_KEY },
          { kind: 'get', key: WRITE_KEY },
        ],
      },
      { kind: 'write', number: this.writeNumber },
      effects,
    );
  }

  private written(answer: StoreAnswer, nowUs: number, effects: ElectionEffect[]): void {
    if (answer.kind !== 'transaction') {
      this.retryUs = nowUs + RETRY_US;
      return;
    }
    if (answer.hasSucceeded) {
      this.stored(answer.revision, effects);
      return;
    }
    // An attempt of before, whose answer was lost, may have done it.
    const leader = answer.entries.find(({ key }) => key === LEADER_KEY);
    const last = answer.entries.find(({ key }) => key === WRITE_KEY);
    if (leader?.createRevision === this.leaderKeyRevision && last?.value === this.writeNumber)
      this.stored(last.modRevision, effects);
    else this.abort('the registry refused a write: leadership is lost', effects);
  }

  private stored(writeRevision: number, effects: ElectionEffect[]): void {
    this.writeRevision = writeRevision;
    const revision = this.underway[this.underway.length - 1].revision;
    this.underway = [];
    effects.push({ kind: 'stored', revision });
    this.write(effects);
  }

  private resign(effects: ElectionEffect[]): void {
    this.phase = 'ended';
    this.revoke(effects);
  }

  private abort(reason: string, effects: ElectionEffect[]): void {
    this.resign(effects);
    effects.push({ kind: 'abort', reason });
  }

  private revoke(effects: ElectionEffect[]): void {
    if (this.lease !== null)
      this.request({ kind: 'revoke-lease', lease: this.lease }, { kind: 'revoke' }, effects);
  }

  private request(request: StoreRequest, purpose: Purpose, effects: ElectionEffect[]): void {
    const number = this.nextRequest++;
    this.purposes.set(number, purpose);
    effects.push({ kind: 'store-request', number, request });
  }
}

/** A transaction may write each key once only: the last change of each, in the order of those. */
function lastChanges(writes: readonly Write[]): RegistryChange[] {
  const byKey = new Map<string, RegistryChange>();
  for (const { changes } of writes)
    for (const change of changes) {
      byKey.delete(change.key);
      byKey.set(change.key, change);
    }
  return [...byKey.values()];
}

function operationOf({ key, value }: RegistryChange): StoreOperation {
  const stored = REGISTRY_PREFIX + key;
  return value === null ? { kind: 'delete', key: stored } : { kind: 'put', key: stored, value, lease: null };
}
