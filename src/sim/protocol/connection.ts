/**
 * A TCP connection between two processes: messages arrive in order, and where they cannot, both ends are told that it
 * broke. Loss is delay; a partition holds messages back until it ends or an end gives up; the end of a process closes it.
 */
import type { Host, Network, Resumable } from './network.ts';
import type { Actor } from './timeline.ts';

export interface Endpoint {
  readonly host: Host;
  received(connection: Connection, message: unknown): void;
  /** No message comes any more. */
  broken(connection: Connection): void;
}

export type Side = 0 | 1;

const DELIVER_TO_0 = 0;
const DELIVER_TO_1 = 1;
const RELEASE_TO_0 = 2;
const GIVE_UP_ON_0 = 4;
const TELL_0 = 6;

/** How long a message takes within a machine. */
const LOCAL_US = 50;

/** Goes along as the last message. */
const END = Symbol('end of connection');

interface Held {
  readonly messages: unknown[];
  isReleased: boolean;
}

export class Connection implements Actor, Resumable {
  readonly name: string;
  readonly ends: readonly [Endpoint, Endpoint];
  private readonly network: Network;
  private readonly isOpenAt: [boolean, boolean] = [true, true];
  private readonly lastArrivalUs: [number, number] = [0, 0];
  /** An end gave up: what was on its way is lost. */
  private isCut = false;
  /** By the side they go to: messages that a partition holds back. */
  private readonly held: [Held | null, Held | null] = [null, null];

  constructor(network: Network, name: string, ends: readonly [Endpoint, Endpoint]) {
    this.network = network;
    this.name = name;
    this.ends = ends;
  }

  isOpen(side: Side): boolean {
    return this.isOpenAt[side];
  }

  send(from: Side, message: unknown): void {
    if (this.isOpenAt[from]) this.post(from === 0 ? 1 : 0, message);
  }

  /** The process at this end closes it or ends: what it sent arrives, then the other end is told. */
  close(from: Side): void {
    if (!this.isOpenAt[from]) return;
    this.isOpenAt[from] = false;
    this.post(from === 0 ? 1 : 0, END);
  }

  /** The host at this end is gone without a word: the other end finds out by itself. */
  vanish(from: Side): void {
    if (!this.isOpenAt[from]) return;
    this.isOpenAt[from] = false;
    this.tell(from === 0 ? 1 : 0, this.network.options.breakUs);
  }

  occur(what: number, message: unknown): void {
    const side = (what & 1) as Side;
    if (what <= DELIVER_TO_1) this.arrive(side, message);
    else if (what < GIVE_UP_ON_0) this.release(side);
    else if (what < TELL_0) this.giveUp(side, message as Held);
    else this.break(side);
  }

  /** A partition ended. */
  resume(): void {
    for (const side of [0, 1] as const) {
      if (this.held[side] !== null) this.plan(side, RELEASE_TO_0 + side, null);
      else if (this.isOpenAt[side] && !this.isOpenAt[side === 0 ? 1 : 0])
        this.tell(side, this.network.delayUs());
    }
  }

  private post(to: Side, message: unknown): void {
    const held = this.held[to];
    if (held !== null) held.messages.push(message);
    else this.plan(to, DELIVER_TO_0 + to, message);
  }

  /** Nothing overtakes what was planned before it. */
  private plan(to: Side, what: number, message: unknown): void {
    const { timeline } = this.network;
    const delayUs = this.ends[0].host === this.ends[1].host ? LOCAL_US : this.network.reliableDelayUs();
    const atUs = Math.max(timeline.nowUs + delayUs, this.lastArrivalUs[to]);
    this.lastArrivalUs[to] = atUs;
    timeline.at(atUs, this, what, message);
  }

  private arrive(to: Side, message: unknown): void {
    if (this.isCut || !this.isOpenAt[to]) return;
    const held = this.held[to];
    if (held !== null) held.messages.push(message);
    else if (!this.isReachable) this.hold(to, message);
    else if (message === END) this.break(to);
    else this.ends[to].received(this, message);
  }

  private hold(to: Side, message: unknown): void {
    const { timeline, options, waiting } = this.network;
    const held = { messages: [message], isReleased: false };
    this.held[to] = held;
    waiting.add(this);
    timeline.at(timeline.nowUs + options.breakUs, this, GIVE_UP_ON_0 + to, held);
  }

  private release(to: Side): void {
    const held = this.held[to];
    if (held === null) return;
    if (!this.isReachable) {
      this.network.waiting.add(this);
      return;
    }
    this.held[to] = null;
    held.isReleased = true;
    for (const message of held.messages) this.arrive(to, message);
  }

  /** The end that sent what is held towards `to` has waited long enough; so has the other before long. */
  private giveUp(to: Side, held: Held): void {
    if (held.isReleased || this.isCut) return;
    this.isCut = true;
    this.held[0] = null;
    this.held[1] = null;
    this.network.waiting.add(this);
    if (this.isOpenAt[to]) this.tell(to, this.network.options.breakUs);
    this.break(to === 0 ? 1 : 0);
  }

  private tell(side: Side, afterUs: number): void {
    const { timeline } = this.network;
    timeline.at(timeline.nowUs + afterUs, this, TELL_0 + side, null);
  }

  private break(side: Side): void {
    if (!this.isOpenAt[side]) return;
    this.isOpenAt[side] = false;
    this.held[side] = null;
    this.ends[side].broken(this);
  }

  private get isReachable(): boolean {
    return this.network.isReachable(this.ends[0].host, this.ends[1].host);
  }
}
