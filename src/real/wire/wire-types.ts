/** How protobuf lays values of a field on the wire. */
import type { FieldPlan } from './type-plan.ts';

const VARINT = 0;
const FIXED_64 = 1;
export const DELIMITED = 2;

/** Tags of the entries of maps, which are texts and messages or texts. */
export const ENTRY_KEY = (1 << 3) | DELIMITED;
export const ENTRY_VALUE = (2 << 3) | DELIMITED;

export function wireTypeOf({ kind, isMap }: FieldPlan): number {
  if (isMap) return DELIMITED;
  if (kind === 'double') return FIXED_64;
  return kind === 'bool' || kind === 'enum' || kind === 'integer' ? VARINT : DELIMITED;
}
