/** Messages of the Mesos v1 API to and from bytes, in either encoding. */
import { decodeJson, encodeJson } from './json-codec.ts';
import type { MessageName, MessageOf } from './message-type.ts';
import { decodeProtobuf, encodeProtobuf } from './protobuf-codec.ts';
import { planOf } from './type-plan.ts';

export type Encoding = 'json' | 'protobuf';

/** @throws WireError where the body is not such a message: it says where, and what is wrong */
export function decode<N extends MessageName>(name: N, encoding: Encoding, body: Uint8Array): MessageOf<N> {
  const plan = planOf(name);
  const message =
    encoding === 'json' ? decodeJson(plan, Buffer.from(body).toString()) : decodeProtobuf(plan, body);
  return message as MessageOf<N>;
}

export function encode<N extends MessageName>(name: N, encoding: Encoding, message: MessageOf<N>): Buffer {
  const plan = planOf(name);
  return Buffer.from(encoding === 'json' ? encodeJson(plan, message) : encodeProtobuf(plan, message));
}
