/** A binary heap of small integer ids in a given order, in which any id can be found, moved and taken out. */

export class IdHeap {
  readonly items: number[] = [];
  private readonly isBefore: (a: number, b: number) => boolean;
  private readonly place: Int32Array;

  /**
   * @param isBefore a total order; when an id's place in it changes, `update` must be called
   * @param place scratch, by id: heaps that never hold the same id may share it
   */
  constructor(isBefore: (a: number, b: number) => boolean, place: Int32Array) {
    this.isBefore = isBefore;
    this.place = place;
  }

  get length(): number {
    return this.items.length;
  }

  /** The first id; the heap must not be empty. */
  get top(): number {
    return this.items[0];
  }

  /** The first id that is accepted, −1 if none is: looks at those that are not, and at the next below them. */
  firstWhere(accepts: (id: number) => boolean): number {
    const { items } = this;
    let first = -1;
    const places = [0];
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      if (place >= items.length || (first >= 0 && !this.isBefore(items[place], first))) continue;
      if (accepts(items[place])) first = items[place];
      else places.push(2 * place + 2, 2 * place + 1);
    }
    return first;
  }

  push(id: number): void {
    this.items.push(id);
    this.rise(id, this.items.length - 1);
  }

  remove(id: number): void {
    const place = this.place[id];
    const last = this.items.pop()!;
    if (last !== id) this.settle(last, place);
  }

  update(id: number): void {
    this.settle(id, this.place[id]);
  }

  /** Puts all ids in order anew, after any number of them changed their places. */
  rebuild(): void {
    for (let place = (this.items.length >> 1) - 1; place >= 0; place--) this.sink(this.items[place], place);
  }

  clear(): void {
    this.items.length = 0;
  }

  private settle(id: number, place: number): void {
    if (place > 0 && this.isBefore(id, this.items[(place - 1) >> 1])) this.rise(id, place);
    else this.sink(id, place);
  }

  private rise(id: number, from: number): void {
    const { items } = this;
    let place = from;
    for (; place > 0; place = (place - 1) >> 1) {
      const parent = items[(place - 1) >> 1];
      if (!this.isBefore(id, parent)) break;
      this.put(parent, place);
    }
    this.put(id, place);
  }

  private sink(id: number, from: number): void {
    const { items } = this;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.isBefore(items[child + 1], items[child])) child++;
      if (!this.isBefore(items[child], id)) break;
      this.put(items[child], place);
      place = child;
    }
    this.put(id, place);
  }

  private put(id: number, place: number): void {
    this.items[place] = id;
    this.place[id] = place;
  }
}
