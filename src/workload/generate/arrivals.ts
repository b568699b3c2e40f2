/** When jobs arrive: Poisson processes with a constant or a changing rate. */
import type { RandomStream } from '../../cluster/streams.ts';

/** Relative rate, 0 … 1, at a time in seconds since the start, of `span` seconds in all. */
export type Activity = (seconds: number, span: number) => number;

const DAY_SECONDS = 86_400;

/** A constant rate. */
export const steady: Activity = () => 1;

/** A rate that swings once a day between 1 and `low`, highest at `peakHour`. */
export function diurnal(low: number, peakHour = 14): Activity {
  return (seconds) => {
    const angle = 2 * Math.PI * (seconds / DAY_SECONDS - peakHour / 24);
    return low + ((1 - low) * (1 + Math.cos(angle))) / 2;
  };
}

/** Full rate during the given parts of the span (0 … 1), else `low`. */
export function bursts(windows: readonly (readonly [from: number, to: number])[], low: number): Activity {
  return (seconds, span) =>
    windows.some(([from, to]) => seconds >= from * span && seconds < to * span) ? 1 : low;
}

/**
 * `count` arrivals of a Poisson process over `span` seconds, in order. Given their number, arrivals are independent
 * draws from the rate's shape, which thinning makes (Lewis & Shedler 1979).
 */
export function arrivalTimes(
  count: number,
  span: number,
  activity: Activity,
  random: RandomStream,
): Float64Array {
  const times = new Float64Array(count);
  for (let i = 0; i < count; ) {
    const seconds = random() * span;
    if (random() < activity(seconds, span)) times[i++] = seconds;
  }
  return times.sort();
}
