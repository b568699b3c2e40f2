/** Messages from protobuf, in the form that our code has: enums by name, bytes in base64, 64-bit numbers as doubles. */
import protobuf from 'protobufjs';
import { fromLong } from './integers.ts';
import { Place } from './place.ts';
import type { FieldPlan, TypePlan } from './type-plan.ts';
import { WireError } from './wire-error.ts';
import { DELIMITED, ENTRY_KEY, ENTRY_VALUE, wireTypeOf } from './wire-types.ts';

type Fields = Record<string, unknown>;

/** @throws WireError */
export function decodeProtobuf(plan: TypePlan, bytes: Uint8Array): Readonly<Fields> {
  const place = new Place();
  let message: Fields;
  try {
    const reader = protobuf.Reader.create(bytes);
    message = readMessage(plan, reader, reader.len, place);
  } catch (error) {
    if (error instanceof WireError) throw error;
    // The library's own errors: numbers and lengths that lead past the end, tags that do not exist.
    throw new WireError(`the body is not a ${plan.name}: ${(error as Error).message}`);
  }
  place.finish();
  return message;
}

function readMessage(plan: TypePlan, reader: protobuf.Reader, end: number, place: Place): Fields {
  const message: Fields = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = plan.byNumber[tag >>> 3];
    if (field === undefined) skip(tag, reader);
    else readField(field, tag, reader, message, place);
  }
  if (reader.pos > end) throw place.error('is longer than it says');
  for (const name of plan.required) if (message[name] === undefined) place.miss(name);
  return message;
}

function readField(field: FieldPlan, tag: number, reader: protobuf.Reader, message: Fields, place: Place) {
  const wireType = tag & 7;
  const isPacked = field.isRepeated && wireType === DELIMITED && wireTypeOf(field) !== DELIMITED;
  if (wireType !== wireTypeOf(field) && !isPacked) return skip(tag, reader);
  place.enter(field.name);
  if (field.isMap) readEntry(field, reader, message, place);
  else if (isPacked) {
    const end = endOfNext(reader, place);
    while (reader.pos < end) readElement(field, reader, message, place);
  } else if (field.isRepeated) readElement(field, reader, message, place);
  else {
    const value = readOne(field, reader, place);
    if (value !== undefined) {
      message[field.name] = value;
      for (const rival of field.rivals) delete message[rival];
    }
  }
  place.leave();
}

function readElement(field: FieldPlan, reader: protobuf.Reader, message: Fields, place: Place): void {
  const list = message[field.name] as unknown[] | undefined;
  place.enter(list === undefined ? 0 : list.length);
  const value = readOne(field, reader, place);
  place.leave();
  if (value === undefined) return;
  if (list === undefined) message[field.name] = [value];
  else list.push(value);
}

/** Of a map: on the wire each entry is a message. */
function readEntry(field: FieldPlan, reader: protobuf.Reader, message: Fields, place: Place): void {
  let key = '';
  let value: unknown;
  const end = endOfNext(reader, place);
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === ENTRY_KEY) key = reader.string();
    else if (tag === ENTRY_VALUE) value = readOne(field, reader, place);
    else skip(tag, reader);
  }
  if (reader.pos > end) throw place.error('is longer than it says');
  if (value === undefined)
    value = field.kind === 'message' ? readMessage(field.plan(), reader, end, place) : '';
  message[field.name] ??= {};
  // A key such as `__proto__` is a key like any other.
  Object.defineProperty(message[field.name], key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function readOne(field: FieldPlan, reader: protobuf.Reader, place: Place): unknown {
  switch (field.kind) {
    case 'message':
      return readMessage(field.plan(), reader, endOfNext(reader, place), place);
    case 'string':
      return reader.string();
    case 'bytes': {
      const bytes = reader.bytes();
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    }
    case 'bool':
      return reader.bool();
    case 'double': {
      const value = reader.double();
      if (Number.isNaN(value)) throw place.error('expected a number, found NaN');
      return value;
    }
    case 'enum':
      return readSymbol(field, reader.int32(), place);
    default:
      return readInteger(field, reader);
  }
}

/** An unknown symbol says nothing where the field may be left out. */
function readSymbol(field: FieldPlan, number: number, place: Place): string | undefined {
  const symbol = field.symbolOf.get(number);
  if (symbol === undefined && field.isRequired)
    throw place.error(
      `expected the number of one of ${[...field.numberOf.keys()].join(', ')}, found ${number}`,
    );
  return symbol;
}

function readInteger({ scalar }: FieldPlan, reader: protobuf.Reader): number {
  switch (scalar) {
    case 'int32':
      return reader.int32();
    case 'uint32':
      return reader.uint32();
    case 'int64':
      return fromLong(reader.int64());
    default:
      return fromLong(reader.uint64());
  }
}

/** Of the message, or packed list, that starts here with its length. */
function endOfNext(reader: protobuf.Reader, place: Place): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw place.error(`says that it has ${length} bytes, which is more than there are`);
  return end;
}

function skip(tag: number, reader: protobuf.Reader): void {
  if (tag >>> 3 === 0) throw new WireError('the body is not protobuf: it has a field of the number 0');
  reader.skipType(tag & 7);
}
