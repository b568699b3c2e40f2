/** Counters of a master (reference §16), by their names there without the leading `master/`. */

export class Counters {
  private readonly values = new Map<string, number>();

  add(name: string): void {
    this.values.set(name, (this.values.get(name) ?? 0) + 1);
  }

  get(name: string): number {
    return this.values.get(name) ?? 0;
  }

  /** In the order in which they were first counted. */
  [Symbol.iterator](): IterableIterator<[string, number]> {
    return this.values.entries();
  }
}
