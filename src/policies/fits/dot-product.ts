/** Dot product of demand and free vector, both as shares of the agent's capacity (Grandl et al., SIGCOMM 2014, section 3.2). */
import type { AgentView, Fit } from '../policy.ts';

export const dotProduct: Fit = { name: 'dot', score: alignment };

export function alignment(demand: Float64Array, { free, total }: AgentView): number {
  let sum = 0;
  for (let r = 0; r < demand.length; r++)
    if (total[r] > 0) sum += (demand[r] / total[r]) * (free[r] / total[r]);
  return sum;
}
