/** Messages in JSON as Mesos writes and reads it (reference §1.4), which is not proto3's JSON. */
import type { FieldPlan, TypePlan } from './type-plan.ts';
import { WireError } from './wire-error.ts';

type Fields = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 100;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** @throws WireError */
export function decodeJson(plan: TypePlan, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WireError(`the body is not JSON: ${(error as Error).message}`);
  }
  return readMessage(plan, value);
}

/** Compact, without a newline anywhere. */
export function encodeJson(plan: TypePlan, message: unknown): string {
  const fields = message as Fields;
  let text = '{';
  for (const field of plan.fields) {
    const part = fieldText(field, fields[field.name]);
    if (part !== undefined) text += `${text.length > 1 ? ',' : ''}"${field.name}":${part}`;
  }
  return `${text}}`;
}

/** @throws WireError */
export function readMessage(plan: TypePlan, value: unknown, pointer = '', depth = 0): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WireError(`expected an object, found ${shown(value)}`, pointer);
  if (depth > MAX_DEPTH) throw new WireError('is nested too deeply', pointer);
  const message: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    const field = plan.byName.get(name);
    if (field === undefined || part === null) continue;
    const read = readField(field, part, `${pointer}/${name}`, depth + 1);
    if (read !== undefined) message[name] = read;
  }
  const missing = plan.required.filter((name) => message[name] === undefined);
  if (missing.length > 0) throw new WireError(`lacks ${missing.join(', ')}`, pointer);
  return message;
}

/** @returns `undefined`: it says nothing */
function readField(field: FieldPlan, value: unknown, pointer: string, depth: number): unknown {
  if (field.isMap) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new WireError(`expected an object, found ${shown(value)}`, pointer);
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, readOne(field, part, `${pointer}/${key}`, depth)]),
    );
  }
  if (!field.isRepeated) return readOne(field, value, pointer, depth);
  const isLoneObject = field.kind === 'message' && typeof value === 'object' && !Array.isArray(value);
  const list: unknown = isLoneObject ? [value] : value;
  if (!Array.isArray(list)) throw new WireError(`expected a list, found ${shown(value)}`, pointer);
  const read = list.map((part, index) => readOne(field, part, `${pointer}/${index}`, depth));
  const said = read.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said;
}

function readOne(field: FieldPlan, value: unknown, pointer: string, depth: number): unknown {
  switch (field.kind) {
    case 'message':
      return readMessage(field.plan(), value, pointer, depth);
    case 'string':
      if (typeof value === 'string') return value;
      throw new WireError(`expected a string, found ${shown(value)}`, pointer);
    case 'bytes':
      if (typeof value === 'string' && BASE64.test(value)) return value;
      throw new WireError(`expected bytes in base64, found ${shown(value)}`, pointer);
    case 'bool':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw new WireError(`expected true or false, found ${shown(value)}`, pointer);
    case 'enum':
      return readSymbol(field, value, pointer);
    default:
      return readNumber(field, value, pointer);
  }
}

function readSymbol(field: FieldPlan, value: unknown, pointer: string): string | undefined {
  if (typeof value === 'string' && field.numberOf.has(value)) return value;
  const symbol = typeof value === 'number' ? field.symbolOf.get(value) : undefined;
  if (symbol !== undefined) return symbol;
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new WireError(
      `expected one of ${[...field.numberOf.keys()].join(', ')}, found ${shown(value)}`,
      pointer,
    );
  if (field.isRequired) throw new WireError(`${shown(value)} is not known`, pointer);
  return undefined;
}

function readNumber({ kind }: FieldPlan, value: unknown, pointer: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && (kind === 'double' ? !Number.isNaN(number) : Number.isInteger(number)))
    return number;
  throw new WireError(
    `expected ${kind === 'double' ? 'a number' : 'a whole number'}, found ${shown(value)}`,
    pointer,
  );
}

function fieldText(field: FieldPlan, value: unknown): string | undefined {
  if (value === undefined || value === null) return field.jsonDefault;
  if (field.isMap) {
    const parts = Object.entries(value as Fields).map(
      ([key, part]) => `${JSON.stringify(key)}:${oneText(field, part)}`,
    );
    return parts.length === 0 ? undefined : `{${parts.join(',')}}`;
  }
  if (!field.isRepeated) return oneText(field, value);
  const list = value as readonly unknown[];
  return list.length === 0 ? undefined : `[${list.map((part) => oneText(field, part)).join(',')}]`;
}

function oneText(field: FieldPlan, value: unknown): string {
  switch (field.kind) {
    case 'message':
      return encodeJson(field.plan(), value);
    case 'double':
      return doubleText(value as number);
    case 'integer':
      return Number.isSafeInteger(value) ? String(value) : BigInt(Math.trunc(value as number)).toString();
    case 'bool':
      return String(value);
    default:
      return JSON.stringify(value);
  }
}

function doubleText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  const text = String(value);
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
