/**
 * One HTTP call of a scheduler to a master, on a connection of its own: it or its answer may get lost (no answer comes
 * then, after a timeout), it may arrive twice, and calls may overtake each other.
 */
import type { SchedulerCall } from '../../protocol/v1/scheduler.ts';
import type { Host, Network } from './network.ts';
import type { Actor } from './timeline.ts';

export interface CallClient {
  readonly host: Host;
  /** @param status 0: no answer came */
  answered(call: Call, status: number): void;
}

export interface CallServer {
  readonly host: Host;
  readonly isRunning: boolean;
  called(call: Call): void;
}

const ARRIVE = 0;
const ANSWER = 1;
const GIVE_UP = 2;
/** A call that others overtake is so many times slower. */
const LATE = 20;

export class Call implements Actor {
  readonly client: CallClient;
  readonly server: CallServer;
  readonly number: number;
  readonly body: SchedulerCall;
  readonly stream: string;
  private readonly network: Network;
  private readonly sentUs: number;
  private status = 0;
  private isAnswered = false;

  constructor(
    network: Network,
    client: CallClient,
    server: CallServer,
    number: number,
    body: SchedulerCall,
    stream: string,
  ) {
    this.network = network;
    this.client = client;
    this.server = server;
    this.number = number;
    this.body = body;
    this.stream = stream;
    this.sentUs = network.timeline.nowUs;
  }

  send(): void {
    const { network } = this;
    const { loss, duplication, reordering } = network.options;
    const slowness = network.happens(reordering) ? LATE : 1;
    if (network.happens(loss)) this.giveUp();
    else this.plan(network.delayUs() * slowness, ARRIVE);
    if (network.happens(duplication)) this.plan(network.delayUs() * LATE, ARRIVE);
  }

  /** The server answers. */
  answer(status: number): void {
    this.status = status;
    if (this.network.happens(this.network.options.loss)) this.giveUp();
    else this.plan(this.network.delayUs(), ANSWER);
  }

  /** The server ended before it answered. @param isSilent its host is gone too: nothing tells the client */
  fail(isSilent: boolean): void {
    if (isSilent) this.giveUp();
    else this.plan(this.network.delayUs(), GIVE_UP);
  }

  occur(what: number): void {
    if (what === ARRIVE) this.arrive();
    else if (what === ANSWER && !this.isReachable) this.giveUp();
    else this.conclude(what === ANSWER ? this.status : 0);
  }

  private arrive(): void {
    const { server } = this;
    const giveUpUs = this.sentUs + this.network.options.callTimeoutUs;
    if (!this.isReachable) {
      this.giveUp();
      return;
    }
    if (!server.isRunning) {
      this.fail(false);
      return;
    }
    // A server that stands still for too long takes the call, but its answer comes too late.
    if (server.host.pausedUntilUs >= giveUpUs) this.giveUp();
    server.called(this);
  }

  private giveUp(): void {
    const { timeline, options } = this.network;
    timeline.at(Math.max(timeline.nowUs, this.sentUs + options.callTimeoutUs), this, GIVE_UP, null);
  }

  private plan(afterUs: number, what: number): void {
    const { timeline } = this.network;
    timeline.at(timeline.nowUs + afterUs, this, what, null);
  }

  private conclude(status: number): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.client.answered(this, status);
  }

  private get isReachable(): boolean {
    return this.network.isReachable(this.client.host, this.server.host);
  }
}
