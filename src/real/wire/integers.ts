/** Integers of protobuf's widths as doubles: those of 64 bits are the nearest double, so the largest may round to one past the range. */
import Long from 'long';
import type { Scalar } from './type-plan.ts';

const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;

const RANGES: Readonly<Record<Scalar, readonly [least: number, greatest: number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-TWO_63, TWO_63],
  uint64: [0, TWO_64],
  double: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
};

export function isInRange(scalar: Scalar, value: number): boolean {
  const [least, greatest] = RANGES[scalar];
  return value >= least && value <= greatest;
}

/** What protobuf holds of an integer of 64 bits: cut to a whole number and to the range. */
export function asLong(scalar: Scalar, value: number): number | Long {
  if (Number.isSafeInteger(value) && (value >= 0 || scalar === 'int64')) return value;
  return Long.fromNumber(value, scalar === 'uint64');
}

/** The nearest double. */
export function fromLong({ low, high, unsigned }: { low: number; high: number; unsigned: boolean }): number {
  return (unsigned ? high >>> 0 : high) * 2 ** 32 + (low >>> 0);
}

/** All digits of an integer. */
export function integerText(scalar: Scalar, value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return (scalar.endsWith('64') ? Long.fromNumber(value, scalar === 'uint64') : Math.trunc(value)).toString();
}
