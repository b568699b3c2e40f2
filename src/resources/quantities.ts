/** Amounts by resource name: non-negative integer thousandths, without zeros, sorted by name. Immutable. */
import { compareText, MILLI } from '../cluster/resources.ts';

export class Quantities {
  static readonly empty = new Quantities([], []);
  readonly names: readonly string[];
  readonly millis: readonly number[];

  private constructor(names: readonly string[], millis: readonly number[]) {
    this.names = names;
    this.millis = millis;
  }

  /** @param entries thousandths by name; names may repeat and are summed */
  static of(entries: Iterable<readonly [name: string, milli: number]>): Quantities {
    const sums = new Map<string, number>();
    for (const [name, milli] of entries) sums.set(name, (sums.get(name) ?? 0) + milli);
    const sorted = [...sums].filter(([, milli]) => milli > 0).sort((a, b) => compareText(a[0], b[0]));
    if (sorted.length === 0) return Quantities.empty;
    return new Quantities(
      sorted.map(([name]) => name),
      sorted.map(([, milli]) => milli),
    );
  }

  /** Of parallel columns; where names are sorted already and differ, as they are in nearly all cases, they are taken as they come. */
  static ofColumns(names: readonly string[], millis: readonly number[]): Quantities {
    if (names.length === 0) return Quantities.empty;
    for (let i = 0; i < names.length; i++)
      if (millis[i] <= 0 || (i > 0 && names[i] <= names[i - 1]))
        return Quantities.of(names.map((name, index) => [name, millis[index]] as const));
    return new Quantities(names, millis);
  }

  get isEmpty(): boolean {
    return this.names.length === 0;
  }

  /** Thousandths; 0 where the name is absent. */
  get(name: string): number {
    const index = this.names.indexOf(name);
    return index < 0 ? 0 : this.millis[index];
  }

  *[Symbol.iterator](): Generator<readonly [name: string, milli: number]> {
    for (let i = 0; i < this.names.length; i++) yield [this.names[i], this.millis[i]];
  }

  plus(other: Quantities): Quantities {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    return this.merged(other, 1);
  }

  /** What is left of each; nothing goes below 0. */
  minus(other: Quantities): Quantities {
    return this.isEmpty || other.isEmpty ? this : this.merged(other, -1);
  }

  contains(other: Quantities): boolean {
    for (let i = 0; i < other.names.length; i++) if (this.get(other.names[i]) < other.millis[i]) return false;
    return true;
  }

  equals(other: Quantities): boolean {
    return this === other || (this.contains(other) && other.contains(this));
  }

  toString(): string {
    return Array.from(this, ([name, milli]) => `${name}:${milli / MILLI}`).join(';');
  }

  private merged(other: Quantities, sign: 1 | -1): Quantities {
    const names: string[] = [];
    const millis: number[] = [];
    let [i, j] = [0, 0];
    while (i < this.names.length || j < other.names.length) {
      const isMine = j === other.names.length || (i < this.names.length && this.names[i] <= other.names[j]);
      const isTheirs = i === this.names.length || (j < other.names.length && other.names[j] <= this.names[i]);
      const name = isMine ? this.names[i] : other.names[j];
      const milli = (isMine ? this.millis[i++] : 0) + sign * (isTheirs ? other.millis[j++] : 0);
      if (milli <= 0) continue;
      names.push(name);
      millis.push(milli);
    }
    return names.length === 0 ? Quantities.empty : new Quantities(names, millis);
  }
}
