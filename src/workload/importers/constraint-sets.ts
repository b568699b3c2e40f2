/** Sets of placement constraints, each kept once, so that millions of tasks can name theirs by a number. */
import type { Constraint } from '../../cluster/constraints.ts';

/** The set without constraints. */
export const EMPTY_SET = 0;

export class ConstraintSets {
  private readonly constraintNumbers = new Map<string, number>();
  private readonly constraints: Constraint[] = [];
  /** Ascending numbers of the constraints of each set. */
  private readonly sets: (readonly number[])[] = [[]];
  private readonly setNumbers = new Map<string, number>([['', EMPTY_SET]]);

  /** The set that has the constraint besides those of `set`. */
  with(set: number, constraint: Constraint): number {
    const key = JSON.stringify(constraint);
    let number = this.constraintNumbers.get(key);
    if (number === undefined) {
      number = this.constraints.length;
      this.constraintNumbers.set(key, number);
      this.constraints.push(constraint);
    }
    if (this.sets[set].includes(number)) return set;
    const members = [...this.sets[set], number].sort((a, b) => a - b);
    const setKey = members.join();
    let larger = this.setNumbers.get(setKey);
    if (larger === undefined) {
      larger = this.sets.length;
      this.setNumbers.set(setKey, larger);
      this.sets.push(members);
    }
    return larger;
  }

  /** The constraints of a set, `null` for the empty one. */
  of(set: number): readonly Constraint[] | null {
    return set === EMPTY_SET ? null : this.sets[set].map((number) => this.constraints[number]);
  }
}
