/** Dominant Resource Fairness for divisible tasks. */
import type { AllocationProblem } from './allocation-problem.ts';
import { fillProgressively } from './progressive-filling.ts';

/**
 * Tasks of each user under weighted DRF: dominant shares over weight are max-min fair. Where demands are all
 * positive they are equal; a user without demand for what ran out goes on. Exact up to floating point.
 *
 * Source: Ghodsi et al., NSDI 2011, §4; with zero demands: Parkes, Procaccia, Shah, EC 2012.
 */
export function drf(problem: AllocationProblem): Float64Array {
  const rate = new Float64Array(problem.userCount);
  for (let i = 0; i < rate.length; i++) rate[i] = problem.weight[i] / dominantTaskShare(problem, i);
  return fillProgressively(problem, rate);
}

/** The largest fraction of any resource that one task of the user takes. */
export function dominantTaskShare(problem: AllocationProblem, user: number): number {
  const { resourceCount, taskShare } = problem;
  let largest = 0;
  for (let r = 0; r < resourceCount; r++) largest = Math.max(largest, taskShare[user * resourceCount + r]);
  return largest;
}
