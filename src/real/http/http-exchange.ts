/** An exchange over HTTP. Streams of records are bounded: a reader that is too far behind is cut off. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { record } from '../wire/record-io.ts';
import type { Exchange, ExecutorClaims, RecordStream } from './exchange.ts';

const MAX_UNREAD_BYTES = 4 * 2 ** 20;
/** Of silence, after which the system asks whether the other end is still there. */
const KEEP_ALIVE_MS = 30_000;
/**
 * Between the headers of a stream and its first record. Clients on Node (mesos-framework) take records apart by the
 * parts that they read, so that records must not come together, nor with the headers.
 */
const HEADERS_LEAD_MS = 10;

export class HttpExchange implements Exchange {
  readonly headers: IncomingHttpHeaders;
  /** Path and query. */
  readonly target: string;
  readonly body: Uint8Array;
  readonly records: Readable | null;
  readonly principal: string | null;
  readonly executor: ExecutorClaims | null;
  private readonly response: ServerResponse;

  constructor(
    request: FastifyRequest,
    response: ServerResponse,
    principal: string | null,
    executor: ExecutorClaims | null,
  ) {
    this.principal = principal;
    const { body } = request;
    this.headers = request.headers;
    this.target = request.raw.url!;
    this.records = body instanceof Readable ? body : null;
    this.body = Buffer.isBuffer(body) ? body : new Uint8Array();
    this.executor = executor;
    this.response = response;
  }

  /** To the same path elsewhere. @param location without a scheme */
  redirect(location: string): void {
    this.response.writeHead(307, { location, 'content-length': 0 });
    this.response.end();
  }

  answer(status: number, problem = ''): void {
    const text = Buffer.from(problem);
    const headers = problem === '' ? {} : { 'content-type': 'text/plain' };
    this.response.writeHead(status, { ...headers, 'content-length': text.length });
    this.response.end(text);
  }

  answerWith(contentType: string, body: Uint8Array): void {
    this.response.writeHead(200, { 'content-type': contentType, 'content-length': body.length });
    this.response.end(body);
  }

  openStream(headers: Readonly<Record<string, string>>, closed: () => void): RecordStream {
    const { response } = this;
    let isOpen = true;
    const lose = () => {
      if (!isOpen) return;
      isOpen = false;
      closed();
    };
    response.writeHead(200, headers);
    response.flushHeaders();
    response.socket?.setKeepAlive(true, KEEP_ALIVE_MS);
    response.on('close', lose);
    response.on('error', lose);
    const records = new PacedRecords(response);
    return {
      write(payload) {
        if (isOpen) records.write(record(payload));
      },
      end() {
        isOpen = false;
        records.end();
      },
    };
  }
}

/** Records one by one, each in a packet of its own. */
class PacedRecords {
  private readonly response: ServerResponse;
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private isEnding = false;
  /** Whether `next` is due. */
  private isPacing = true;

  constructor(response: ServerResponse) {
    this.response = response;
    setTimeout(() => this.next(), HEADERS_LEAD_MS);
  }

  write(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes + this.response.writableLength > MAX_UNREAD_BYTES) this.response.destroy();
    else this.pace();
  }

  end(): void {
    this.isEnding = true;
    this.pace();
  }

  private pace(): void {
    if (this.isPacing) return;
    this.isPacing = true;
    setImmediate(() => this.next());
  }

  private next(): void {
    this.isPacing = false;
    const bytes = this.waiting.shift();
    if (bytes !== undefined) {
      this.waitingBytes -= bytes.length;
      this.response.write(bytes);
      if (this.waiting.length > 0 || this.isEnding) this.pace();
    } else if (this.isEnding) this.response.end();
  }
}
