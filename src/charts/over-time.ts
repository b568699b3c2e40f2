/** Long tables of a run (one row a name and interval) as a few series of bounded length. */
import type { Run } from '../results/run.ts';

/** More points than a chart has pixels for would only cost bytes. */
const POINTS_MAX = 600;

export interface OverTime {
  /** Starts of intervals; the last entry is the end of the last one and repeats its values. */
  readonly timeSeconds: readonly number[];
  /** By group, then by interval: the sum over the group's rows, averaged over the interval. */
  readonly sums: readonly Float64Array[];
}

/**
 * Neighbouring intervals are averaged in equal numbers until at most 600 are left.
 * @param groupOf the series that a row belongs to
 */
export function overTime(
  timeSeconds: Float64Array,
  values: Float64Array,
  groupCount: number,
  groupOf: (row: number) => number,
  pointsMax = POINTS_MAX,
): OverTime {
  const times = [...new Set(timeSeconds)].sort((a, b) => a - b);
  if (times.length === 0)
    return { timeSeconds: [], sums: Array.from({ length: groupCount }, () => new Float64Array()) };
  const step = Math.ceil(times.length / (pointsMax - 1));
  const points = Math.ceil(times.length / step);
  const pointOf = new Map(times.map((time, index) => [time, Math.floor(index / step)]));
  const sums = Array.from({ length: groupCount }, () => new Float64Array(points + 1));
  for (let row = 0; row < timeSeconds.length; row++) {
    const point = pointOf.get(timeSeconds[row])!;
    const intervals = Math.min(step, times.length - point * step);
    sums[groupOf(row)][point] += values[row] / intervals;
  }
  for (const series of sums) series[points] = series[points - 1];
  const starts = times.filter((_, index) => index % step === 0);
  const last = times[times.length - 1];
  const length = times.length > 1 ? last - times[times.length - 2] : 1;
  return { timeSeconds: [...starts, last + length], sums };
}

/** When the last of the runs ends: of its samples, jobs and tasks. */
export function endOfRuns(runs: readonly Run[]): number {
  let end = 0;
  for (const { tables } of runs) {
    for (const column of [
      tables.rolesOverTime.timeSeconds,
      tables.jobs.submitSeconds,
      tables.tasks.startSeconds,
      tables.tasks.endSeconds,
    ]) {
      for (const seconds of column) if (seconds > end) end = seconds;
    }
  }
  return end > 0 ? end : 1;
}
