/** Counters of a master or of a framework (reference §16), by their names there without the leading path. */

export class Counters {
  private readonly values = new Map<string, number>();

  add(name: string, count = 1): void {
    this.values.set(name, (this.values.get(name) ?? 0) + count);
  }

  get(name: string): number {
    return this.values.get(name) ?? 0;
  }

  /** In the order in which they were first counted. */
  [Symbol.iterator](): IterableIterator<[string, number]> {
    return this.values.entries();
  }
}
