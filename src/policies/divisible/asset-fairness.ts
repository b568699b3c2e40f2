/** Asset fairness: users get the same total of resources, each resource priced by its scarcity. */
import type { AllocationProblem } from './allocation-problem.ts';
import { fillProgressively } from './progressive-filling.ts';

/**
 * Tasks of each user when the sum of its shares over all resources, divided by its weight, is the same for all and as
 * large as fits. 1 % of any resource is worth the same.
 *
 * The paper's definition ends where the first resource runs out. Where all demands are positive nobody could then
 * take more; with zero demands the users that don't need that resource go on, so that what is left isn't wasted.
 *
 * Source: Ghodsi et al., NSDI 2011, §5.1.
 */
export function assetFairness(problem: AllocationProblem): Float64Array {
  const { userCount, resourceCount, taskShare, weight } = problem;
  const rate = new Float64Array(userCount);
  for (let i = 0; i < userCount; i++) {
    let total = 0;
    for (let r = 0; r < resourceCount; r++) total += taskShare[i * resourceCount + r];
    rate[i] = weight[i] / total;
  }
  return fillProgressively(problem, rate);
}
