/** Messages of the Mesos v1 API to and from bytes, in either encoding. */
import { decodeJson } from './json-reader.ts';
import { encodeJson } from './json-writer.ts';
import type { MessageName, MessageOf } from './message-type.ts';
import { decodeProtobuf } from './protobuf-reader.ts';
import { encodeProtobuf } from './protobuf-writer.ts';
import { planOf } from './type-plan.ts';

export type Encoding = 'json' | 'protobuf';

/** @throws WireError where the body is not such a message: it says where, and what is wrong */
export function decode<N extends MessageName>(name: N, encoding: Encoding, body: Uint8Array): MessageOf<N> {
  const plan = planOf(name);
  const message: unknown = encoding === 'json' ? decodeJson(plan, body) : decodeProtobuf(plan, body);
  return message as MessageOf<N>;
}

export function encode<N extends MessageName>(name: N, encoding: Encoding, message: MessageOf<N>): Buffer {
  const plan = planOf(name);
  if (encoding === 'json') return Buffer.from(encodeJson(plan, message));
  const bytes = encodeProtobuf(plan, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
