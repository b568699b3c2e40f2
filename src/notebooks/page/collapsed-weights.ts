/** A role tree collapsed to its leaves: each weighs the product of its ancestors' parts among their siblings, and its own. */

/**
 * What flat weighted DRF is given in place of a tree (Bhattacharya et al., SoCC 2013, "collapsed hierarchies"), and what a
 * leaf is guaranteed of its dominant resource while all leaves want more. The parts sum to 1.
 * @param leaves as `a/b`
 * @param weights by node, also of inner ones; 1 where none is stated
 */
export function collapsedWeights(
  leaves: readonly string[],
  weights: ReadonlyMap<string, number>,
): Map<string, number> {
  const children = new Map<string, Set<string>>();
  for (const leaf of leaves) {
    for (const node of pathOf(leaf)) {
      const parent = node.slice(0, Math.max(0, node.lastIndexOf('/')));
      children.set(parent, (children.get(parent) ?? new Set()).add(node));
    }
  }
  const part = new Map([['', 1]]);
  for (const [parent, siblings] of [...children].sort(([a], [b]) => depthOf(a) - depthOf(b))) {
    const weightOf = (node: string) => weights.get(node) ?? 1;
    const total = [...siblings].reduce((sum, node) => sum + weightOf(node), 0);
    for (const node of siblings) part.set(node, (part.get(parent)! * weightOf(node)) / total);
  }
  return new Map(leaves.map((leaf) => [leaf, part.get(leaf)!]));
}

/** `a/b/c`: `a`, `a/b`, `a/b/c`. */
function pathOf(leaf: string): string[] {
  const names = leaf.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

const depthOf = (node: string): number => (node === '' ? 0 : node.split('/').length);
