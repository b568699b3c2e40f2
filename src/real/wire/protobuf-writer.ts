/** Messages to protobuf, from the form that our code has: enums by name, bytes in base64, 64-bit numbers as doubles. */
import protobuf from 'protobufjs';
import { asLong } from './integers.ts';
import type { FieldPlan, TypePlan } from './type-plan.ts';
import { ENTRY_KEY, ENTRY_VALUE, wireTypeOf } from './wire-types.ts';

type Fields = Readonly<Record<string, unknown>>;

export function encodeProtobuf(plan: TypePlan, message: unknown): Uint8Array {
  const writer = protobuf.Writer.create();
  writeMessage(plan, message as Fields, writer);
  return writer.finish();
}

function writeMessage(plan: TypePlan, message: Fields, writer: protobuf.Writer): void {
  for (const name in message) {
    const value = message[name];
    if (value === undefined || value === null) continue;
    const field = plan.byName.get(name);
    if (field !== undefined) writeField(field, value, writer);
  }
  for (const name of plan.required)
    if (message[name] === undefined) throw new Error(`a ${plan.name} to be sent lacks ${name}`);
}

function writeField(field: FieldPlan, value: unknown, writer: protobuf.Writer): void {
  const tag = (field.number << 3) | wireTypeOf(field);
  if (field.isMap) {
    for (const [key, part] of Object.entries(value as Fields)) {
      writer.uint32(tag).fork().uint32(ENTRY_KEY).string(key).uint32(ENTRY_VALUE);
      writeOne(field, part, writer);
      writer.ldelim();
    }
  } else if (field.isRepeated) {
    for (const part of value as readonly unknown[]) {
      writer.uint32(tag);
      writeOne(field, part, writer);
    }
  } else {
    writer.uint32(tag);
    writeOne(field, value, writer);
  }
}

function writeOne(field: FieldPlan, value: unknown, writer: protobuf.Writer): void {
  switch (field.kind) {
    case 'message':
      writer.fork();
      writeMessage(field.plan(), value as Fields, writer);
      writer.ldelim();
      return;
    case 'string':
      writer.string(value as string);
      return;
    case 'bytes':
      writer.bytes(Buffer.from(value as string, 'base64'));
      return;
    case 'bool':
      writer.bool(value as boolean);
      return;
    case 'double':
      writer.double(value as number);
      return;
    case 'enum':
      writer.int32(numberOf(field, value as string));
      return;
    default:
      writeInteger(field, value as number, writer);
  }
}

function numberOf(field: FieldPlan, symbol: string): number {
  const number = field.numberOf.get(symbol);
  if (number === undefined) throw new Error(`${field.name} to be sent is ${symbol}, which is not known`);
  return number;
}

function writeInteger({ scalar }: FieldPlan, value: number, writer: protobuf.Writer): void {
  switch (scalar) {
    case 'int32':
      writer.int32(value);
      return;
    case 'uint32':
      writer.uint32(value);
      return;
    case 'int64':
      writer.int64(asLong('int64', value));
      return;
    default:
      writer.uint64(asLong('uint64', value));
  }
}
