/**
 * An index over the free resources of agents: finds the first agent at or after a place that has enough of every
 * resource, in O(log agents) where one resource decides, visiting more nodes where several must coincide.
 *
 * A tree of maxima with 16 children a node: few levels to climb, and siblings lie side by side in memory. Level 0 are
 * the agents; a node keeps, per column, the largest value below it. Places without an agent, and agents that are away,
 * hold −1, so that not even an empty demand fits.
 */
const SHIFT = 4;
const CHILDREN = 1 << SHIFT;

export class FreeIndex {
  private readonly width: number;
  private readonly top: number;
  /** By level: where its nodes begin in `tree`, and how many there are. */
  private readonly base: readonly number[];
  private readonly counts: readonly number[];
  private readonly tree: Float64Array;

  constructor(agentCount: number, width: number) {
    const base = [0];
    const counts = [Math.max(1, agentCount)];
    let size = 0;
    for (;;) {
      const count = counts[counts.length - 1];
      size += Math.ceil(count / CHILDREN) * CHILDREN * width;
      if (count === 1) break;
      base.push(size);
      counts.push(Math.ceil(count / CHILDREN));
    }
    this.width = width;
    this.top = counts.length - 1;
    this.base = base;
    this.counts = counts;
    this.tree = new Float64Array(size).fill(-1);
  }

  copyFrom(other: FreeIndex): void {
    this.tree.set(other.tree);
  }

  /** Sets the columns of an agent to `values[offset …]`. Callers must have kept `values` free of NaN. */
  set(agent: number, values: Float64Array, offset: number): void {
    for (let c = 0; c < this.width; c++) this.setColumn(agent, c, values[offset + c]);
  }

  /** Takes the agent out: nothing fits there until the next `set`. */
  remove(agent: number): void {
    for (let c = 0; c < this.width; c++) this.setColumn(agent, c, -1);
  }

  /** Whether the agent has at least `need[offset …]` in every column. */
  has(agent: number, need: Float64Array, offset: number): boolean {
    return this.covers(agent * this.width, need, offset);
  }

  /** First agent ≥ `from` with at least `need[offset …]` in every column, −1 if there is none. */
  next(from: number, need: Float64Array, offset: number): number {
    const { width, top, base, counts } = this;
    let node = from;
    let level = 0;
    for (;;) {
      while ((node & (CHILDREN - 1)) === 0 && level < top) {
        node >>= SHIFT;
        level++;
      }
      if (node >= counts[level]) return -1;
      while (this.covers(base[level] + node * width, need, offset)) {
        if (level === 0) return node;
        level--;
        node <<= SHIFT;
      }
      node++;
    }
  }

  private setColumn(agent: number, column: number, value: number): void {
    const { tree, width, top, base } = this;
    let node = agent;
    let largest = value;
    for (let level = 0; ; level++) {
      const place = base[level] + node * width + column;
      const before = tree[place];
      if (before === largest) return;
      tree[place] = largest;
      if (level === top) return;
      const parent = node >> SHIFT;
      const known = tree[base[level + 1] + parent * width + column];
      if (largest <= known) {
        if (before < known) return;
        const first = base[level] + parent * CHILDREN * width + column;
        for (let i = first; i < first + CHILDREN * width; i += width)
          if (tree[i] > largest) largest = tree[i];
      }
      node = parent;
    }
  }

  private covers(place: number, need: Float64Array, offset: number): boolean {
    const { tree, width } = this;
    for (let c = 0; c < width; c++) if (tree[place + c] < need[offset + c]) return false;
    return true;
  }
}
