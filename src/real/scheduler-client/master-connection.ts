/**
 * A framework's side of the scheduler API over HTTP (reference §2): one subscription to the leading master, found
 * through the redirects of those that do not lead, and calls on its stream.
 */
import { type Dispatcher, request } from 'undici';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import type { Masters } from '../coordination/masters.ts';
import { decode, type Encoding, encode } from '../wire/codec.ts';
import { MEDIA_TYPES } from '../wire/content-type.ts';
import { RecordReader } from '../wire/record-io.ts';

const PATH = '/api/v1/scheduler';
const MAX_EVENT_BYTES = 256 * 1024 * 1024;
const MAX_REDIRECTS = 5;
const ANSWER_TIMEOUT_MS = 10_000;

export interface MasterAddresses {
  /** Origins such as `http://127.0.0.1:5050`. */
  readonly masters: Masters;
  readonly encoding: Encoding;
  /** Value of the Authorization header; `null`: none. */
  readonly authorization: string | null;
  /** TLS settings and the like; `null`: undici's defaults. */
  readonly dispatcher: Dispatcher | null;
}

export interface SubscriptionListener {
  event(event: SchedulerEvent): void;
  /** The subscription could not be opened, broke or was closed. @param problem why, for people */
  closed(problem: string): void;
}

interface Subscription {
  readonly abort: AbortController;
  /** Of the master that answered; `null`: none has yet. */
  origin: string | null;
  stream: string | null;
}

export class MasterConnection {
  private readonly addresses: MasterAddresses;
  private readonly listener: SubscriptionListener;
  private subscription: Subscription | null = null;
  private attempts = 0;

  constructor(addresses: MasterAddresses, listener: SubscriptionListener) {
    this.addresses = addresses;
    this.listener = listener;
  }

  /** Opens a new subscription in place of the present one; what becomes of it, the listener is told. */
  subscribe(call: SchedulerCall): void {
    this.close();
    const subscription: Subscription = { abort: new AbortController(), origin: null, stream: null };
    this.subscription = subscription;
    this.read(subscription, call).then(
      () => this.end(subscription, 'the master closed the subscription'),
      (error: Error) => this.end(subscription, error.message),
    );
  }

  /** @returns the status of the answer; 0: none came */
  async call(call: SchedulerCall): Promise<number> {
    const { origin = null, stream = null } = this.subscription ?? {};
    if (origin === null || stream === null) return 0;
    try {
      const headers = { 'mesos-stream-id': stream };
      const { statusCode, body } = await this.post(
        origin,
        call,
        headers,
        AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      );
      await body.dump();
      return statusCode;
    } catch {
      return 0;
    }
  }

  close(): void {
    const { subscription } = this;
    this.subscription = null;
    subscription?.abort.abort();
  }

  private end(subscription: Subscription, problem: string): void {
    if (this.subscription !== subscription) return;
    this.subscription = null;
    this.listener.closed(problem);
  }

  private async read(subscription: Subscription, call: SchedulerCall): Promise<void> {
    const { encoding } = this.addresses;
    const { origin, response } = await this.findLeader(subscription, call);
    subscription.origin = origin;
    subscription.stream = String(response.headers['mesos-stream-id'] ?? '');
    const reader = new RecordReader(MAX_EVENT_BYTES);
    // A master that is cut off or frozen does not close its streams: who leads instead is known elsewhere.
    const unfollow = this.addresses.masters.follow((leader) => {
      if (leader !== origin) subscription.abort.abort(new Error(`${leader} leads now`));
    });
    try {
      for await (const chunk of response.body)
        for (const payload of reader.push(chunk)) {
          const event = decode('mesos.v1.scheduler.Event', encoding, payload);
          if (this.subscription === subscription) this.listener.event(event);
        }
    } finally {
      unfollow();
    }
  }

  private async findLeader(subscription: Subscription, call: SchedulerCall) {
    const masters = await this.addresses.masters.candidates();
    if (masters.length === 0) throw new Error('no master leads');
    let origin = masters[this.attempts++ % masters.length];
    for (let redirects = 0; redirects < MAX_REDIRECTS; redirects++) {
      const response = await this.post(origin, call, {}, subscription.abort.signal);
      if (response.statusCode === 200) return { origin, response };
      const text = await response.body.text();
      const { location } = response.headers;
      if (response.statusCode !== 307 || location === undefined)
        throw new Error(`${origin} answered ${response.statusCode}${text && `: ${text}`}`);
      origin = new URL(String(location), origin).origin;
    }
    throw new Error(`the masters ${masters.join(', ')} redirect to each other`);
  }

  private post(
    origin: string,
    call: SchedulerCall,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { encoding, authorization, dispatcher } = this.addresses;
    return request(origin + PATH, {
      method: 'POST',
      headers: {
        'content-type': MEDIA_TYPES[encoding],
        accept: MEDIA_TYPES[encoding],
        ...headers,
        ...(authorization !== null && { authorization }),
      },
      body: encode('mesos.v1.scheduler.Call', encoding, call),
      signal,
      bodyTimeout: 0,
      headersTimeout: ANSWER_TIMEOUT_MS,
      ...(dispatcher !== null && { dispatcher }),
    });
  }
}
