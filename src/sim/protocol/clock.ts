/** A machine's clock: it may be ahead of true (virtual) time by a fixed skew, and run faster or slower by a drift. */

export class Clock {
  private readonly skewUs: number;
  private readonly rate: number;

  /** @param drift part by which the clock is too fast; negative: too slow. More than −1. */
  constructor(skewUs: number, drift: number) {
    this.skewUs = skewUs;
    this.rate = 1 + drift;
  }

  /** What the clock shows at a true time, integer µs; never decreases. */
  shownAt(trueUs: number): number {
    return Math.floor(this.skewUs + trueUs * this.rate);
  }

  /** The first true time, integer µs, at which the clock shows `shownUs` or more. */
  whenShows(shownUs: number): number {
    if (shownUs === Number.POSITIVE_INFINITY) return shownUs;
    let trueUs = Math.max(0, Math.floor((shownUs - this.skewUs) / this.rate) - 1);
    while (this.shownAt(trueUs) < shownUs) trueUs++;
    return trueUs;
  }
}
