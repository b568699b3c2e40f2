/** Measures pairs of every benchmark in turn until all are decided or the time is over. */
import { stream } from '../../src/cluster/streams.ts';
import { median } from './median.ts';
import { type PairTimes, pairRatio, type RatioInterval, ratioInterval } from './ratio-interval.ts';
import { isLook, PAIRS_MIN, type Verdict, verdictOf } from './verdict.ts';

/** Several benchmarks are looked at several times, so one look must be wrong less often than one in 20. */
export const CONFIDENCE = 0.99;
const RESAMPLES = 4000;

export interface Comparison extends RatioInterval {
  readonly benchmark: string;
  readonly pairs: number;
  /** Medians over all runs, for the reader; the ratio is of runs side by side and may differ a little from theirs. */
  readonly baseMs: number;
  readonly changeMs: number;
  readonly verdict: Verdict;
}

/**
 * @param measure one more pair of a benchmark
 * @param isTimeOver asked before each pair; every benchmark gets two pairs even so
 */
export async function compareAll(
  benchmarks: readonly string[],
  threshold: number,
  measure: (benchmark: string, pair: number) => Promise<PairTimes>,
  isTimeOver: () => boolean,
): Promise<Comparison[]> {
  const measured = benchmarks.map((benchmark) => ({
    benchmark,
    pairs: [] as PairTimes[],
    isDecided: false,
    wasSlower: false,
  }));
  for (let pair = 0; measured.some(({ isDecided }) => !isDecided); pair++) {
    for (const one of measured.filter(({ isDecided }) => !isDecided)) {
      if (pair >= 2 && isTimeOver()) return measured.map(judge);
      one.pairs.push(await measure(one.benchmark, pair));
      if (!isLook(one.pairs.length)) continue;
      const { verdict } = lookAt(one);
      one.isDecided = verdict !== 'undecided' && (verdict !== 'slower' || one.wasSlower);
      one.wasSlower = verdict === 'slower';
    }
  }
  return measured.map(judge);

  /** One look that says "slower" may be chance: only two in a row count. */
  function judge(one: (typeof measured)[number]): Comparison {
    const comparison = lookAt(one);
    return comparison.verdict === 'slower' && !one.isDecided
      ? { ...comparison, verdict: 'undecided' }
      : comparison;
  }

  function lookAt({ benchmark, pairs }: { benchmark: string; pairs: readonly PairTimes[] }): Comparison {
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
