/** The scalar resources in which fairness is measured, as columns of vectors, and what the whole cluster has of each. */
import type { Quantities } from '../../resources/quantities.ts';

export class ShareColumns {
  /** Grows when the cluster gets a resource that it never had; columns keep their places. */
  readonly names: string[] = [];
  /** Capacity of all agents, thousandths by column; another array after the columns grew. */
  total: Float64Array = new Float64Array(0);
  /** Changes whenever `total` does. */
  version = 0;
  private readonly excluded: ReadonlySet<string>;
  private readonly places = new Map<string, number>();

  /**
   * @param names columns from the start, whether or not an agent has any of them
   * @param excluded resources that do not count for fairness (Mesos --fair_sharing_excluded_resource_names)
   */
  constructor(names: readonly string[], excluded: readonly string[]) {
    this.excluded = new Set(excluded);
    for (const name of names) this.columnOf(name);
  }

  /** Column of a resource, a new one if there is none yet; −1 if the resource is excluded. */
  columnOf(name: string): number {
    const known = this.places.get(name);
    if (known !== undefined) return known;
    const column = this.excluded.has(name) ? -1 : this.names.length;
    this.places.set(name, column);
    if (column >= 0) {
      this.names.push(name);
      this.total = widened(this.total, this.names.length);
    }
    return column;
  }

  addTotal(quantities: Quantities, sign: 1 | -1): void {
    const { names, millis } = quantities;
    for (let i = 0; i < names.length; i++) {
      const column = this.columnOf(names[i]);
      if (column >= 0) this.total[column] += sign * millis[i];
    }
    this.version++;
  }
}

/** The vector with zeros in the columns that it lacks. */
export function widened(vector: Float64Array, width: number): Float64Array {
  if (vector.length === width) return vector;
  const wide = new Float64Array(width);
  wide.set(vector);
  return wide;
}
