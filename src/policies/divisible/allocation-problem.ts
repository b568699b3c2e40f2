/** The divisible allocation problem: users with Leontief demands share one pool of several resources. */

/** What one user asks for; tasks may be run in fractions and the user always wants more of them. */
export interface DivisibleUser {
  /** Amount of each resource that one task takes, in the units of the capacity. At least one is positive. */
  readonly demand: readonly number[];
  /** Entitlement relative to the other users. Default 1. */
  readonly weight?: number;
}

/**
 * A problem that can't be wrong, so that the solvers check nothing. Made by `allocationProblem`. An allocation is a
 * `Float64Array` with the number of tasks of each user; its rows of resources follow from the demands.
 */
export interface AllocationProblem {
  readonly userCount: number;
  readonly resourceCount: number;
  /** Amount of each resource, all positive; each resource has a unit of its own. */
  readonly capacity: Float64Array;
  /** `demand[user * resourceCount + r]`: amount that a task of the user takes. */
  readonly demand: Float64Array;
  /** `taskShare[user * resourceCount + r]`: the same as a fraction of the capacity. */
  readonly taskShare: Float64Array;
  /** By user, positive. */
  readonly weight: Float64Array;
}

/**
 * @param capacity amount of each resource
 * @throws RangeError where a capacity or weight is not positive and finite, a demand is negative or not finite, a
 * user's demand has another length than the capacity or is all zero, or there is no user or no resource.
 */
export function allocationProblem(
  capacity: readonly number[],
  users: readonly DivisibleUser[],
): AllocationProblem {
  const resourceCount = capacity.length;
  const userCount = users.length;
  if (resourceCount === 0 || userCount === 0) {
    throw new RangeError(`${userCount} users and ${resourceCount} resources; expected at least one of each`);
  }
  capacity.forEach((amount, r) => {
    if (!isPositive(amount)) {
      throw new RangeError(`the capacity of resource ${r} is ${amount}; expected a positive number`);
    }
  });
  const demand = new Float64Array(userCount * resourceCount);
  const taskShare = new Float64Array(userCount * resourceCount);
  const weight = new Float64Array(userCount);
  users.forEach((user, i) => {
    if (user.demand.length !== resourceCount) {
      throw new RangeError(`user ${i} demands ${user.demand.length} resources of ${resourceCount}`);
    }
    if (!user.demand.every((amount) => amount === 0 || isPositive(amount))) {
      throw new RangeError(`user ${i} demands ${user.demand.join(', ')}; expected numbers from 0`);
    }
    if (!user.demand.some((amount) => amount > 0)) throw new RangeError(`user ${i} demands nothing`);
    weight[i] = user.weight ?? 1;
    if (!isPositive(weight[i])) {
      throw new RangeError(`the weight of user ${i} is ${weight[i]}; expected a positive number`);
    }
    user.demand.forEach((amount, r) => {
      demand[i * resourceCount + r] = amount;
      taskShare[i * resourceCount + r] = amount / capacity[r];
    });
  });
  return { userCount, resourceCount, capacity: Float64Array.from(capacity), demand, taskShare, weight };
}

const isPositive = (value: number): boolean => value > 0 && value < Number.POSITIVE_INFINITY;
