/** An exchange over HTTP. Streams of records are bounded: a reader that is too far behind is cut off. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { record } from '../wire/record-io.ts';
import type { Exchange, RecordStream } from './exchange.ts';
import type { ExecutorClaims } from './executor-token.ts';

const MAX_UNREAD_BYTES = 4 * 2 ** 20;
/**
 * Between the headers of a stream and its first record. Clients on Node (mesos-framework) take records apart by the
 * chunks that they come in, and see several as one where these come together with the headers.
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
    response.on('close', lose);
    response.on('error', lose);
    const send = (payload: Uint8Array) => {
      if (!isOpen) return;
      response.write(record(payload));
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    };
    const finish = () => {
      isOpen = false;
      response.end();
    };
    let early: (() => void)[] | null = [];
    setTimeout(() => {
      for (const act of early!) act();
      early = null;
    }, HEADERS_LEAD_MS);
    const inTurn = (act: () => void) => {
      if (early === null) act();
      else early.push(act);
    };
    return {
      write: (payload) => inTurn(() => send(payload)),
      end: () => inTurn(finish),
    };
  }
}
