/** Progressive filling: raise all users together, and stop each one when a resource that it needs runs out. */
import type { AllocationProblem } from './allocation-problem.ts';

/** Resources whose levels differ by less than this part are taken to run out together: their difference is rounding. */
const TIE = 1e-12;

/**
 * The tasks of each user when user i holds `level · rate[i]` tasks and the level rises from 0. A user stops when some
 * resource of its demand is used up; the others go on. So the vector of levels is the lexicographically largest
 * (max-min fair), and nobody's tasks can grow without taking from another. At most one round per resource.
 *
 * @param rate tasks of each user per unit of level, positive
 */
export function fillProgressively(problem: AllocationProblem, rate: Float64Array): Float64Array {
  const { userCount, resourceCount, taskShare } = problem;
  const tasks = new Float64Array(userCount);
  const isStopped = new Uint8Array(userCount);
  const isUsedUp = new Uint8Array(resourceCount);
  const runsOutAt = new Float64Array(resourceCount);
  for (let growing = userCount; growing > 0; ) {
    let level = Number.POSITIVE_INFINITY;
    for (let r = 0; r < resourceCount; r++) {
      runsOutAt[r] = isUsedUp[r]
        ? Number.POSITIVE_INFINITY
        : levelOfExhaustion(problem, r, rate, tasks, isStopped);
      level = Math.min(level, runsOutAt[r]);
    }
    for (let r = 0; r < resourceCount; r++) if (runsOutAt[r] <= level * (1 + TIE)) isUsedUp[r] = 1;
    for (let i = 0; i < userCount; i++) {
      if (isStopped[i]) continue;
      for (let r = 0; r < resourceCount; r++) {
        if (isUsedUp[r] && taskShare[i * resourceCount + r] > 0) isStopped[i] = 1;
      }
      if (!isStopped[i]) continue;
      tasks[i] = level * rate[i];
      growing--;
    }
  }
  return tasks;
}

/** The level at which resource `r` runs out if no growing user stops before; infinite if none of them needs it. */
function levelOfExhaustion(
  problem: AllocationProblem,
  r: number,
  rate: Float64Array,
  tasks: Float64Array,
  isStopped: Uint8Array,
): number {
  const { userCount, resourceCount, taskShare } = problem;
  let held = 0;
  let growth = 0;
  for (let i = 0; i < userCount; i++) {
    const share = taskShare[i * resourceCount + r];
    if (isStopped[i]) held += tasks[i] * share;
    else growth += rate[i] * share;
  }
  return growth > 0 ? Math.max(0, 1 - held) / growth : Number.POSITIVE_INFINITY;
}
