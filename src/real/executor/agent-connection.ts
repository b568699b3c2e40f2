/**
 * An executor's side of the executor API (reference §5) in JSON. Calls arrive in the order in which they are made; one
 * that fails breaks the subscription, so that what it said is said again. Executors are many: this loads node:http only.
 */
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from 'node:http';
import { Agent as HttpsAgent, request as secureRequest } from 'node:https';
import type { ExecutorCall, ExecutorEvent } from '../../protocol/v1/executor.ts';
import { RecordReader } from '../wire/record-io.ts';

const MAX_EVENT_BYTES = 64 * 1024 * 1024;

export interface AgentAddress {
  /** Such as `http://127.0.0.1:5051`. */
  readonly origin: string;
  readonly authorization: string | null;
}

export interface AgentListener {
  event(event: ExecutorEvent): void;
  disconnected(): void;
}

export class AgentConnection {
  private readonly address: AgentAddress;
  private readonly listener: AgentListener;
  private readonly pool: HttpAgent;
  private stream: ClientRequest | null = null;
  private readonly waiting: ExecutorCall[] = [];
  private isCalling = false;

  constructor(address: AgentAddress, listener: AgentListener) {
    this.address = address;
    this.listener = listener;
    const options = { keepAlive: true, maxSockets: 2 };
    // Agents of a lab sign their own certificates; the token tells them who calls.
    this.pool = address.origin.startsWith('https:')
      ? new HttpsAgent({ ...options, rejectUnauthorized: false })
      : new HttpAgent(options);
  }

  subscribe(call: ExecutorCall): void {
    this.drop();
    const stream = this.post(call, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        this.lose(stream);
        return;
      }
      const reader = new RecordReader(MAX_EVENT_BYTES);
      response.on('data', (chunk: Buffer) => {
        for (const payload of reader.push(chunk))
          if (this.stream === stream) this.listener.event(JSON.parse(payload.toString()) as ExecutorEvent);
      });
      response.on('error', () => this.lose(stream));
      response.on('close', () => this.lose(stream));
    });
    this.stream = stream;
    stream.on('error', () => this.lose(stream));
  }

  call(call: ExecutorCall): void {
    this.waiting.push(call);
    this.callNext();
  }

  /** Once all calls have been answered, or the subscription is gone. */
  close(): void {
    if (!this.isCalling) this.drop();
    else setTimeout(() => this.close(), 10);
  }

  private callNext(): void {
    const { stream } = this;
    const next = this.isCalling ? undefined : this.waiting.shift();
    if (next === undefined || stream === null) return;
    this.isCalling = true;
    const done = (isTaken: boolean) => {
      if (this.stream !== stream) return;
      this.isCalling = false;
      if (isTaken) this.callNext();
      else this.lose(stream);
    };
    const sent = this.post(next, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode === 202));
    });
    sent.on('error', () => done(false));
  }

  private lose(stream: ClientRequest): void {
    if (this.stream !== stream) return;
    this.drop();
    this.listener.disconnected();
  }

  private drop(): void {
    const { stream } = this;
    this.stream = null;
    this.waiting.length = 0;
    this.isCalling = false;
    stream?.destroy();
  }

  private post(call: ExecutorCall, answered: (response: IncomingMessage) => void): ClientRequest {
    const { origin, authorization } = this.address;
    const body = JSON.stringify(call);
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(authorization !== null && { authorization }),
    };
    const send = origin.startsWith('https:') ? secureRequest : request;
    const sent = send(`${origin}/api/v1/executor`, { method: 'POST', headers, agent: this.pool }, answered);
    sent.end(body);
    return sent;
  }
}
