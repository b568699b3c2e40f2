/** The agent's operator API over HTTP (reference §8): calls in either encoding, and streams of records in and out. */
import type { AgentCall, AgentResponse } from '../../protocol/v1/agent.ts';
import type { Exchange } from '../http/exchange.ts';
import { decode, type Encoding, encode } from '../wire/codec.ts';
import { acceptedEncoding, contentEncoding, MEDIA_TYPES } from '../wire/content-type.ts';
import { WireError } from '../wire/wire-error.ts';

export interface OperatorAnswer {
  readonly status: number;
  readonly problem?: string;
  readonly response?: AgentResponse;
}

/** A call whose answer is a stream; `encoding` is that of its records. */
export interface StreamedCall {
  readonly call: AgentCall;
  readonly encoding: Encoding;
  readonly headers: Readonly<Record<string, string>>;
}

export interface OperatorCalls {
  /** Before anything is read of a request. `null`: nothing is wrong. */
  refusal(): OperatorAnswer | null;
  answer(call: AgentCall, exchange: Exchange): Promise<OperatorAnswer>;
  stream(call: StreamedCall, exchange: Exchange): Promise<OperatorAnswer | null>;
  /** ATTACH_CONTAINER_INPUT: the call is the first of its records. */
  input(encoding: Encoding, exchange: Exchange): Promise<OperatorAnswer>;
}

export const RECORD_IO = 'application/recordio';
const STREAMED = new Set(['LAUNCH_NESTED_CONTAINER_SESSION', 'ATTACH_CONTAINER_OUTPUT']);
/** Calls that say all by their type. */
const BARE = new Set([
  'GET_HEALTH',
  'GET_FLAGS',
  'GET_VERSION',
  'GET_METRICS',
  'GET_LOGGING_LEVEL',
  'GET_STATE',
  'GET_CONTAINERS',
  'GET_FRAMEWORKS',
  'GET_EXECUTORS',
  'GET_OPERATIONS',
  'GET_TASKS',
  'GET_AGENT',
  'GET_RESOURCE_PROVIDERS',
  'PRUNE_IMAGES',
]);

export async function operatorRoute(calls: OperatorCalls, exchange: Exchange): Promise<void> {
  const answer = await handle(calls, exchange);
  if (answer === null) return;
  const { status, problem, response } = answer;
  if (response === undefined) {
    exchange.answer(status, problem);
    return;
  }
  // Whatever cannot be answered in the encoding was refused before.
  const encoding = acceptedEncoding(exchange.headers.accept)!;
  exchange.answerWith(MEDIA_TYPES[encoding], encode('mesos.v1.agent.Response', encoding, response));
}

/** In Mesos's order of checks. `null`: a stream was opened. */
async function handle(calls: OperatorCalls, exchange: Exchange): Promise<OperatorAnswer | null> {
  const refusal = calls.refusal();
  if (refusal !== null) return refusal;
  const { headers } = exchange;
  const type = headers['content-type'];
  if (exchange.records !== null) {
    const encoding = contentEncoding(one(headers['message-content-type']));
    if (encoding === 'missing')
      return { status: 400, problem: "Expecting 'Message-Content-Type' to be set for streaming requests" };
    if (encoding === 'unsupported') return unsupported("'Message-Content-Type'");
    return calls.input(encoding, exchange);
  }
  const sent = contentEncoding(type);
  if (sent === 'missing') return { status: 400, problem: "Expecting 'Content-Type' to be present" };
  if (sent === 'unsupported') return unsupported("'Content-Type'");
  if (headers['message-content-type'] !== undefined)
    return {
      status: 415,
      problem: "Expecting 'Message-Content-Type' to be not set for non-streaming requests",
    };
  const call = readCall(sent, exchange.body);
  if ('problem' in call) return { status: 400, problem: call.problem };
  if (call.type === 'ATTACH_CONTAINER_INPUT')
    return { status: 415, problem: `Expecting 'Content-Type' of ${RECORD_IO} for ATTACH_CONTAINER_INPUT` };
  if (!STREAMED.has(call.type!)) {
    if (acceptedEncoding(headers.accept) === null) return notAcceptable("'Accept'");
    return calls.answer(call, exchange);
  }
  const wantsRecords = accepts(one(headers.accept), RECORD_IO);
  const encoding = acceptedEncoding(wantsRecords ? one(headers['message-accept']) : headers.accept);
  if (encoding === null) return notAcceptable(wantsRecords ? "'Message-Accept'" : "'Accept'");
  const media = MEDIA_TYPES[encoding];
  return calls.stream(
    {
      call,
      encoding,
      headers: wantsRecords
        ? { 'content-type': RECORD_IO, 'message-content-type': media }
        : { 'content-type': media },
    },
    exchange,
  );
}

export function readCall(
  encoding: Encoding,
  body: Uint8Array,
): AgentCall | { readonly problem: string; readonly type?: undefined } {
  let call: AgentCall;
  try {
    call = decode('mesos.v1.agent.Call', encoding, body);
  } catch (error) {
    if (error instanceof WireError) return { problem: `Failed to parse the body: ${error.message}` };
    throw error;
  }
  const { type = 'UNKNOWN' } = call;
  if (type === 'UNKNOWN') return { problem: "Expecting 'type' to be present" };
  const name = type.toLowerCase() as keyof AgentCall;
  return BARE.has(type) || call[name] !== undefined ? call : { problem: `Expecting '${name}' to be present` };
}

const one = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'object' ? header.join(', ') : header;

/** By name, not by a wildcard: who wants records says so. */
const accepts = (header: string | undefined, type: string): boolean =>
  (header ?? '').split(',').some((part) => part.split(';')[0].trim() === type);

const unsupported = (header: string): OperatorAnswer => ({
  status: 415,
  problem: `Expecting ${header} of application/json or application/x-protobuf`,
});

const notAcceptable = (header: string): OperatorAnswer => ({
  status: 406,
  problem: `Expecting ${header} to allow application/json or application/x-protobuf`,
});
