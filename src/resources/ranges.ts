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
    for (let i = 0; i < this.bounds.length; i += 2) size += this.bounds[i + 1] - this.bounds[i] + 1;
    return size;
  }

  *[Symbol.iterator](): Generator<readonly [begin: number, end: number]> {
    for (let i = 0; i < this.bounds.length; i += 2) yield [this.bounds[i], this.bounds[i + 1]];
  }

  plus(other: Ranges): Ranges {
    if (other.isEmpty) return this;
    const [a, b] = [this.bounds, other.bounds];
    const sum: number[] = [];
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      const isMine = j === b.length || (i < a.length && a[i] <= b[j]);
      const begin = isMine ? a[i] : b[j];
      const end = isMine ? a[i + 1] : b[j + 1];
      if (isMine) i += 2;
      else j += 2;
      const last = sum.length - 1;
      if (last >= 0 && begin <= sum[last] + 1) sum[last] = Math.max(sum[last], end);
      else sum.push(begin, end);
    }
    return new Ranges(sum);
  }

  minus(other: Ranges): Ranges {
    const [a, b] = [this.bounds, other.bounds];
    const rest: number[] = [];
    let j = 0;
    for (let i = 0; i < a.length; i += 2) {
      const end = a[i + 1];
      let begin = a[i];
      while (j < b.length && b[j + 1] < begin) j += 2;
      // A range that goes on past the end may also cover the begin of the next.
      for (let k = j; k < b.length && b[k] <= end; k += 2) {
        if (b[k] > begin) rest.push(begin, b[k] - 1);
        begin = b[k + 1] + 1;
      }
      if (begin <= end) rest.push(begin, end);
    }
    return rest.length === 0 ? Ranges.empty : new Ranges(rest);
  }

  contains(other: Ranges): boolean {
    const [a, b] = [this.bounds, other.bounds];
    let i = 0;
    for (let j = 0; j < b.length; j += 2) {
      while (i < a.length && a[i + 1] < b[j]) i += 2;
      if (i >= a.length || a[i] > b[j] || a[i + 1] < b[j + 1]) return false;
    }
    return true;
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
