/** Parsers of option values, for commander. Each names its option and says what was expected. */
import { InputError } from '../cluster/errors.ts';
import type { ResourceAmounts } from '../cluster/resources.ts';
import { secondsToUs } from '../cluster/time.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** `500ms`, `12.5s`, `30m`, `7d`, or a plain number of seconds, to integer microseconds. @throws InputError OPTION_VALUE */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h|d|w)?$/.exec(text.trim());
  if (!match) throw wrongValue(option, text, 'a duration such as 500ms, 12.5s, 30m, 6h or 7d');
  return secondsToUs(Number(match[1]) * UNIT_SECONDS[match[2] ?? 's']);
}

/** A duration above 0. */
export function parsePositiveDuration(option: string, text: string): number {
  const us = parseDuration(option, text);
  if (us === 0) throw wrongValue(option, text, 'a duration above 0');
  return us;
}

export function parseCount(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrongValue(option, text, 'a whole number above 0');
  return Number(text);
}

export function parsePositiveNumber(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw wrongValue(option, text, 'a number above 0');
  return value;
}

/** `cpus=16,mem=64000` (natural units: cores, MiB, devices). @param separator between a resource and its amount */
export function parseResources(option: string, text: string, separator: '=' | ':' = '='): ResourceAmounts {
  const amounts: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [name, amount, ...rest] = part.split(separator).map((piece) => piece.trim());
    const value = amount === undefined || amount === '' ? Number.NaN : Number(amount);
    if (!name || rest.length > 0 || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw wrongValue(option, text, `amounts such as cpus${separator}16,mem${separator}64000`);
    }
    if (name in amounts)
      throw new InputError('OPTION_CONFLICT', `${option} names ${name} twice in "${text}"`);
    amounts[name] = value;
  }
  return amounts;
}

/** `name=value`, split at the last `=`, since role names may hold one. */
export function parsePair(option: string, text: string, expected: string): [name: string, value: string] {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw wrongValue(option, text, expected);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** One of a few words. */
export function parseChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw wrongValue(option, text, `one of ${choices.join(', ')}`);
  return choice;
}

export function wrongValue(option: string, text: string, expected: string): InputError {
  return new InputError('OPTION_VALUE', `${option} "${text}" is not valid; expected ${expected}`);
}
