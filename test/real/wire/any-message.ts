/** Messages of any type of the schema, for properties. */
import fc from 'fast-check';
import type { FieldPlan, Scalar, TypePlan } from '../../../src/real/wire/type-plan.ts';

/** Messages with any fields set, as far down as `depth`. */
export function anyMessage(plan: TypePlan, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const fields = plan.fields.filter((field) => field.isRequired || field.kind !== 'message' || depth > 0);
  const values = fields.map((field) => [field.name, anyField(field, depth)] as const);
  return fc
    .record(Object.fromEntries(values), { requiredKeys: [...plan.required] })
    .map((message) => withoutRivals(plan, message));
}

/** One field of a `oneof`, at most. */
function withoutRivals(plan: TypePlan, message: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message))
    if (plan.byName.get(name)!.rivals.every((rival) => !(rival in kept))) kept[name] = value;
  return kept;
}

function anyField(field: FieldPlan, depth: number): fc.Arbitrary<unknown> {
  const one = anyOne(field, depth);
  if (field.isMap) return fc.dictionary(fc.string(), one, { minKeys: 1, maxKeys: 2 });
  return field.isRepeated ? fc.array(one, { minLength: 1, maxLength: 2 }) : one;
}

function anyOne(field: FieldPlan, depth: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'message':
      return anyMessage(field.plan(), depth - 1);
    case 'string':
      return fc.string({ unit: 'grapheme' });
    case 'bytes':
      return fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64'));
    case 'bool':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...field.numberOf.keys());
    default:
      return anyNumber(field.scalar!);
  }
}

/** Of 64 bits: multiples of 2^11, which doubles hold up to the ends of the range. */
function anyNumber(scalar: Scalar): fc.Arbitrary<number> {
  switch (scalar) {
    case 'int32':
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case 'uint32':
      return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    case 'int64':
      return fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n - 1n }).map((part) => Number(part * 2n ** 11n));
    case 'uint64':
      return fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }).map((part) => Number(part * 2n ** 11n));
    default:
      return fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
  }
}
