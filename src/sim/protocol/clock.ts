/**
 * The clock that processes on a machine see: it may be ahead of true (virtual) time by a skew, and run faster or slower by
 * a drift. Where somebody sets the machine's clock, it follows without a jump, a little faster or slower until it is there,
 * as that of real processes does (src/real/running-machine.ts).
 */

/** How much faster or slower it runs while it follows. */
const SLEW = 0.05;

export class Clock {
  /** The same clock as if nobody ever set it: by it processes sleep. */
  readonly steady: Clock;
  private readonly rate: number;
  private skewUs: number;
  /** When it was last set, what it showed then, and how it runs since, until it shows what it was set to. */
  private setUs = 0;
  private shownUs = 0;
  private slew = 0;

  /** @param drift part by which the clock is too fast; negative: too slow. More than −1. */
  constructor(skewUs: number, drift: number, isSteady = false) {
    this.skewUs = skewUs;
    this.rate = 1 + drift;
    this.steady = isSteady ? this : new Clock(skewUs, drift, true);
  }

  /** What the clock shows at a true time from when it was last set on, integer µs; never decreases. */
  shownAt(trueUs: number): number {
    const settled = this.skewUs + trueUs * this.rate;
    if (this.slew === 0) return Math.floor(settled);
    const following = this.shownUs + (trueUs - this.setUs) * this.rate * (1 + this.slew);
    return Math.floor(this.slew > 0 ? Math.min(following, settled) : Math.max(following, settled));
  }

  /** The first true time since the clock was last set, integer µs, at which it shows `shownUs` or more. */
  whenShows(shownUs: number): number {
    if (shownUs === Number.POSITIVE_INFINITY) return shownUs;
    const settledUs = (shownUs - this.skewUs) / this.rate;
    const followingUs = this.setUs + (shownUs - this.shownUs) / (this.rate * (1 + this.slew));
    const aboutUs = this.slew > 0 ? Math.max(settledUs, followingUs) : Math.min(settledUs, followingUs);
    let trueUs = Math.max(0, this.setUs, Math.floor(this.slew === 0 ? settledUs : aboutUs) - 1);
    while (this.shownAt(trueUs) < shownUs) trueUs++;
    return trueUs;
  }

  /** At this true time the machine's clock is set forward by so much, or, below 0, back. */
  set(trueUs: number, byUs: number): void {
    this.shownUs = this.shownAt(trueUs);
    this.setUs = trueUs;
    this.skewUs += byUs;
    this.slew = SLEW * Math.sign(this.skewUs + trueUs * this.rate - this.shownUs);
  }
}
