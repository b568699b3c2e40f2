/** Messages in protobuf, to and from the form that our code has: enums by name, bytes in base64, 64-bit numbers as doubles. */
import Long from 'long';
import type { FieldPlan, TypePlan } from './type-plan.ts';
import { WireError } from './wire-error.ts';

type Fields = Readonly<Record<string, unknown>>;

/** @throws WireError */
export function decodeProtobuf(plan: TypePlan, bytes: Uint8Array): unknown {
  try {
    return fromProtobuf(plan, plan.type.decode(bytes) as unknown as Fields);
  } catch (error) {
    if (error instanceof WireError) throw error;
    // Whatever garbage makes the library stumble, and nesting that exhausts the stack.
    throw new WireError(`the body is not a ${plan.type.fullName.slice(1)}: ${(error as Error).message}`);
  }
}

export function encodeProtobuf(plan: TypePlan, message: unknown): Uint8Array {
  return plan.type.encode(toProtobuf(plan, message as Fields)).finish();
}

function fromProtobuf(plan: TypePlan, decoded: Fields): Fields {
  const message: Record<string, unknown> = {};
  for (const field of plan.fields) {
    if (!Object.hasOwn(decoded, field.name)) continue;
    const value = mapped(field, decoded[field.name], (one) => oneFrom(field, one));
    if (value !== undefined) message[field.name] = value;
  }
  return message;
}

function toProtobuf(plan: TypePlan, message: Fields): Fields {
  const encodable: Record<string, unknown> = {};
  for (const field of plan.fields) {
    const value = message[field.name];
    if (value !== undefined && value !== null)
      encodable[field.name] = mapped(field, value, (one) => oneTo(field, one));
  }
  return encodable;
}

/** Lists and maps element by element; what an element gives as `undefined` is left out, as is what is empty then. */
function mapped({ isMap, isRepeated }: FieldPlan, value: unknown, one: (value: unknown) => unknown): unknown {
  if (isMap) {
    const entries = Object.entries(value as Fields);
    return entries.length === 0
      ? undefined
      : Object.fromEntries(entries.map(([key, part]) => [key, one(part)]));
  }
  if (!isRepeated) return one(value);
  const list = (value as readonly unknown[]).map(one).filter((part) => part !== undefined);
  return list.length === 0 ? undefined : list;
}

function oneFrom(field: FieldPlan, value: unknown): unknown {
  switch (field.kind) {
    case 'message':
      return fromProtobuf(field.plan(), value as Fields);
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'enum': {
      const symbol = field.symbolOf.get(value as number);
      if (symbol === undefined && field.isRequired)
        throw new WireError(`${field.name} is ${value}, which is not known`);
      return symbol;
    }
    case 'integer':
      return Long.isLong(value) ? value.toNumber() : value;
    default:
      return value;
  }
}

function oneTo(field: FieldPlan, value: unknown): unknown {
  switch (field.kind) {
    case 'message':
      return toProtobuf(field.plan(), value as Fields);
    case 'bytes':
      return Buffer.from(value as string, 'base64');
    case 'enum':
      return field.numberOf.get(value as string);
    case 'integer':
      return field.isLong ? Long.fromNumber(value as number) : value;
    default:
      return value;
  }
}
