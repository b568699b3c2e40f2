/** The call in a request's body, and in what encoding its answer is wanted (reference §1.2, §1.5). */
import type { IncomingHttpHeaders } from 'node:http';
import { decode, type Encoding } from '../wire/codec.ts';
import { acceptedEncoding, contentEncoding } from '../wire/content-type.ts';
import type { MessageName, MessageOf } from '../wire/message-type.ts';
import { WireError } from '../wire/wire-error.ts';

export interface Refusal {
  readonly status: number;
  readonly problem: string;
}

export interface ReadCall<N extends MessageName> {
  readonly call: MessageOf<N>;
  readonly sent: Encoding;
  /** `null`: neither will do, which is 406 where the call has an answer. */
  readonly accepted: Encoding | null;
}

export const NOT_ACCEPTABLE: Refusal = {
  status: 406,
  problem: "Expecting 'Accept' to allow application/json or application/x-protobuf",
};

export function readCall<N extends MessageName>(
  name: N,
  headers: IncomingHttpHeaders,
  body: Uint8Array,
): ReadCall<N> | Refusal {
  const sent = contentEncoding(headers['content-type']);
  if (sent === 'missing') return { status: 400, problem: "Expecting 'Content-Type' to be present" };
  if (sent === 'unsupported')
    return { status: 415, problem: "Expecting 'Content-Type' of application/json or application/x-protobuf" };
  try {
    return { call: decode(name, sent, body), sent, accepted: acceptedEncoding(headers.accept) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { status: 400, problem: `Failed to parse the body: ${error.message}` };
  }
}
