/**
 * A sorted list of integer ids in one flat array, for queues that mostly grow at the end and shrink at the front:
 * both are O(1); inserting or removing in the middle moves the shorter side.
 */
export class SortedIds {
  length = 0;
  private start = 0;
  private items = new Int32Array(16);
  /** Sort keys by id, lowest first, ties by id; `null`: sorted by id alone. */
  private readonly keys: Float64Array | null;

  constructor(keys: Float64Array | null) {
    this.keys = keys;
  }

  at(index: number): number {
    return this.items[this.start + index];
  }

  insert(id: number): void {
    if (this.start + this.length === this.items.length) this.makeRoom();
    const place =
      this.length > 0 && this.isBefore(id, this.at(this.length - 1)) ? this.search(id) : this.length;
    const { items, start } = this;
    if (place < this.length / 2 && start > 0) {
      items.copyWithin(start - 1, start, start + place);
      this.start--;
    } else {
      items.copyWithin(start + place + 1, start + place, start + this.length);
    }
    this.items[this.start + place] = id;
    this.length++;
  }

  /** Removes an id that is in the list; its key must be what it was when inserted. */
  remove(id: number): void {
    const place = this.search(id);
    const { items, start } = this;
    if (items[start + place] !== id || place >= this.length) throw new Error(`id ${id} is not in the list`);
    if (place < this.length / 2) {
      items.copyWithin(start + 1, start, start + place);
      this.start++;
    } else {
      items.copyWithin(start + place, start + place + 1, start + this.length);
    }
    this.length--;
    if (this.length === 0) this.start = 0;
  }

  /** Index of the first item that is not before `id`. */
  private search(id: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isBefore(this.at(middle), id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private isBefore(a: number, b: number): boolean {
    if (this.keys !== null && this.keys[a] !== this.keys[b]) return this.keys[a] < this.keys[b];
    return a < b;
  }

  /** Moves the items to the front, into a larger array if that does not free half of it. */
  private makeRoom(): void {
    const { items, start, length } = this;
    if (length > items.length / 2) {
      const grown = new Int32Array(items.length * 2);
      grown.set(items.subarray(start, start + length));
      this.items = grown;
    } else {
      items.copyWithin(0, start, start + length);
    }
    this.start = 0;
  }
}
