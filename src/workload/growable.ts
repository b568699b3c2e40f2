/** A typed array that grows as values are pushed; `take` hands out exactly what was pushed. */

type TypedArray = Float64Array | Int32Array | Uint8Array;

export class Growable<T extends TypedArray> {
  length = 0;
  private values: T;
  private readonly create: (length: number) => T;

  /** @param create makes a zeroed array, e.g. `(n) => new Int32Array(n)` */
  constructor(create: (length: number) => T) {
    this.create = create;
    this.values = create(1024);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = this.create(this.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  set(index: number, value: number): void {
    this.values[index] = value;
  }

  at(index: number): number {
    return this.values[index];
  }

  take(): T {
    return this.values.slice(0, this.length) as T;
  }
}
