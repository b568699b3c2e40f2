/** Messages from JSON as Mesos reads it (reference §1.4), which is not proto3's JSON. */
import { isInRange } from './integers.ts';
import { Place } from './place.ts';
import type { FieldPlan, TypePlan } from './type-plan.ts';
import { WireError } from './wire-error.ts';

type Fields = Readonly<Record<string, unknown>>;

/** @throws WireError */
export function decodeJson(plan: TypePlan, body: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch (error) {
    throw new WireError(`the body is not JSON: ${(error as Error).message}`);
  }
  return readWhole(plan, value, new Place());
}

/** @throws WireError where reading would make something else of the value than it is, such as a number of a string */
export function checkExact(plan: TypePlan, value: unknown): void {
  readWhole(plan, value, new Place(true));
}

function readWhole(plan: TypePlan, value: unknown, place: Place): Fields {
  const message = readMessage(plan, value, place);
  place.finish();
  return message;
}

function readMessage(plan: TypePlan, value: unknown, place: Place): Fields {
  const object = asObject(value, place);
  const message: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const part = object[name];
    if (part === null || part === undefined) continue;
    const field = plan.byName.get(name);
    if (field === undefined) continue;
    place.enter(name);
    const read = readField(field, part, place);
    place.leave();
    if (read === undefined) continue;
    message[name] = read;
    for (const rival of field.rivals) delete message[rival];
  }
  for (const name of plan.required) if (message[name] === undefined) place.miss(name);
  return message;
}

/** @returns `undefined`: it says nothing */
function readField(field: FieldPlan, value: unknown, place: Place): unknown {
  if (field.isMap) return readMap(field, asObject(value, place), place);
  if (!field.isRepeated) return readOne(field, value, place);
  if (place.isExact && !Array.isArray(value)) throw place.error(`expected a list, found ${shown(value)}`);
  // One alone is a list of one.
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const read: unknown[] = [];
  for (let index = 0; index < list.length; index++) {
    if (list[index] === null) continue;
    place.enter(index);
    const part = readOne(field, list[index], place);
    place.leave();
    if (part !== undefined) read.push(part);
  }
  return read.length === 0 ? undefined : read;
}

function readMap(field: FieldPlan, object: Fields, place: Place): Fields | undefined {
  const entries: [string, unknown][] = [];
  for (const [key, part] of Object.entries(object)) {
    if (part === null) continue;
    place.enter(key);
    entries.push([key, readOne(field, part, place)]);
    place.leave();
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function readOne(field: FieldPlan, value: unknown, place: Place): unknown {
  if (field.kind === 'message') return readMessage(field.plan(), value, place);
  const read = readScalar(field, value, place);
  if (place.isExact && read !== value)
    throw place.error(`expected what a ${field.kind} is in our code, found ${shown(value)}`);
  return read;
}

function readScalar(field: FieldPlan, value: unknown, place: Place): unknown {
  switch (field.kind) {
    case 'string':
      if (typeof value === 'string') return value;
      throw place.error(`expected a string, found ${shown(value)}`);
    case 'bytes':
      return readBytes(value, place);
    case 'bool':
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw place.error(`expected true or false, found ${shown(value)}`);
    case 'enum':
      return readSymbol(field, value, place);
    default:
      return readNumber(field, value, place);
  }
}

/** @returns base64 in its one canonical form, so that equal bytes are equal strings */
function readBytes(value: unknown, place: Place): string {
  if (typeof value === 'string') {
    const canonical = Buffer.from(value, 'base64').toString('base64');
    // Padding may be left out, and the last digit may have bits that say nothing.
    if (canonical === value || sameButForItsEnd(canonical, value)) return canonical;
  }
  throw place.error(`expected bytes in base64, found ${shown(value)}`);
}

function sameButForItsEnd(canonical: string, value: string): boolean {
  const digits = unpadded(canonical);
  const given = unpadded(value);
  return (
    digits.length === given.length &&
    (given.length === value.length || value.length === canonical.length) &&
    digits.slice(0, -1) === given.slice(0, -1) &&
    /^[A-Za-z0-9+/]?$/.test(given.slice(-1))
  );
}

function unpadded(base64: string): string {
  if (base64.endsWith('==')) return base64.slice(0, -2);
  return base64.endsWith('=') ? base64.slice(0, -1) : base64;
}

/** An unknown symbol says nothing where the field may be left out. */
function readSymbol(field: FieldPlan, value: unknown, place: Place): string | undefined {
  if (typeof value === 'string' && field.numberOf.has(value)) return value;
  const symbol = typeof value === 'number' ? field.symbolOf.get(value) : undefined;
  if (symbol !== undefined) return symbol;
  const isUnknown = typeof value === 'string' || typeof value === 'number';
  if (isUnknown && !field.isRequired) return undefined;
  throw place.error(`expected one of ${[...field.numberOf.keys()].join(', ')}, found ${shown(value)}`);
}

/** Fractions of integers are cut off. */
function readNumber(field: FieldPlan, value: unknown, place: Place): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) {
    const cut = field.kind === 'double' ? number : Math.trunc(number);
    if (isInRange(field.scalar!, cut)) return cut;
  }
  const expected = field.kind === 'double' ? 'a number' : `a whole number (${field.scalar})`;
  throw place.error(`expected ${expected}, found ${shown(value)}`);
}

function asObject(value: unknown, place: Place): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw place.error(`expected an object, found ${shown(value)}`);
}

/** Nothing of lists and objects: they may be large, and nested without end. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
  return typeof value === 'string' && value.length > 40 ? `${text}…` : text;
}
