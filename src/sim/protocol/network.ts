/** The network between hosts: how long messages take, which are lost, and which hosts can reach each other. */
import type { RandomStream } from '../../cluster/streams.ts';
import type { Clock } from './clock.ts';
import type { Timeline } from './timeline.ts';

export interface NetworkOptions {
  /** One way, µs: at least `latencyUs`, and on average `jitterUs` more (exponential). */
  readonly latencyUs: number;
  readonly jitterUs: number;
  /** Probability that a message is lost. Connections repeat it; calls of schedulers get no answer. */
  readonly loss: number;
  /** Probabilities that a call of a scheduler arrives twice, and that others overtake it. */
  readonly duplication: number;
  readonly reordering: number;
  /** A lost message on a connection is sent again after this, then after twice that … */
  readonly retransmitUs: number;
  /** An end of a connection gives up when what it sent did not arrive for so long. */
  readonly breakUs: number;
  /** A call without an answer is given up after this. */
  readonly callTimeoutUs: number;
}

/** One-way latency within a data centre, and TCP's usual times. */
export const DEFAULT_NETWORK: NetworkOptions = {
  latencyUs: 250,
  jitterUs: 250,
  loss: 0,
  duplication: 0,
  reordering: 0,
  retransmitUs: 200_000,
  breakUs: 10_000_000,
  callTimeoutUs: 10_000_000,
};

/** A machine in the network. */
export interface Host {
  readonly name: string;
  readonly rack: string;
  readonly clock: Clock;
  /** A bit for each partition that it is cut off by; hosts reach each other where all bits are equal. */
  partitions: number;
  /** What arrives or falls due before then waits until then. */
  pausedUntilUs: number;
}

/** What waits for a partition to end. */
export interface Resumable {
  resume(): void;
}

const PARTITIONS_MAX = 30;
/** A message is not lost more often in a row: the connection would be slower, but never lose it. */
const RETRANSMITS_MAX = 6;

export class Network {
  readonly timeline: Timeline;
  /** Faults change the rates. */
  options: NetworkOptions;
  /** Those that wait, in the order they began to. */
  readonly waiting = new Set<Resumable>();
  private readonly random: RandomStream;
  private partitionsInUse = 0;

  constructor(timeline: Timeline, random: RandomStream, options: NetworkOptions) {
    this.timeline = timeline;
    this.random = random;
    this.options = options;
  }

  isReachable(from: Host, to: Host): boolean {
    return from.partitions === to.partitions;
  }

  /** One way, integer µs. */
  delayUs(): number {
    const { latencyUs, jitterUs } = this.options;
    return jitterUs === 0 ? latencyUs : Math.round(latencyUs - Math.log(1 - this.random()) * jitterUs);
  }

  /** One way over a connection, which sends again what is lost. */
  reliableDelayUs(): number {
    let delayUs = this.delayUs();
    let againUs = this.options.retransmitUs;
    for (let n = 0; n < RETRANSMITS_MAX && this.happens(this.options.loss); n++, againUs *= 2)
      delayUs += againUs;
    return delayUs;
  }

  happens(probability: number): boolean {
    return probability > 0 && this.random() < probability;
  }

  /** Cuts hosts off from all others (not from each other); the partition's number. */
  partition(hosts: Iterable<Host>): number {
    for (let number = 0; number < PARTITIONS_MAX; number++) {
      if ((this.partitionsInUse & (1 << number)) !== 0) continue;
      this.partitionsInUse |= 1 << number;
      for (const host of hosts) host.partitions |= 1 << number;
      return number;
    }
    throw new Error(`more than ${PARTITIONS_MAX} partitions at once`);
  }

  /** @param hosts all that were, or may have been, cut off by the partition */
  heal(number: number, hosts: Iterable<Host>): void {
    this.partitionsInUse &= ~(1 << number);
    for (const host of hosts) host.partitions &= ~(1 << number);
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const each of waiting) each.resume();
  }
}
