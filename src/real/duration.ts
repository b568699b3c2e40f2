/** Durations as Mesos writes them in flags and environments: a number and a unit, such as `15secs` (reference §5.3). */
import { InputError } from '../cluster/errors.ts';

const UNITS_US = [
  ['weeks', 7 * 24 * 3600e6],
  ['days', 24 * 3600e6],
  ['hrs', 3600e6],
  ['mins', 60e6],
  ['secs', 1e6],
  ['ms', 1e3],
  ['us', 1],
  ['ns', 1e-3],
] as const;

const PATTERN = new RegExp(`^(\\d+(?:\\.\\d+)?)(${UNITS_US.map(([unit]) => unit).join('|')})$`);

/** @returns µs; @throws InputError OPTION_VALUE */
export function parseDuration(text: string): number {
  const match = PATTERN.exec(text.trim());
  if (match === null)
    throw new InputError(
      'OPTION_VALUE',
      `"${text}" is not a duration; expected a number and a unit, such as 15secs, 1.5mins or 500ms`,
    );
  const [, unitUs] = UNITS_US.find(([unit]) => unit === match[2])!;
  return Math.round(Number(match[1]) * unitUs);
}

/** In the largest unit that gives a whole number. */
export function durationText(us: number): string {
  for (const [unit, unitUs] of UNITS_US)
    if (us >= unitUs && us % unitUs === 0) return `${us / unitUs}${unit}`;
  return us === 0 ? '0ns' : `${Math.round(us * 1000)}ns`;
}
