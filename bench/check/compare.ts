/** Measures pairs of every benchmark until all are decided or the time is over. */
import { stream } from '../../src/cluster/streams.ts';
import { median } from './median.ts';
import { type PairTimes, pairRatio, type RatioInterval, ratioInterval } from './ratio-interval.ts';
import { isLook, PAIRS_MIN, type Verdict, verdictOf } from './verdict.ts';

/** Several benchmarks are looked at several times, so one look must be wrong less often than one in 20. */
export const CONFIDENCE = 0.99;
const RESAMPLES = 4000;
const PAIRS_BEFORE_SUSPICION = 4;

export interface Comparison extends RatioInterval {
  readonly benchmark: string;
  readonly pairs: number;
  /** Medians over all runs, for the reader; the ratio is of runs side by side and may differ a little from theirs. */
  readonly baseMs: number;
  readonly changeMs: number;
  readonly verdict: Verdict;
}

interface Measured {
  readonly benchmark: string;
  readonly pairs: PairTimes[];
  isDecided: boolean;
  wasSlower: boolean;
}

/**
 * @param measure one more pair of a benchmark
 * @param isTimeOver asked before each pair
 * @returns of the benchmarks that there was time to measure
 */
export async function compareAll(
  benchmarks: readonly string[],
  threshold: number,
  measure: (benchmark: string, pair: number) => Promise<PairTimes>,
  isTimeOver: () => boolean,
): Promise<Comparison[]> {
  const measured: Measured[] = benchmarks.map((benchmark) => ({
    benchmark,
    pairs: [],
    isDecided: false,
    wasSlower: false,
  }));
  for (
    let one = mostUrgent(measured, threshold);
    one && !isTimeOver();
    one = mostUrgent(measured, threshold)
  ) {
    one.pairs.push(await measure(one.benchmark, one.pairs.length));
    if (!isLook(one.pairs.length)) continue;
    const { verdict } = lookAt(one);
    one.isDecided = verdict !== 'undecided' && (verdict !== 'slower' || one.wasSlower);
    one.wasSlower = verdict === 'slower';
  }
  return measured.filter(({ pairs }) => pairs.length > 0).map(judge);

  /** One look that says "slower" may be chance: only two in a row count. */
  function judge(one: Measured): Comparison {
    const comparison = lookAt(one);
    return comparison.verdict === 'slower' && !one.isDecided
      ? { ...comparison, verdict: 'undecided' }
      : comparison;
  }

  function lookAt({ benchmark, pairs }: Measured): Comparison {
    const random = stream('bench', benchmark);
    const interval = ratioInterval(pairs.map(pairRatio), CONFIDENCE, RESAMPLES, random);
    return {
      benchmark,
      pairs: pairs.length,
      baseMs: median(pairs.flatMap(({ baseMs }) => baseMs)),
      changeMs: median(pairs.flatMap(({ changeMs }) => changeMs)),
      ...interval,
      verdict: pairs.length < PAIRS_MIN ? 'undecided' : verdictOf(interval, threshold),
    };
  }
}

/**
 * Where time is short, it goes to what may be slower first: after a few pairs of each, such a benchmark is measured
 * until it can be decided. When a benchmark is looked at depends on its own pairs only, so the order favours no verdict.
 */
function mostUrgent(measured: readonly Measured[], threshold: number): Measured | undefined {
  const urgency = ({ pairs, wasSlower }: Measured): number => {
    const isSuspect =
      pairs.length >= PAIRS_BEFORE_SUSPICION &&
      (wasSlower || (pairs.length < PAIRS_MIN && median(pairs.map(pairRatio)) > 1 + threshold));
    return isSuspect ? -1 : pairs.length;
  };
  const open = measured.filter(({ isDecided }) => !isDecided);
  const least = Math.min(...open.map(urgency));
  const fewest = Math.min(...measured.map(({ pairs }) => pairs.length));
  return open.find((one) => urgency(one) === (fewest < PAIRS_BEFORE_SUSPICION ? fewest : least));
}
