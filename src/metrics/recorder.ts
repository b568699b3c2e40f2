/**
 * Measures a run while it happens. The state of a replay is constant between instants, so every integral here is
 * exact; only what compares all pairs (envy) or all agents (fragmentation) is sampled, at the ends of intervals.
 */
import { TimeSeries } from './time-series.ts';

/** What the recorder looks at; all arrays are live. Amounts are thousandths by resource. */
export interface RecorderSources {
  readonly resources: readonly string[];
  readonly roles: readonly string[];
  readonly weights: Float64Array;
  readonly waitingOfRole: Int32Array;
  readonly runningOfRole: Int32Array;
  readonly totalPresent: Float64Array;
  readonly freePresent: Float64Array;
  waitingCount(): number;
  usageOf(role: number): Float64Array;
  dominantShareOf(role: number): number;
  /** By role: the request of its next task; −1 where none waits. */
  headRequests(): Int32Array;
  /** By request and resource. */
  readonly demand: Float64Array;
  /** By resource: free thousandths of no use to typical tasks. */
  fragments(): Float64Array;
}

export class Recorder {
  readonly series: TimeSeries;
  /** By role. Shares × µs, µs. */
  readonly shareUs: Float64Array;
  readonly entitlementUs: Float64Array;
  readonly activeUs: Float64Array;
  readonly backloggedUs: Float64Array;
  readonly belowEntitlementUs: Float64Array;
  /** By resource, thousandths × µs. */
  readonly usedUs: Float64Array;
  readonly capacityUs: Float64Array;
  readonly fragmentedUs: Float64Array;
  waitingUs = 0;
  waitingMax = 0;
  jainUs = 0;
  jainSpanUs = 0;
  envyUs = 0;
  envySpanUs = 0;

  private readonly sources: RecorderSources;
  private readonly startUs: number;
  private lastUs: number;
  private readonly roleLastUs: Float64Array;
  /** ∫ dt ÷ weight of the active roles, so far and when each role was last settled. */
  private inverseWeightUs = 0;
  private readonly roleInverseWeightUs: Float64Array;

  private readonly share: Float64Array;
  private readonly isActive: Uint8Array;
  private readonly isBacklogged: Uint8Array;
  private activeCount = 0;
  private activeWeight = 0;
  /** Backlogged roles in any order, and where each stands in the list. */
  private readonly backlogged: number[] = [];
  private readonly placeInBacklogged: Int32Array;
  /** Sum and sum of squares of weighted shares of backlogged roles. */
  private sum = 0;
  private sumOfSquares = 0;
  /** Most that the sum of squares has been since it was computed anew. */
  private sumOfSquaresMax = 0;
  private readonly used: Float64Array;
  private readonly capacity: Float64Array;
  private waiting = 0;

  private readonly atIntervalStart: {
    readonly shareAtStart: Float64Array;
    readonly usedAtStart: Float64Array;
    readonly capacityAtStart: Float64Array;
  };

  private readonly touched: number[] = [];
  private readonly isTouched: Uint8Array;

  constructor(sources: RecorderSources, startUs: number, intervalUs: number) {
    const roleCount = sources.roles.length;
    const width = sources.resources.length;
    const perRole = () => new Float64Array(roleCount);
    const perResource = () => new Float64Array(width);
    this.sources = sources;
    this.series = new TimeSeries(startUs, intervalUs);
    this.startUs = startUs;
    this.lastUs = startUs;
    this.shareUs = perRole();
    this.entitlementUs = perRole();
    this.activeUs = perRole();
    this.backloggedUs = perRole();
    this.belowEntitlementUs = perRole();
    this.roleLastUs = perRole().fill(startUs);
    this.roleInverseWeightUs = perRole();
    this.share = perRole();
    this.isActive = new Uint8Array(roleCount);
    this.isBacklogged = new Uint8Array(roleCount);
    this.placeInBacklogged = new Int32Array(roleCount);
    this.isTouched = new Uint8Array(roleCount);
    this.usedUs = perResource();
    this.capacityUs = perResource();
    this.fragmentedUs = perResource();
    this.used = perResource();
    this.capacity = Float64Array.from(sources.totalPresent);
    this.atIntervalStart = {
      shareAtStart: perRole(),
      usedAtStart: perResource(),
      capacityAtStart: perResource(),
    };
  }

  /** The role's usage or queue may change in this instant. */
  touch(role: number): void {
    if (this.isTouched[role] === 1) return;
    this.isTouched[role] = 1;
    this.touched.push(role);
  }

  touchAll(): void {
    for (let role = 0; role < this.share.length; role++) this.touch(role);
  }

  /** From the first submit to now, µs. */
  get spanUs(): number {
    return this.lastUs - this.startUs;
  }

  weightOf(role: number): number {
    return this.sources.weights[role];
  }

  /** Weight of the active roles if `role` were one of them. */
  activeWeightWith(role: number): number {
    return this.activeWeight + (this.isActive[role] === 1 ? 0 : this.sources.weights[role]);
  }

  /** Closes the intervals that end at or before `nowUs`; call before anything changes at `nowUs`. */
  advanceTo(nowUs: number): void {
    while (this.series.intervalEndUs <= nowUs) this.closeInterval(this.series.intervalEndUs);
  }

  /** Takes in which roles are active at `nowUs`, for jobs that are submitted in this instant. */
  noteActivity(nowUs: number): void {
    this.settleRun(nowUs);
    this.updateActivity(nowUs);
  }

  /** Takes in what changed at `nowUs`; call when the instant is over. */
  endInstant(nowUs: number): void {
    this.noteActivity(nowUs);
    for (const role of this.touched) {
      this.settleRole(role, nowUs);
      this.updateRole(role);
      this.isTouched[role] = 0;
    }
    this.touched.length = 0;
    const { totalPresent, freePresent } = this.sources;
    for (let r = 0; r < this.used.length; r++) {
      this.capacity[r] = totalPresent[r];
      this.used[r] = totalPresent[r] - freePresent[r];
    }
    this.waiting = this.sources.waitingCount();
    if (this.waiting > this.waitingMax) this.waitingMax = this.waiting;
  }

  /** Closes the books at `nowUs`. */
  finish(nowUs: number): void {
    this.advanceTo(nowUs);
    if (nowUs > this.series.intervalStartUs) this.closeInterval(nowUs);
  }

  /** Roles that become active or idle change everybody's entitlement: settle those whose area depends on it. */
  private updateActivity(nowUs: number): void {
    const { weights, waitingOfRole, runningOfRole } = this.sources;
    let weight = this.activeWeight;
    for (const role of this.touched) {
      const isActive = waitingOfRole[role] + runningOfRole[role] > 0 ? 1 : 0;
      if (isActive === this.isActive[role]) continue;
      this.settleRole(role, nowUs);
      this.isActive[role] = isActive;
      this.activeCount += isActive === 1 ? 1 : -1;
      weight += isActive === 1 ? weights[role] : -weights[role];
    }
    if (weight === this.activeWeight) return;
    for (const role of this.backlogged) this.settleRole(role, nowUs);
    this.activeWeight = this.activeCount === 0 ? 0 : weight;
  }

  private updateRole(role: number): void {
    const { weights, waitingOfRole } = this.sources;
    if (this.isBacklogged[role] === 1) this.addToSums(this.share[role] / weights[role], -1);
    this.share[role] = this.sources.dominantShareOf(role);
    this.setBacklogged(role, waitingOfRole[role] > 0);
    if (this.isBacklogged[role] === 1) this.addToSums(this.share[role] / weights[role], 1);
  }

  private setBacklogged(role: number, isBacklogged: boolean): void {
    if (isBacklogged === (this.isBacklogged[role] === 1)) return;
    this.isBacklogged[role] = isBacklogged ? 1 : 0;
    if (isBacklogged) {
      this.placeInBacklogged[role] = this.backlogged.length;
      this.backlogged.push(role);
      return;
    }
    const last = this.backlogged.pop()!;
    if (last === role) return;
    this.backlogged[this.placeInBacklogged[role]] = last;
    this.placeInBacklogged[last] = this.placeInBacklogged[role];
  }

  private addToSums(weightedShare: number, sign: 1 | -1): void {
    this.sum += sign * weightedShare;
    this.sumOfSquares += sign * weightedShare * weightedShare;
    if (this.sumOfSquares > this.sumOfSquaresMax) this.sumOfSquaresMax = this.sumOfSquares;
  }

  /** Adds up the time since the last instant for the run as a whole. */
  private settleRun(nowUs: number): void {
    const spanUs = nowUs - this.lastUs;
    if (spanUs <= 0) return;
    this.lastUs = nowUs;
    if (this.activeWeight > 0) this.inverseWeightUs += spanUs / this.activeWeight;
    for (let r = 0; r < this.used.length; r++) {
      this.usedUs[r] += this.used[r] * spanUs;
      this.capacityUs[r] += this.capacity[r] * spanUs;
    }
    this.waitingUs += this.waiting * spanUs;
    const count = this.backlogged.length;
    if (count < 2) return;
    if (this.sumOfSquares < this.sumOfSquaresMax * LITTLE_LEFT) this.sumShares();
    this.jainSpanUs += spanUs;
    this.jainUs += jain(this.sum, this.sumOfSquares, count) * spanUs;
  }

  /** Adds up the time since the role was last settled; nothing it depends on may have changed in between. */
  private settleRole(role: number, nowUs: number): void {
    const spanUs = nowUs - this.roleLastUs[role];
    this.roleLastUs[role] = nowUs;
    const inverseWeightUs = this.inverseWeightUs - this.roleInverseWeightUs[role];
    this.roleInverseWeightUs[role] = this.inverseWeightUs;
    if (spanUs <= 0 || this.isActive[role] === 0) return;
    const share = this.share[role];
    const weight = this.sources.weights[role];
    this.shareUs[role] += share * spanUs;
    this.activeUs[role] += spanUs;
    this.entitlementUs[role] += weight * inverseWeightUs;
    if (this.isBacklogged[role] === 0) return;
    this.backloggedUs[role] += spanUs;
    const entitlement = weight / this.activeWeight;
    if (entitlement > share) this.belowEntitlementUs[role] += (entitlement - share) * spanUs;
  }

  private closeInterval(endUs: number): void {
    const { sources } = this;
    const spanUs = endUs - this.series.intervalStartUs;
    this.settleRun(endUs);
    for (let role = 0; role < this.share.length; role++) this.settleRole(role, endUs);
    this.sumShares();
    this.sumActiveWeight();
    const fragments = sources.fragments();
    for (let r = 0; r < fragments.length; r++) this.fragmentedUs[r] += fragments[r] * spanUs;
    const envy = this.envyNow();
    if (envy !== null) {
      this.envyUs += envy * spanUs;
      this.envySpanUs += spanUs;
    }
    const { shareAtStart, usedAtStart, capacityAtStart } = this.atIntervalStart;
    this.series.close(
      endUs,
      {
        share: this.shareUs.map((sum, role) => (sum - shareAtStart[role]) / spanUs),
        entitlement: this.entitlements(),
        waiting: Float64Array.from(sources.waitingOfRole),
        running: Float64Array.from(sources.runningOfRole),
      },
      {
        utilisation: this.usedUs.map((sum, r) =>
          ratio(sum - usedAtStart[r], this.capacityUs[r] - capacityAtStart[r]),
        ),
        fragmentation: fragments.map((amount, r) => ratio(amount, this.capacity[r])),
      },
    );
    shareAtStart.set(this.shareUs);
    usedAtStart.set(this.usedUs);
    capacityAtStart.set(this.capacityUs);
  }

  private entitlements(): Float64Array {
    const { weights } = this.sources;
    return Float64Array.from(weights, (weight, role) =>
      this.isActive[role] === 1 ? weight / this.activeWeight : 0,
    );
  }

  /** Sums kept by adding and subtracting drift in their last bits; computing them anew bounds that. */
  private sumShares(): void {
    this.sum = 0;
    this.sumOfSquares = 0;
    this.sumOfSquaresMax = 0;
    for (const role of this.backlogged) this.addToSums(this.share[role] / this.sources.weights[role], 1);
  }

  private sumActiveWeight(): void {
    let weight = 0;
    for (let role = 0; role < this.isActive.length; role++)
      if (this.isActive[role] === 1) weight += this.sources.weights[role];
    this.activeWeight = weight;
  }

  /** Share of ordered pairs of backlogged roles of which the first would run over a task more with the second's resources. */
  private envyNow(): number | null {
    const { backlogged, sources } = this;
    if (backlogged.length < 2) return null;
    let envious = 0;
    const heads = sources.headRequests();
    const width = this.used.length;
    for (const alike of this.rolesByHeadAndWeight(heads)) {
      const weight = sources.weights[alike[0]];
      const base = heads[alike[0]] * width;
      const demand = sources.demand.subarray(base, base + width);
      const tasksOf = (role: number) =>
        tasksWithin(sources.usageOf(role), weight / sources.weights[role], demand);
      const tasks = Float64Array.from(backlogged, tasksOf).sort();
      for (const role of alike) envious += tasks.length - firstAbove(tasks, (tasksOf(role) + 1) * ROUNDED_UP);
    }
    return envious / (backlogged.length * (backlogged.length - 1));
  }

  /** Backlogged roles that have the same demand next, and the same weight: they see the others in the same light. */
  private rolesByHeadAndWeight(heads: Int32Array): Iterable<number[]> {
    const { sources } = this;
    const groups = new Map<string, number[]>();
    for (const role of this.backlogged) {
      const key = `${heads[role]} ${sources.weights[role]}`;
      const group = groups.get(key);
      if (group) group.push(role);
      else groups.set(key, [role]);
    }
    return groups.values();
  }
}

/** Jain's index of `count` shares; 1 where all are zero. */
function jain(sum: number, sumOfSquares: number, count: number): number {
  return sumOfSquares > 0 ? Math.min(1, (sum * sum) / (count * sumOfSquares)) : 1;
}

/** What is left of a sum below this part of it may be the rounding of what was subtracted rather than shares. */
const LITTLE_LEFT = 2 ** -10;

/** Parts of tasks and of weights, such as 2/3, are rounded: so little more than a whole task is none. */
const ROUNDED_UP = 1 + 1e-9;

/** How many tasks of a demand fit in `usage` × scale, in fractions; 0 for a demand of nothing. */
function tasksWithin(usage: Float64Array, scale: number, demand: Float64Array): number {
  let tasks = Number.POSITIVE_INFINITY;
  for (let r = 0; r < usage.length; r++)
    if (demand[r] > 0) tasks = Math.min(tasks, (usage[r] * scale) / demand[r]);
  return tasks === Number.POSITIVE_INFINITY ? 0 : tasks;
}

/** Index of the first of ascending values that is above `limit`. */
function firstAbove(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
