/**
 * How much a figure of one log changes between two policies, with an interval: the jobs of a block (a week) hang together, and
 * blocks are drawn with replacement (block bootstrap; Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 8 and 13).
 */
import { stream } from '../../src/cluster/streams.ts';

export interface Change {
  /** (other's mean − base's) ÷ base's, over all jobs. */
  readonly change: number;
  /** Ends of a 95 % percentile interval. */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1000;
const TAIL = 0.025;

/**
 * @param base and @param other by job @param blockOf by job, from 0
 * @throws RangeError where the base is 0 in all blocks
 */
export function blockBootstrap(
  base: ArrayLike<number>,
  other: ArrayLike<number>,
  blockOf: Int32Array,
): Change {
  const blocks = 1 + blockOf.reduce((most, block) => Math.max(most, block), 0);
  const sums = (values: ArrayLike<number>) => {
    const sum = new Float64Array(blocks);
    for (let job = 0; job < blockOf.length; job++) sum[blockOf[job]] += values[job];
    return sum;
  };
  const [baseSums, otherSums] = [sums(base), sums(other)];
  const all = Int32Array.from({ length: blocks }, (_, block) => block);
  const changeOver = (chosen: Int32Array) => {
    let [baseSum, otherSum] = [0, 0];
    for (const block of chosen) {
      baseSum += baseSums[block];
      otherSum += otherSums[block];
    }
    return otherSum / baseSum - 1;
  };
  const change = changeOver(all);
  if (!Number.isFinite(change)) throw new RangeError('the base is 0 everywhere; there is nothing to compare');
  const random = stream('block bootstrap', 'blocks');
  const draws = Float64Array.from({ length: RESAMPLES }, () =>
    changeOver(all.map(() => Math.floor(random() * blocks))),
  )
    // Of blocks in which nobody waits at all.
    .filter(Number.isFinite)
    .sort();
  return {
    change,
    low: draws[Math.floor(TAIL * draws.length)],
    high: draws[Math.ceil((1 - TAIL) * draws.length) - 1],
  };
}
