/** Messages to JSON as Mesos writes it (reference §1.4), which is not proto3's JSON. */
import { integerText } from './integers.ts';
import type { FieldPlan, TypePlan } from './type-plan.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Compact, without a newline anywhere; fields come as the message has them, then defaults. */
export function encodeJson(plan: TypePlan, message: unknown): string {
  const fields = message as Fields;
  let text = '';
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    const field = plan.byName.get(name);
    if (field === undefined) continue;
    const part = fieldText(field, value);
    if (part !== '') text += text === '' ? `{"${name}":${part}` : `,"${name}":${part}`;
  }
  for (const { name, jsonDefault } of plan.withDefault) {
    if (fields[name] !== undefined && fields[name] !== null) continue;
    text += text === '' ? `{"${name}":${jsonDefault}` : `,"${name}":${jsonDefault}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** @returns nothing for empty lists and maps */
function fieldText(field: FieldPlan, value: unknown): string {
  if (field.isMap) return mapText(field, value as Fields);
  if (!field.isRepeated) return oneText(field, value);
  let text = '';
  for (const part of value as readonly unknown[])
    text += text === '' ? `[${oneText(field, part)}` : `,${oneText(field, part)}`;
  return text === '' ? '' : `${text}]`;
}

function mapText(field: FieldPlan, map: Fields): string {
  const parts = Object.entries(map).map(([key, part]) => `${JSON.stringify(key)}:${oneText(field, part)}`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function oneText(field: FieldPlan, value: unknown): string {
  switch (field.kind) {
    case 'message':
      return encodeJson(field.plan(), value);
    case 'enum':
    case 'bytes':
      // Symbols and base64 have nothing that JSON escapes.
      return `"${value}"`;
    case 'double':
      return doubleText(value as number);
    case 'integer':
      return integerText(field.scalar!, value as number);
    case 'bool':
      return value === true ? 'true' : 'false';
    default:
      return JSON.stringify(value);
  }
}

function doubleText(value: number): string {
  if (!Number.isInteger(value)) return Number.isFinite(value) ? String(value) : `"${value}"`;
  const text = String(value);
  return Math.abs(value) < 1e21 ? `${text}.0` : text;
}
