/** One HTTP request to a daemon and its answer, as the routes of its APIs see them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** What the token of an executor says of it: the ids of its framework, of itself and of its container. */
export interface ExecutorClaims {
  readonly fid: string;
  readonly eid: string;
  readonly cid: string;
}

export interface Exchange {
  readonly headers: IncomingHttpHeaders;
  /** Whole, unless it is a stream of records. */
  readonly body: Uint8Array;
  /** Of records; `null`: the body came whole. */
  readonly records: Readable | null;
  /** `null`: not authenticated. */
  readonly principal: string | null;
  /** Of an executor that showed its token. */
  readonly executor: ExecutorClaims | null;
  /** Without content, or with a problem as text. */
  answer(status: number, problem?: string): void;
  answerWith(contentType: string, body: Uint8Array): void;
  /** Answers 200 with a stream of records. @param closed the other end is gone, or too slow */
  openStream(headers: Readonly<Record<string, string>>, closed: () => void): RecordStream;
}

export interface RecordStream {
  write(payload: Uint8Array): void;
  end(): void;
}
