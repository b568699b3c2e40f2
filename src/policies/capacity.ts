/** Capacity scheduling: queues with guaranteed capacity; the one that uses least of its guarantee is next. */
import { dominantShareOf } from './dominant-share.ts';
import { withNativeKey } from './native-key.ts';
import type { Policy } from './policy.ts';

/**
 * A queue's guarantee is what `--guarantee` states, else its weight's part of the cluster. Use beyond it is elastic, up
 * to the queue's limit. The tree of roles is the tree of queues, each level served by used ÷ guaranteed capacity.
 */
export const capacity: Policy = {
  name: 'capacity',
  title: 'Capacity scheduler: tree of queues, least used ÷ guaranteed capacity is next',
  source: 'Apache Hadoop YARN, Capacity Scheduler (DominantResourceCalculator)',
  order: {
    kind: 'roles',
    tree: 'sum',
    key: withNativeKey(
      ({ usage, total, guarantee, weight, siblingWeight }) => {
        if (guarantee === null) return (dominantShareOf(usage, total) * siblingWeight) / weight;
        return dominantShareOf(usage, guarantee);
      },
      { kind: 'capacity' },
    ),
  },
};
