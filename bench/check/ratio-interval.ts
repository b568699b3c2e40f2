/** How much longer the change takes than the base, from paired measurements, and how sure that is. */
import type { RandomStream } from '../../src/cluster/streams.ts';
import { median } from './median.ts';

/** Times of one pair of processes, run by run: `baseMs[i]` and `changeMs[i]` were measured one right after the other. */
export interface PairTimes {
  readonly baseMs: readonly number[];
  readonly changeMs: readonly number[];
}

export interface RatioInterval {
  /** Change ÷ base. */
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Two processes of equal code differ by where their memory lies and what was compiled when, so a pair of processes is
 * one observation, however many runs are in it: the median of its runs' ratios.
 */
export function pairRatio({ baseMs, changeMs }: PairTimes): number {
  return median(changeMs.map((ms, i) => ms / baseMs[i]));
}

/**
 * The median of the pairs' ratios with its percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13).
 * @param confidence e.g. 0.99
 */
export function ratioInterval(
  ratios: readonly number[],
  confidence: number,
  resamples: number,
  random: RandomStream,
): RatioInterval {
  const count = ratios.length;
  const drawn = new Array<number>(count);
  const medians = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < count; i++) drawn[i] = ratios[Math.floor(random() * count)];
    return median(drawn);
  }).sort();
  const tail = Math.floor((resamples * (1 - confidence)) / 2);
  return { ratio: median(ratios), lower: medians[tail], upper: medians[resamples - 1 - tail] };
}
