/** Proportional share: tasks started in proportion to the roles' weights, by stride scheduling on running tasks. */
import { withNativeKey } from './native-key.ts';
import type { Policy } from './policy.ts';

export const proportional: Policy = {
  name: 'proportional',
  title: 'Slots in proportion to weight: the fewest head-sized tasks per weight is next',
  source: 'Waldspurger & Weihl, MIT/LCS/TM-528, 1995 (stride scheduling); Hadoop slots',
  order: {
    kind: 'roles',
    key: withNativeKey(({ usage, headDemand, weight }) => slotsHeld(usage, headDemand) / weight, {
      kind: 'slots',
    }),
  },
};

/** How many tasks like the one at the queue's head the usage amounts to. */
function slotsHeld(usage: Float64Array, demand: Float64Array): number {
  let slots = 0;
  for (let r = 0; r < usage.length; r++) if (demand[r] > 0) slots = Math.max(slots, usage[r] / demand[r]);
  return slots;
}
