/** Best fit: the agent that would have least left over, summed over resources as shares of its capacity. */
import type { Fit } from '../policy.ts';

export const bestFit: Fit = {
  name: 'best',
  score(demand, { free, total }) {
    let left = 0;
    for (let r = 0; r < demand.length; r++) if (total[r] > 0) left += (free[r] - demand[r]) / total[r];
    return -left;
  },
};
