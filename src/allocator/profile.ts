/** Free resources of the whole cluster as a step function of time. */

export class Profile {
  /** Start of each step, µs, ascending; the last step lasts for ever. */
  private readonly timesUs: number[];
  /** Thousandths by resource, one vector a step. */
  private readonly free: Float64Array[];

  constructor(nowUs: number, capacity: Float64Array) {
    this.timesUs = [nowUs];
    this.free = [Float64Array.from(capacity)];
  }

  /** Takes `demand` over [startUs, endUs). */
  take(startUs: number, endUs: number, demand: Float64Array): void {
    this.add(startUs, endUs, demand, -1);
  }

  give(startUs: number, endUs: number, demand: Float64Array): void {
    this.add(startUs, endUs, demand, 1);
  }

  /** Earliest time from which `demand` is free for `durationUs`; Infinity: never. */
  earliest(demand: Float64Array, durationUs: number): number {
    const { timesUs } = this;
    for (let step = 0; step < timesUs.length; step++) {
      const startUs = timesUs[step];
      let last = step;
      while (last < timesUs.length && this.covers(last, demand)) {
        last++;
        if (last === timesUs.length || timesUs[last] >= startUs + durationUs) return startUs;
      }
      if (last > step) step = last;
    }
    return Number.POSITIVE_INFINITY;
  }

  private covers(step: number, demand: Float64Array): boolean {
    const free = this.free[step];
    for (let r = 0; r < demand.length; r++) if (demand[r] > free[r]) return false;
    return true;
  }

  private add(startUs: number, endUs: number, demand: Float64Array, sign: 1 | -1): void {
    if (!(startUs < endUs)) return;
    const first = this.split(startUs);
    const last = endUs === Number.POSITIVE_INFINITY ? this.timesUs.length : this.split(endUs);
    for (let step = first; step < last; step++) {
      for (let r = 0; r < demand.length; r++) this.free[step][r] += sign * demand[r];
    }
  }

  /** The step that starts at `timeUs`, made if there is none. */
  private split(timeUs: number): number {
    const { timesUs, free } = this;
    let low = 0;
    let high = timesUs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (timesUs[middle] < timeUs) low = middle + 1;
      else high = middle;
    }
    if (timesUs[low] !== timeUs) {
      timesUs.splice(low, 0, timeUs);
      free.splice(low, 0, Float64Array.from(free[low - 1]));
    }
    return low;
  }
}
