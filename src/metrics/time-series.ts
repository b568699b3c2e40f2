/**
 * Means over equal intervals of a run whose length is not known beforehand: when there are too many intervals, pairs
 * are merged and the interval doubles.
 */
const MAX_INTERVALS = 720;

export interface RoleSample {
  readonly share: Float64Array;
  readonly entitlement: Float64Array;
  readonly waiting: Float64Array;
  readonly running: Float64Array;
}

export interface ClusterSample {
  readonly utilisation: Float64Array;
  readonly fragmentation: Float64Array;
}

export class TimeSeries {
  /** Start of every closed interval, µs. */
  readonly startsUs: number[] = [];
  /** By closed interval. Shares and utilisation are means, the rest is as it was at the interval's end. */
  readonly roles: RoleSample[] = [];
  readonly cluster: ClusterSample[] = [];
  private startUs: number;
  private lengthUs: number;

  constructor(startUs: number, lengthUs: number) {
    this.startUs = startUs;
    this.lengthUs = lengthUs;
  }

  /** The open interval. */
  get intervalStartUs(): number {
    return this.startUs;
  }

  get intervalEndUs(): number {
    return this.startUs + this.lengthUs;
  }

  close(endUs: number, roles: RoleSample, cluster: ClusterSample): void {
    const isWhole = endUs === this.intervalEndUs;
    this.startsUs.push(this.startUs);
    this.roles.push(roles);
    this.cluster.push(cluster);
    this.startUs = endUs;
    // The last interval of a run is shorter, and would not weigh as much in a mean of two.
    if (isWhole && this.startsUs.length === MAX_INTERVALS) this.halve();
  }

  private halve(): void {
    for (let i = 0; i < MAX_INTERVALS / 2; i++) {
      const [a, b] = [2 * i, 2 * i + 1];
      this.startsUs[i] = this.startsUs[a];
      this.roles[i] = { ...this.roles[b], share: meanOf(this.roles[a].share, this.roles[b].share) };
      this.cluster[i] = {
        ...this.cluster[b],
        utilisation: meanOf(this.cluster[a].utilisation, this.cluster[b].utilisation),
      };
    }
    this.startsUs.length = MAX_INTERVALS / 2;
    this.roles.length = MAX_INTERVALS / 2;
    this.cluster.length = MAX_INTERVALS / 2;
    this.lengthUs *= 2;
  }
}

function meanOf(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => (value + b[i]) / 2);
}
