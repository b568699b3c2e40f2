/** A set of integers as inclusive ranges, disjoint, not adjacent, ascending (reference §13). Immutable. */

export class Ranges {
  static readonly empty = new Ranges([]);
  /** begin, end, begin, end … */
  private readonly bounds: readonly number[];

  private constructor(bounds: readonly number[]) {
    this.bounds = bounds;
  }

  /** @param pairs in any order; they may touch or overlap */
  static of(pairs: readonly (readonly [begin: number, end: number])[]): Ranges {
    const bounds: number[] = [];
    for (const [begin, end] of [...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      const last = bounds.length - 1;
      if (last >= 0 && begin <= bounds[last] + 1) bounds[last] = Math.max(bounds[last], end);
      else bounds.push(begin, end);
    }
    return new Ranges(bounds);
  }

  get isEmpty(): boolean {
    return this.bounds.length === 0;
  }

  /** How many integers are in it. */
  get size(): number {
    let size = 0;
    for (const [begin, end] of this) size += end - begin + 1;
    return size;
  }

  *[Symbol.iterator](): Generator<readonly [begin: number, end: number]> {
    for (let i = 0; i < this.bounds.length; i += 2) yield [this.bounds[i], this.bounds[i + 1]];
  }

  plus(other: Ranges): Ranges {
    return Ranges.of([...this, ...other]);
  }

  minus(other: Ranges): Ranges {
    let left = [...this];
    for (const [from, to] of other)
      left = left.flatMap(([begin, end]) => {
        if (to < begin || from > end) return [[begin, end] as const];
        const parts: (readonly [number, number])[] = [];
        if (begin < from) parts.push([begin, from - 1]);
        if (end > to) parts.push([to + 1, end]);
        return parts;
      });
    return Ranges.of(left);
  }

  contains(other: Ranges): boolean {
    return other.minus(this).isEmpty;
  }

  equals(other: Ranges): boolean {
    return (
      this.bounds.length === other.bounds.length && this.bounds.every((bound, i) => bound === other.bounds[i])
    );
  }

  toString(): string {
    return `[${Array.from(this, ([begin, end]) => `${begin}-${end}`).join(',')}]`;
  }
}
