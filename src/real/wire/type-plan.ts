/** A message type laid out for the codecs: what each field is, found once and looked up ever after. */
import protobuf from 'protobufjs';
import { messageType } from './schema.ts';

export type Kind = 'string' | 'bytes' | 'bool' | 'double' | 'integer' | 'enum' | 'message';

export interface FieldPlan {
  readonly name: string;
  readonly number: number;
  readonly kind: Kind;
  readonly isRepeated: boolean;
  readonly isMap: boolean;
  readonly isRequired: boolean;
  /** How protobuf has an integer or a double; `null`: it is neither. */
  readonly scalar: Scalar | null;
  /** Other fields of its `oneof`: the one that is said last counts. */
  readonly rivals: readonly string[];
  /** What JSON says where the field is not set (reference §1.4); `undefined`: nothing. */
  readonly jsonDefault: string | undefined;
  /** Of the symbols of an enum. */
  readonly numberOf: ReadonlyMap<string, number>;
  readonly symbolOf: ReadonlyMap<number, string>;
  /** Of the message that the field holds. */
  plan(): TypePlan;
}

export interface TypePlan {
  readonly name: string;
  readonly fields: readonly FieldPlan[];
  readonly byName: ReadonlyMap<string, FieldPlan>;
  /** By protobuf's number of the field. */
  readonly byNumber: readonly (FieldPlan | undefined)[];
  readonly required: readonly string[];
  /** Fields with a `jsonDefault`. */
  readonly withDefault: readonly FieldPlan[];
}

export type Scalar = 'int32' | 'uint32' | 'int64' | 'uint64' | 'double';

const plans = new Map<protobuf.Type, TypePlan>();
const plansByName = new Map<string, TypePlan>();

/** @param name full name of the message */
export function planOf(name: string): TypePlan {
  let plan = plansByName.get(name);
  if (plan === undefined) {
    plan = planOfType(messageType(name));
    plansByName.set(name, plan);
  }
  return plan;
}

function planOfType(type: protobuf.Type): TypePlan {
  let plan = plans.get(type);
  if (plan === undefined) {
    const fields = type.fieldsArray.map(fieldPlan);
    const byNumber: (FieldPlan | undefined)[] = [];
    for (const field of fields) byNumber[field.number] = field;
    plan = {
      name: type.fullName.slice(1),
      fields,
      byName: new Map(fields.map((field) => [field.name, field])),
      byNumber,
      required: fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
      withDefault: fields.filter(({ jsonDefault }) => jsonDefault !== undefined),
    };
    plans.set(type, plan);
  }
  return plan;
}

function fieldPlan(field: protobuf.Field): FieldPlan {
  const resolved = field.resolve();
  const { resolvedType } = resolved;
  const symbols = resolvedType instanceof protobuf.Enum ? Object.entries(resolvedType.values) : [];
  const kind = kindOf(resolved);
  // Found when it is asked for: messages may hold themselves.
  let plan: TypePlan | undefined;
  return {
    name: field.name,
    number: field.id,
    kind,
    isRepeated: field.repeated,
    isMap: field.map,
    isRequired: field.required,
    scalar: kind === 'integer' || kind === 'double' ? (field.type as Scalar) : null,
    rivals: field.partOf?.oneof.filter((name) => name !== field.name) ?? [],
    jsonDefault: jsonDefaultOf(resolved),
    numberOf: new Map(symbols),
    symbolOf: new Map(symbols.map(([symbol, number]) => [number, symbol])),
    plan: () => {
      plan ??= planOfType(resolvedType as protobuf.Type);
      return plan;
    },
  };
}

function kindOf({ resolvedType, type, fullName }: protobuf.Field): Kind {
  if (resolvedType instanceof protobuf.Enum) return 'enum';
  if (resolvedType instanceof protobuf.Type) return 'message';
  switch (type) {
    case 'string':
    case 'bytes':
    case 'bool':
    case 'double':
      return type;
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64':
      return 'integer';
    default:
      throw new Error(`the schema has ${fullName} of type ${type}, which the codecs do not know`);
  }
}

/** Fields with a default of their own are always written, unless they are deprecated. */
function jsonDefaultOf({ options, resolvedType, type }: protobuf.Field): string | undefined {
  const value: unknown = options?.default;
  if (value === undefined || options?.deprecated) return undefined;
  if (resolvedType instanceof protobuf.Enum || typeof value === 'string') return JSON.stringify(value);
  return type === 'double' && Number.isInteger(value) ? `${value}.0` : String(value);
}
