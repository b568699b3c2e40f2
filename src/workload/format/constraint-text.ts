/** Placement constraints as one field of a table: `zone=a|b;kernel>4`, or JSON where names or values hold such signs. */
import type { Constraint } from '../../cluster/constraints.ts';

const SIGNS = { in: '=', notIn: '!=', less: '<', greater: '>' } as const;
const OPERATORS = { '=': 'in', '!=': 'notIn', '<': 'less', '>': 'greater' } as const;
const PATTERN = /^([^=!<>]+)(!=|=|<|>)(.*)$/;

/** @param constraints all of which must hold; empty or `null` gives an empty text */
export function constraintText(constraints: readonly Constraint[] | null): string {
  if (constraints === null || constraints.length === 0) return '';
  const plain = constraints
    .map(({ attribute, operator, values }) => `${attribute}${SIGNS[operator]}${values.join('|')}`)
    .join(';');
  const json = JSON.stringify(constraints);
  return JSON.stringify(parseConstraintText(plain)) === json ? plain : json;
}

/** @returns `null` if the text is neither form */
export function parseConstraintText(text: string): Constraint[] | null {
  if (text.startsWith('[')) return parseConstraintJson(text);
  const constraints: Constraint[] = [];
  for (const part of text.split(';')) {
    const match = PATTERN.exec(part.trim());
    if (match === null) return null;
    const operator = OPERATORS[match[2] as keyof typeof OPERATORS];
    const values = match[3].split('|').map((value) => value.trim());
    constraints.push({ attribute: match[1].trim(), operator, values });
  }
  return constraints;
}

/** @returns `null` if the text is not a list of constraints in JSON */
export function parseConstraintJson(text: string): Constraint[] | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  const isConstraint = (item: Partial<Record<keyof Constraint, unknown>> | null) =>
    typeof item?.attribute === 'string' &&
    Object.hasOwn(SIGNS, String(item.operator)) &&
    Array.isArray(item.values) &&
    item.values.length > 0 &&
    item.values.every((value) => typeof value === 'string');
  return Array.isArray(list) && list.every(isConstraint) ? list : null;
}
