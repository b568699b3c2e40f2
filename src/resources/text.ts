/** Resources and attributes as operators write them (reference §13, text form). */
import { MILLI } from '../cluster/resources.ts';
import type { Attribute, Resource } from '../protocol/v1/mesos.ts';
import { ResourceError } from './resource-error.ts';
import { Resources } from './resources.ts';

type Value = Pick<Resource, 'type' | 'scalar' | 'ranges' | 'set'>;

/**
 * `cpus:24;gpus:2;mem(web):24576;ports:[21000-24000,30000-34000];bugs:{a,b}`.
 * @param defaultRole of entries without one; `*`: unreserved
 * @throws ResourceError with the 1-based column of the entry at fault
 */
export function parseResourcesText(text: string, defaultRole = '*'): Resources {
  const wire = entriesOf(text).map(({ name: head, value, column }) => {
    const match = /^([^()]+?)(?:\(([^()]*)\))?$/.exec(head);
    if (match === null)
      throw new ResourceError(head, `column ${column}: expected NAME:VALUE or NAME(ROLE):VALUE`);
    const [, name, role = defaultRole] = match;
    const parsed = parseValue(value);
    if (parsed === null)
      throw new ResourceError(
        name,
        `column ${column}: "${value}" is neither a number, nor [1-2,…], nor {a,b,…}`,
      );
    return { name, role, ...parsed };
  });
  return Resources.of(wire);
}

/** `rack:abc;level:10;keys:[1000-1500]`: a scalar if it is a number, ranges in brackets, otherwise text. @throws ResourceError */
export function parseAttributesText(text: string): readonly Attribute[] {
  return entriesOf(text).map(({ name, value }) => {
    const parsed = value.startsWith('{') ? null : parseValue(value);
    return { name, ...(parsed ?? { type: 'TEXT', text: { value } }) };
  });
}

function entriesOf(text: string): { name: string; value: string; column: number }[] {
  const entries = [];
  let start = 0;
  for (const part of text.split(';')) {
    const column = start + 1;
    start += part.length + 1;
    if (part.trim() === '') continue;
    const colon = part.indexOf(':');
    if (colon <= 0) throw new ResourceError(part.trim(), `column ${column}: expected NAME:VALUE`);
    entries.push({ name: part.slice(0, colon).trim(), value: part.slice(colon + 1).trim(), column });
  }
  return entries;
}

function parseValue(text: string): Value | null {
  if (/^\[.*\]$/.test(text)) {
    const parts = text.slice(1, -1).split(',');
    const range = parts.map((part) => /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(part));
    if (range.some((match) => match === null)) return null;
    return {
      type: 'RANGES',
      ranges: { range: range.map((match) => ({ begin: Number(match![1]), end: Number(match![2]) })) },
    };
  }
  if (/^\{.*\}$/.test(text)) {
    const item = text
      .slice(1, -1)
      .split(',')
      .map((one) => one.trim());
    return { type: 'SET', set: { item: item.filter((one) => one !== '') } };
  }
  if (!/^\d+(\.\d+)?$/.test(text)) return null;
  return { type: 'SCALAR', scalar: { value: Math.round(Number(text) * MILLI) / MILLI } };
}
