/** Words of a command: values in order and `key=value`, parted by spaces that are in no quotes, brackets or braces. */
import { secondsToUs } from '../../src/cluster/time.ts';

const OPENING = '[{(';
const CLOSING = ']})';
const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, days: 86_400 };

export class Words {
  private readonly values: string[] = [];
  private readonly named = new Map<string, string>();

  constructor(line: string) {
    for (const word of split(line)) {
      const match = /^([a-z_]+)=(.*)$/s.exec(word);
      if (match !== null) this.named.set(match[1], match[2]);
      else this.values.push(word);
    }
  }

  /** The next value. @param what it is, for who left it out */
  take(what: string): string {
    const value = this.values.shift();
    if (value === undefined) throw new Error(`${what} is missing`);
    return value;
  }

  /** All values that are left. */
  rest(): string[] {
    return this.values.splice(0);
  }

  takeNamed(key: string): string | undefined {
    const value = this.named.get(key);
    this.named.delete(key);
    return value;
  }

  takeList(key: string): string[] | undefined {
    const value = this.takeNamed(key);
    return value === undefined ? undefined : value.split(',').filter((one) => one !== '');
  }

  takeDuration(key: string): number | undefined {
    const value = this.takeNamed(key);
    return value === undefined ? undefined : durationUs(value);
  }

  /** All `key=value` that are left. */
  restNamed(): [string, string][] {
    const rest = [...this.named];
    this.named.clear();
    return rest;
  }

  /** @throws Error where there are words that nobody took */
  finish(): void {
    const left = [...this.values, ...Array.from(this.named, ([key, value]) => `${key}=${value}`)];
    if (left.length > 0) throw new Error(`"${left.join(' ')}" is not understood here`);
  }
}

/** `10s`, `1.5min`, `200ms`, `2h`, `14days`. */
export function durationUs(text: string): number {
  const match = /^(-?\d+(?:\.\d+)?)(ms|s|min|h|days)$/.exec(text);
  if (match === null) throw new Error(`"${text}" is not a duration; expected e.g. 10s, 200ms, 15min`);
  return secondsToUs(Number(match[1]) * UNIT_SECONDS[match[2]]);
}

/** JSON where it looks like it, otherwise text. */
export function parsedValue(text: string): unknown {
  return /^([[{"]|-?\d+(\.\d+)?$|true$|false$|null$)/.test(text) ? JSON.parse(text) : text;
}

function split(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let depth = 0;
  let isQuoted = false;
  for (const char of line) {
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && OPENING.includes(char)) depth++;
    else if (!isQuoted && CLOSING.includes(char)) depth--;
    if (char !== ' ' || isQuoted || depth > 0) word += char;
    else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  if (depth !== 0 || isQuoted) throw new Error('a quote, bracket or brace is not closed');
  return word === '' ? words : [...words, word];
}
