/**
 * A segment tree over the free resources of agents: finds the first agent at or after a place that has enough of
 * every resource, in O(log agents) where one resource decides, visiting more nodes where several must coincide.
 *
 * Node n covers its children 2n and 2n + 1 and keeps, per column, the largest value below it; leaves are agents.
 * Leaves without an agent, and agents that are away, hold −1, so that not even an empty demand fits.
 */
export class FreeIndex {
  private readonly width: number;
  private readonly leafCount: number;
  private readonly tree: Float64Array;

  constructor(agentCount: number, width: number) {
    this.width = width;
    this.leafCount = 2 ** Math.ceil(Math.log2(Math.max(1, agentCount)));
    this.tree = new Float64Array(2 * this.leafCount * width).fill(-1);
  }

  copyFrom(other: FreeIndex): void {
    this.tree.set(other.tree);
  }

  /** Sets the columns of an agent's leaf to `values[offset …]`. Callers must have kept `values` free of NaN. */
  set(agent: number, values: Float64Array, offset: number): void {
    const { tree, width } = this;
    let node = agent + this.leafCount;
    for (let c = 0; c < width; c++) tree[node * width + c] = values[offset + c];
    for (node >>= 1; node >= 1; node >>= 1) {
      let changed = false;
      const left = 2 * node * width;
      for (let c = 0; c < width; c++) {
        const a = tree[left + c];
        const b = tree[left + width + c];
        const max = a > b ? a : b;
        if (tree[node * width + c] !== max) {
          tree[node * width + c] = max;
          changed = true;
        }
      }
      if (!changed) return;
    }
  }

  /** Takes the agent out: nothing fits there until the next `set`. */
  remove(agent: number): void {
    this.set(agent, REMOVED.length >= this.width ? REMOVED : new Float64Array(this.width).fill(-1), 0);
  }

  /** Whether the agent's leaf has at least `need[offset …]` in every column. */
  has(agent: number, need: Float64Array, offset: number): boolean {
    return this.covers(agent + this.leafCount, need, offset);
  }

  /** First agent ≥ `from` with at least `need[offset …]` in every column, −1 if there is none. */
  next(from: number, need: Float64Array, offset: number): number {
    if (from >= this.leafCount) return -1;
    const { leafCount } = this;
    let node = from === 0 ? 1 : from + leafCount;
    for (;;) {
      if (this.covers(node, need, offset)) {
        if (node >= leafCount) return node - leafCount;
        node *= 2;
        continue;
      }
      while ((node & 1) === 1) {
        if (node === 1) return -1;
        node >>= 1;
      }
      node++;
    }
  }

  private covers(node: number, need: Float64Array, offset: number): boolean {
    const { tree, width } = this;
    const base = node * width;
    for (let c = 0; c < width; c++) if (tree[base + c] < need[offset + c]) return false;
    return true;
  }
}

const REMOVED = new Float64Array(16).fill(-1);
