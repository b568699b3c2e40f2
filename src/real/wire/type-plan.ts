/** A message type laid out for the codecs: what each field is, found once and looked up ever after. */
import protobuf from 'protobufjs';
import { messageType } from './schema.ts';

export type Kind = 'string' | 'bytes' | 'bool' | 'double' | 'integer' | 'enum' | 'message';

export interface FieldPlan {
  readonly name: string;
  readonly kind: Kind;
  readonly isRepeated: boolean;
  readonly isMap: boolean;
  readonly isRequired: boolean;
  /** Whether protobuf has it in 64 bits. */
  readonly isLong: boolean;
  /** What JSON says where the field is not set (reference §1.4); `undefined`: nothing. */
  readonly jsonDefault: string | undefined;
  /** Of the symbols of an enum. */
  readonly numberOf: ReadonlyMap<string, number>;
  readonly symbolOf: ReadonlyMap<number, string>;
  /** Of the message that the field holds. */
  plan(): TypePlan;
}

export interface TypePlan {
  readonly type: protobuf.Type;
  readonly fields: readonly FieldPlan[];
  readonly byName: ReadonlyMap<string, FieldPlan>;
  readonly required: readonly string[];
}

const INTEGERS = new Set(['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32']);
const LONGS = new Set(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64']);
const plans = new Map<protobuf.Type, TypePlan>();

/** @param name full name of the message */
export function planOf(name: string): TypePlan {
  return planOfType(messageType(name));
}

function planOfType(type: protobuf.Type): TypePlan {
  let plan = plans.get(type);
  if (plan === undefined) {
    const fields = type.fieldsArray.map(fieldPlan);
    plan = {
      type,
      fields,
      byName: new Map(fields.map((field) => [field.name, field])),
      required: fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    };
    plans.set(type, plan);
  }
  return plan;
}

function fieldPlan(field: protobuf.Field): FieldPlan {
  const resolved = field.resolve();
  const { resolvedType } = resolved;
  const symbols = resolvedType instanceof protobuf.Enum ? Object.entries(resolvedType.values) : [];
  return {
    name: field.name,
    kind: kindOf(resolved),
    isRepeated: field.repeated,
    isMap: field.map,
    isRequired: field.required,
    isLong: LONGS.has(field.type),
    jsonDefault: jsonDefaultOf(resolved),
    numberOf: new Map(symbols),
    symbolOf: new Map(symbols.map(([symbol, number]) => [number, symbol])),
    plan: () => planOfType(resolvedType as protobuf.Type),
  };
}

function kindOf({ resolvedType, type }: protobuf.Field): Kind {
  if (resolvedType instanceof protobuf.Enum) return 'enum';
  if (resolvedType instanceof protobuf.Type) return 'message';
  if (INTEGERS.has(type) || LONGS.has(type)) return 'integer';
  return type === 'float' ? 'double' : (type as Kind);
}

/** Fields with a default of their own are always written, unless they are deprecated. */
function jsonDefaultOf({ options, resolvedType, type }: protobuf.Field): string | undefined {
  const value: unknown = options?.default;
  if (value === undefined || options?.deprecated) return undefined;
  if (resolvedType instanceof protobuf.Enum || typeof value === 'string') return JSON.stringify(value);
  return type === 'double' && Number.isInteger(value) ? `${value}.0` : String(value);
}
