/**
 * A machine's clock: it may be ahead of true (virtual) time by a skew, and run faster or slower by a drift. It never goes
 * back: one that is set back stands still until time has caught up with it.
 */

export class Clock {
  /** The same clock as if it were never set: by it processes sleep. */
  readonly steady: Clock;
  private readonly rate: number;
  private skewUs: number;
  /** What it has shown when it was set. */
  private shownUs = Number.NEGATIVE_INFINITY;

  /** @param drift part by which the clock is too fast; negative: too slow. More than −1. */
  constructor(skewUs: number, drift: number, isSteady = false) {
    this.skewUs = skewUs;
    this.rate = 1 + drift;
    this.steady = isSteady ? this : new Clock(skewUs, drift, true);
  }

  /** What the clock shows at a true time from when it was last set on, integer µs; never decreases. */
  shownAt(trueUs: number): number {
    return Math.max(this.shownUs, Math.floor(this.skewUs + trueUs * this.rate));
  }

  /** The first true time, integer µs, at which the clock shows `shownUs` or more; 0 if it did before it was last set. */
  whenShows(shownUs: number): number {
    if (shownUs === Number.POSITIVE_INFINITY) return shownUs;
    if (shownUs <= this.shownUs) return 0;
    let trueUs = Math.max(0, Math.floor((shownUs - this.skewUs) / this.rate) - 1);
    while (this.shownAt(trueUs) < shownUs) trueUs++;
    return trueUs;
  }

  /** At this true time the clock is set forward (or, below 0, back). */
  set(trueUs: number, byUs: number): void {
    this.shownUs = this.shownAt(trueUs);
    this.skewUs += byUs;
  }
}
