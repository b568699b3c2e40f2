/** Max-min fairness on one resource of several, as schedulers did that knew only memory or slots. */
import type { AllocationProblem } from './allocation-problem.ts';
import { fillProgressively } from './progressive-filling.ts';

/**
 * Tasks of each user when the shares of resource `r` over weight are max-min fair and the other resources only limit.
 *
 * @throws RangeError if some user does not demand the resource: its share would stay 0 whatever it gets.
 */
export function maxMin(problem: AllocationProblem, r: number): Float64Array {
  const { userCount, resourceCount, taskShare, weight } = problem;
  const rate = new Float64Array(userCount);
  for (let i = 0; i < userCount; i++) {
    const share = taskShare[i * resourceCount + r];
    if (!(share > 0))
      throw new RangeError(`user ${i} demands nothing of resource ${r}; max-min cannot rank it`);
    rate[i] = weight[i] / share;
  }
  return fillProgressively(problem, rate);
}
