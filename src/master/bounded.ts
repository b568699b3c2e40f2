/** Histories that forget their oldest entries. */

/** The last `limit` items, oldest first. */
export class BoundedList<T> implements Iterable<T> {
  private readonly limit: number;
  private items: T[] = [];
  /** Place of the oldest once the list is full. */
  private oldest = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get length(): number {
    return this.items.length;
  }

  push(item: T): void {
    if (this.limit === 0) return;
    if (this.items.length < this.limit) {
      this.items.push(item);
      return;
    }
    this.items[this.oldest] = item;
    this.oldest = (this.oldest + 1) % this.limit;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.items.length; i++) yield this.items[(this.oldest + i) % this.items.length];
  }
}

/** The last `limit` entries that were set anew, oldest first. */
export class BoundedMap<K, V> {
  private readonly limit: number;
  private readonly entries = new Map<K, V>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: K): V | undefined {
    return this.entries.get(key);
  }

  has(key: K): boolean {
    return this.entries.has(key);
  }

  set(key: K, value: V): void {
    if (this.limit === 0) return;
    if (this.entries.size >= this.limit && !this.entries.has(key)) {
      for (const first of this.entries.keys()) {
        this.entries.delete(first);
        break;
      }
    }
    this.entries.set(key, value);
  }

  delete(key: K): boolean {
    return this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  values(): IterableIterator<V> {
    return this.entries.values();
  }
}
