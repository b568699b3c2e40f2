/** Placement constraints: which agents may run a task, by the agents' attributes. */

/**
 * `in` / `notIn`: the attribute's value is (not) one of `values`; an agent without the attribute fails `in` and
 * passes `notIn`. `less` / `greater`: the attribute's number is below / above the number `values[0]`; an agent
 * without the attribute counts as 0 (Google 2011 trace document, section "Task constraints").
 */
export interface Constraint {
  readonly attribute: string;
  readonly operator: 'in' | 'notIn' | 'less' | 'greater';
  readonly values: readonly string[];
}

/** Whether an agent whose attribute has `value` (`null`: it has none) satisfies the constraint. */
export function satisfies(constraint: Constraint, value: string | null): boolean {
  switch (constraint.operator) {
    case 'in':
      return value !== null && constraint.values.includes(value);
    case 'notIn':
      return value === null || !constraint.values.includes(value);
    case 'less':
      return Number(value ?? 0) < Number(constraint.values[0]);
    case 'greater':
      return Number(value ?? 0) > Number(constraint.values[0]);
  }
}
