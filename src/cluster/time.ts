/** Virtual time: an integer number of microseconds in a double, counted from the start of the trace. */

export const US_PER_SECOND = 1_000_000;

/** Seconds to integer microseconds, rounded to the nearest. */
export function secondsToUs(seconds: number): number {
  return Math.round(seconds * US_PER_SECOND);
}

export function usToSeconds(us: number): number {
  return us / US_PER_SECOND;
}
