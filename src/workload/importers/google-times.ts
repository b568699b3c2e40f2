/** Times of Google's traces: µs, in which the trace begins at 600 s, 0 is before it and 2^63 − 1 after it. */

const START_US = 600_000_000;
/** Well above any time within the trace, and not moved by the rounding of 2^63 − 1. */
const AFTER_END_US = 2 ** 62;

/** From the start of the trace; what was before it counts as its start. `null`: after the end of the trace. */
export function usFromStart(time: number): number | null {
  return time >= AFTER_END_US ? null : Math.max(0, time - START_US);
}

export const googleTimeNote =
  'Times count from the start of the trace at 600 s; what was there before is submitted at 0, and of tasks that ran before only the rest counts.';
