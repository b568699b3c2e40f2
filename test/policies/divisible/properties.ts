/** The properties of Ghodsi et al., NSDI 2011, §3, as gains: how much better off a user could be than the policy makes it. */
import {
  type AllocationProblem,
  allocationProblem,
} from '../../../src/policies/divisible/allocation-problem.ts';
import type { DivisiblePolicy, ProblemParts } from './problems.ts';

/** Fraction of each resource in use. */
export function useOf(problem: AllocationProblem, tasks: Float64Array): Float64Array {
  const { resourceCount, taskShare } = problem;
  const use = new Float64Array(resourceCount);
  tasks.forEach((count, i) => {
    for (let r = 0; r < resourceCount; r++) use[r] += count * taskShare[i * resourceCount + r];
  });
  return use;
}

/** Largest share of any resource that the user holds. */
export function dominantShare(problem: AllocationProblem, user: number, tasks: Float64Array): number {
  const { resourceCount, taskShare } = problem;
  const rows = taskShare.subarray(user * resourceCount, (user + 1) * resourceCount);
  return tasks[user] * Math.max(...rows);
}

/** Tasks that the user could run with `factor` times what `other` holds. */
function tasksWithBundleOf(
  problem: AllocationProblem,
  user: number,
  other: number,
  otherTasks: number,
  factor: number,
): number {
  const { resourceCount, demand } = problem;
  let count = Number.POSITIVE_INFINITY;
  for (let r = 0; r < resourceCount; r++) {
    const need = demand[user * resourceCount + r];
    if (need > 0) count = Math.min(count, (factor * otherTasks * demand[other * resourceCount + r]) / need);
  }
  return count;
}

/** Sharing incentive: most that a user would gain from its weight's part of every resource, as a factor of its tasks. */
export function gainFromOwnPartition(problem: AllocationProblem, tasks: Float64Array): number {
  const weightTotal = problem.weight.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    ...problem.weight.map((weight, i) => weight / weightTotal / dominantShare(problem, i, tasks)),
  );
}

/** Envy-freeness: most that a user would gain from another's resources, scaled to its own weight. */
export function gainFromSwap(problem: AllocationProblem, tasks: Float64Array): number {
  let gain = 0;
  for (let i = 0; i < problem.userCount; i++) {
    for (let j = 0; j < problem.userCount; j++) {
      const factor = problem.weight[i] / problem.weight[j];
      gain = Math.max(gain, tasksWithBundleOf(problem, i, j, tasks[j], factor) / tasks[i]);
    }
  }
  return gain;
}

/** Pareto efficiency: the largest part of its scarcest resource that is left for some user. */
export function leftForSomeone(problem: AllocationProblem, tasks: Float64Array): number {
  const { userCount, resourceCount, taskShare } = problem;
  const use = useOf(problem, tasks);
  let left = 0;
  for (let i = 0; i < userCount; i++) {
    let scarcest = 1;
    for (let r = 0; r < resourceCount; r++) {
      if (taskShare[i * resourceCount + r] > 0) scarcest = Math.min(scarcest, 1 - use[r]);
    }
    left = Math.max(left, scarcest);
  }
  return left;
}

/** Strategy-proofness: what user 0 gains in useful tasks from reporting `report` for its demand. */
export function gainFromMisreport(policy: DivisiblePolicy, parts: ProblemParts, report: number[]): number {
  const honest = policy(allocationProblem(parts.capacity, parts.users))[0];
  const [liar, ...others] = parts.users;
  const reported = policy(allocationProblem(parts.capacity, [{ ...liar, demand: report }, ...others]))[0];
  const useful = liar.demand.map((need, r) =>
    need > 0 ? (reported * report[r]) / need : Number.POSITIVE_INFINITY,
  );
  return Math.min(...useful) / honest;
}

/** Population monotonicity: the largest factor by which a user's tasks shrink when the last user goes away. */
export function lossFromDeparture(policy: DivisiblePolicy, { capacity, users }: ProblemParts): number {
  const before = policy(allocationProblem(capacity, users));
  const after = policy(allocationProblem(capacity, users.slice(0, -1)));
  return Math.max(...after.map((tasks, i) => before[i] / tasks));
}
