/** How protobuf lays values of a field on the wire. */
import type { FieldPlan } from './type-plan.ts';

export const VARINT = 0;
export const FIXED_64 = 1;
export const DELIMITED = 2;

export function wireTypeOf({ kind, isMap }: FieldPlan): number {
  if (isMap) return DELIMITED;
  if (kind === 'double') return FIXED_64;
  return kind === 'bool' || kind === 'enum' || kind === 'integer' ? VARINT : DELIMITED;
}
