/**
 * Where the warm-up of a series ends: MSER-5 (White, Cobb & Spratt, "A comparison of five steady-state truncation heuristics
 * for simulation", WSC 2000): of means of five values, the cut that makes the standard error of the rest's mean least.
 */

const BATCH = 5;

/** @param values in the order of time @returns how many of the first are to be left out; at most half of them */
export function warmUpCount(values: Float64Array): number {
  const batches = Math.floor(values.length / BATCH);
  const means = Float64Array.from({ length: batches }, (_, batch) => {
    let sum = 0;
    for (let i = 0; i < BATCH; i++) sum += values[batch * BATCH + i];
    return sum / BATCH;
  });
  let [sum, squares] = [0, 0];
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  // From the end, so that each cut adds one batch to the sums.
  for (let cut = batches - 1; cut >= 0; cut--) {
    sum += means[cut];
    squares += means[cut] ** 2;
    const count = batches - cut;
    if (cut > batches / 2) continue;
    const error = (squares - sum ** 2 / count) / count ** 2;
    if (error <= least) {
      least = error;
      best = cut;
    }
  }
  return best * BATCH;
}
