/** Resources and attributes as operators write them (reference §13, text form). */
import type { Attribute, Resource } from '../protocol/v1/mesos.ts';
import { ResourceError } from './resource-error.ts';
import { Resources } from './resources.ts';

type Value = Pick<Resource, 'type' | 'scalar' | 'ranges' | 'set'>;

interface TextEntry {
  readonly name: string;
  readonly value: string;
  /** 1-based. */
  readonly nameColumn: number;
  readonly valueColumn: number;
}

/**
 * `cpus:24;gpus:2;mem(web):24576;ports:[21000-24000,30000-34000];bugs:{a,b}`, or a JSON array of Resource messages.
 * @param defaultRole of entries without one; `*`: unreserved
 * @throws ResourceError with the 1-based column of what is at fault
 */
export function parseResourcesText(text: string, defaultRole = '*'): Resources {
  if (text.trimStart().startsWith('[')) return parseJson(text, defaultRole);
  let all = Resources.empty;
  for (const entry of entriesOf(text)) all = all.plus(resourceOf(entry, defaultRole));
  return all;
}

/**
 * `rack:abc;level:10;keys:[1000-1500]`: a scalar if it is a number, ranges in brackets, otherwise text.
 * @throws ResourceError with the 1-based column of an entry that has no name or no value
 */
export function parseAttributesText(text: string): readonly Attribute[] {
  return entriesOf(text).map(({ name, value }) => {
    const parsed = value.startsWith('{') ? null : parseValue(value);
    return { name, ...(parsed ?? { type: 'TEXT', text: { value } }) };
  });
}

function resourceOf(
  { name: head, value, nameColumn, valueColumn }: TextEntry,
  defaultRole: string,
): Resources {
  const match = /^([^()]*[^()\s])\s*(?:\(\s*([^()\s]+)\s*\))?$/.exec(head);
  if (match === null)
    throw new ResourceError(head, `column ${nameColumn}: expected NAME:VALUE or NAME(ROLE):VALUE`);
  const [, name, role = defaultRole] = match;
  const parsed = parseValue(value);
  if (parsed === null)
    throw new ResourceError(
      name,
      `column ${valueColumn}: "${value}" is neither a number, nor [1-2,…], nor {a,b,…}`,
    );
  try {
    return Resources.of([{ name, role, ...parsed }]);
  } catch (error) {
    if (error instanceof ResourceError)
      throw new ResourceError(name, `column ${valueColumn}: ${error.problem}`);
    throw error;
  }
}

function parseJson(text: string, defaultRole: string): Resources {
  let parsed: readonly Resource[];
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ResourceError('(JSON)', (error as Error).message);
  }
  for (const [index, one] of parsed.entries())
    if (typeof one?.name !== 'string' || typeof one.type !== 'string')
      throw new ResourceError('(JSON)', `element ${index} has no name or no type`);
  const hasRole = ({ role, reservations }: Resource) => role !== undefined || (reservations ?? []).length > 0;
  return Resources.of(parsed.map((one) => (hasRole(one) ? one : { ...one, role: defaultRole })));
}

function entriesOf(text: string): TextEntry[] {
  const entries: TextEntry[] = [];
  let start = 0;
  for (const part of text.split(';')) {
    const from = start;
    start += part.length + 1;
    if (part.trim() === '') continue;
    const nameColumn = from + firstInk(part) + 1;
    const colon = part.indexOf(':');
    const name = part.slice(0, Math.max(colon, 0)).trim();
    const value = part.slice(colon + 1).trim();
    if (name === '' || value === '')
      throw new ResourceError(part.trim(), `column ${nameColumn}: expected NAME:VALUE`);
    const valueColumn = from + colon + 1 + firstInk(part.slice(colon + 1)) + 1;
    entries.push({ name, value, nameColumn, valueColumn });
  }
  return entries;
}

function firstInk(text: string): number {
  return text.length - text.trimStart().length;
}

function parseValue(text: string): Value | null {
  if (text.startsWith('[') && text.endsWith(']')) {
    const parts = text.slice(1, -1).split(',');
    const range = parts.map((part) => /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(part));
    if (range.some((match) => match === null)) return null;
    return {
      type: 'RANGES',
      ranges: { range: range.map((match) => ({ begin: Number(match![1]), end: Number(match![2]) })) },
    };
  }
  if (text.startsWith('{') && text.endsWith('}')) {
    const item = text
      .slice(1, -1)
      .split(',')
      .map((one) => one.trim());
    return { type: 'SET', set: { item: item.filter((one) => one !== '') } };
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  return { type: 'SCALAR', scalar: { value: Number(text) } };
}
