/** The free resources of every agent, device by device for GPUs, and where a request fits. */
import type { Cluster } from './cluster.ts';
import { InputError } from './errors.ts';
import { FreeIndex } from './free-index.ts';
import { gpuColumn, type Requests } from './requests.ts';
import { MILLI } from './resources.ts';

/** More would not fit the bit mask that remembers a task's devices. */
const MAX_DEVICES = 24;
const NO_DEVICE = 31;
/** A power of two. Requests that were not looked for while more agents were released are looked for from the start. */
const RELEASES_KEPT = 256;

/**
 * Columns are the resources of cluster and workload together. Every change goes through `take` and `give`, so that
 * the index over free resources never disagrees with the columns.
 */
export class ClusterState {
  readonly agentCount: number;
  readonly resources: readonly string[];
  readonly requests: Requests;
  /** Thousandths, `[agent * resources.length + r]`. */
  readonly total: Float64Array;
  readonly free: Float64Array;
  /** Over present agents, by resource. */
  readonly totalPresent: Float64Array;
  readonly freePresent: Float64Array;
  readonly isPresent: Uint8Array;

  private readonly gpu: number;
  /** Most devices of any agent; device d of agent a is `deviceFree[a * deviceWidth + d]` thousandths. */
  private readonly deviceWidth: number;
  private readonly deviceFree: Float64Array;
  private readonly index: FreeIndex;
  private readonly leaf: Float64Array;
  /** Agents on which something came free, the last `RELEASES_KEPT` of them, and how many there were in all. */
  private readonly released = new Int32Array(RELEASES_KEPT);
  private releaseCount = 0;
  /** By request: no agent before `firstPlace` fits but for those released since `releasesSeen`. */
  private readonly firstPlace: Int32Array;
  private readonly releasesSeen: Float64Array;
  /** Running tasks of a spread group on an agent, by group × agents + agent. */
  private readonly spread = new Map<number, number>();

  /** @throws InputError CLUSTER_INVALID for an agent with a part of a GPU or more than 24 GPUs. */
  constructor(cluster: Cluster, resources: readonly string[], requests: Requests) {
    const width = resources.length;
    this.agentCount = cluster.agentIds.length;
    this.resources = resources;
    this.requests = requests;
    this.total = new Float64Array(this.agentCount * width);
    this.free = new Float64Array(this.agentCount * width);
    this.totalPresent = new Float64Array(width);
    this.freePresent = new Float64Array(width);
    this.isPresent = new Uint8Array(this.agentCount);
    this.gpu = gpuColumn(resources);
    let deviceWidth = 0;
    const clusterWidth = cluster.resources.length;
    for (let agent = 0; agent < this.agentCount; agent++) {
      cluster.resources.forEach((name, c) => {
        this.total[agent * width + resources.indexOf(name)] = cluster.total[agent * clusterWidth + c];
      });
      if (this.gpu < 0) continue;
      const devices = this.total[agent * width + this.gpu] / MILLI;
      if (!Number.isInteger(devices) || devices > MAX_DEVICES) {
        throw new InputError(
          'CLUSTER_INVALID',
          `agent ${cluster.agentIds[agent]} has ${devices} gpus; expected a whole number up to ${MAX_DEVICES}`,
        );
      }
      deviceWidth = Math.max(deviceWidth, devices);
    }
    this.deviceWidth = deviceWidth;
    this.deviceFree = new Float64Array(this.agentCount * deviceWidth);
    this.leaf = new Float64Array(requests.needWidth);
    this.firstPlace = new Int32Array(requests.count);
    this.releasesSeen = new Float64Array(requests.count).fill(-RELEASES_KEPT);
    this.index = new FreeIndex(this.agentCount, requests.needWidth);
    for (let agent = 0; agent < this.agentCount; agent++) if (!cluster.absent.has(agent)) this.join(agent);
  }

  /** Makes this a copy of `other`, which must be of the same cluster. */
  copyFrom(other: ClusterState): void {
    this.total.set(other.total);
    this.free.set(other.free);
    this.totalPresent.set(other.totalPresent);
    this.freePresent.set(other.freePresent);
    this.isPresent.set(other.isPresent);
    this.deviceFree.set(other.deviceFree);
    this.index.copyFrom(other.index);
    this.releaseCount += RELEASES_KEPT + 1;
    this.spread.clear();
    for (const [key, count] of other.spread) this.spread.set(key, count);
  }

  /**
   * The first agent where request `q` fits, −1 if there is none: what `nextFit` from 0 finds. Agents passed over
   * before are not looked at again until something comes free on them.
   */
  firstFit(q: number): number {
    const { firstPlace, releasesSeen, released, releaseCount } = this;
    let from = firstPlace[q];
    let agent = -1;
    if (releaseCount - releasesSeen[q] > RELEASES_KEPT) from = 0;
    else {
      for (let r = releasesSeen[q]; r < releaseCount; r++) {
        const candidate = released[r % RELEASES_KEPT];
        if (candidate < from && (agent < 0 || candidate < agent) && this.fits(candidate, q, 0, 0))
          agent = candidate;
      }
    }
    if (agent < 0) agent = this.nextFit(from, q, 0, 0);
    firstPlace[q] = agent < 0 ? this.agentCount : agent;
    releasesSeen[q] = releaseCount;
    return agent;
  }

  /** First agent ≥ `from` where request `q` fits, −1 if there is none. */
  nextFit(from: number, q: number, group: number, maxPerAgent: number): number {
    const { need, needWidth } = this.requests;
    for (let agent = from; ; agent++) {
      agent = this.index.next(agent, need, q * needWidth);
      if (agent < 0) return -1;
      if (this.passes(agent, q, group, maxPerAgent)) return agent;
    }
  }

  /**
   * Whether request `q` fits on the agent now.
   * @param group spread group of the task's job, counted only where `maxPerAgent` > 0
   */
  fits(agent: number, q: number, group: number, maxPerAgent: number): boolean {
    return (
      this.index.has(agent, this.requests.need, q * this.requests.needWidth) &&
      this.passes(agent, q, group, maxPerAgent)
    );
  }

  /** Whether the agent, were it empty and present, could hold request `q`. */
  couldHold(agent: number, q: number): boolean {
    const width = this.resources.length;
    const mask = this.requests.allowed[q];
    if (mask && mask[agent] === 0) return false;
    for (let r = 0; r < width; r++) {
      if (this.requests.demand[q * width + r] > this.total[agent * width + r]) return false;
    }
    return true;
  }

  /** Whether present agents together have the free amounts `demand` (thousandths by resource). */
  hasFreeInAll(demand: Float64Array): boolean {
    for (let r = 0; r < demand.length; r++) if (demand[r] > this.freePresent[r]) return false;
    return true;
  }

  /**
   * Takes request `q` from the agent; it must fit. Returns the devices taken, to be handed to `give`.
   * @param chosen the devices to take, as an earlier call returned them; `null`: the cluster chooses
   */
  take(agent: number, q: number, group: number, maxPerAgent: number, chosen: number | null = null): number {
    const width = this.resources.length;
    for (let r = 0; r < width; r++) {
      const amount = this.requests.demand[q * width + r];
      this.free[agent * width + r] -= amount;
      this.freePresent[r] -= amount;
    }
    const devices = chosen ?? (this.gpu < 0 ? 0 : this.chooseDevices(agent, q));
    if (this.gpu >= 0) this.changeDevices(agent, q, devices, -1);
    if (maxPerAgent > 0) this.countSpread(group, agent, 1);
    this.reindex(agent);
    return devices;
  }

  /** Gives back what `take` took. */
  give(agent: number, q: number, devices: number, group: number, maxPerAgent: number): void {
    const width = this.resources.length;
    for (let r = 0; r < width; r++) {
      const amount = this.requests.demand[q * width + r];
      this.free[agent * width + r] += amount;
      if (this.isPresent[agent] === 1) this.freePresent[r] += amount;
    }
    if (this.gpu >= 0) this.changeDevices(agent, q, devices, 1);
    if (maxPerAgent > 0) this.countSpread(group, agent, -1);
    if (this.isPresent[agent] === 1) this.noteRelease(agent);
  }

  /** The agent comes, empty, with its `total`. */
  join(agent: number): void {
    const width = this.resources.length;
    this.isPresent[agent] = 1;
    for (let r = 0; r < width; r++) {
      const amount = this.total[agent * width + r];
      this.free[agent * width + r] = amount;
      this.totalPresent[r] += amount;
      this.freePresent[r] += amount;
    }
    if (this.deviceWidth > 0) {
      const devices = this.total[agent * width + this.gpu] / MILLI;
      for (let d = 0; d < this.deviceWidth; d++)
        this.deviceFree[agent * this.deviceWidth + d] = d < devices ? MILLI : 0;
    }
    this.noteRelease(agent);
  }

  /** The agent goes away; its tasks must have been given back before. */
  leave(agent: number): void {
    const width = this.resources.length;
    this.isPresent[agent] = 0;
    for (let r = 0; r < width; r++) {
      this.totalPresent[r] -= this.total[agent * width + r];
      this.freePresent[r] -= this.free[agent * width + r];
    }
    this.index.remove(agent);
  }

  /** Whether what tasks hold on the agent fits in `total` (thousandths by resource). */
  usesAtMost(agent: number, total: Float64Array): boolean {
    const base = agent * this.resources.length;
    return total.every((amount, r) => this.total[base + r] - this.free[base + r] <= amount);
  }

  /** Changes the agent's resources; what tasks hold must fit, and the number of GPUs may change only while it is away. */
  resize(agent: number, total: Float64Array): void {
    const base = agent * this.resources.length;
    const isPresent = this.isPresent[agent] === 1;
    total.forEach((amount, r) => {
      const change = amount - this.total[base + r];
      this.total[base + r] = amount;
      if (!isPresent) return;
      this.free[base + r] += change;
      this.totalPresent[r] += change;
      this.freePresent[r] += change;
    });
    if (isPresent) this.noteRelease(agent);
  }

  /** Free thousandths of each of the agent's devices. */
  deviceFreeOf(agent: number): Float64Array {
    return this.deviceFree.subarray(agent * this.deviceWidth, (agent + 1) * this.deviceWidth);
  }

  /** What the index cannot see: constraints, spread, and a device share beside whole devices. */
  private passes(agent: number, q: number, group: number, maxPerAgent: number): boolean {
    const mask = this.requests.allowed[q];
    if (mask !== null && mask[agent] === 0) return false;
    if (maxPerAgent > 0 && (this.spread.get(group * this.agentCount + agent) ?? 0) >= maxPerAgent)
      return false;
    if (this.gpu < 0 || this.requests.deviceShare[q] === 0 || this.requests.wholeDevices[q] === 0)
      return true;
    return this.hasDevices(agent, this.requests.wholeDevices[q], this.requests.deviceShare[q]);
  }

  /** Whether the agent has so many wholly free devices and, beside them, one with `share` thousandths free. */
  hasDevices(agent: number, whole: number, share: number): boolean {
    let full = 0;
    let hasPartial = false;
    for (let d = agent * this.deviceWidth; d < (agent + 1) * this.deviceWidth; d++) {
      if (this.deviceFree[d] === MILLI) full++;
      else if (this.deviceFree[d] >= share) hasPartial = true;
    }
    return full > whole || (full === whole && (hasPartial || share === 0));
  }

  /** Whole devices by lowest number; a share goes to the fullest device that has room, so that whole ones stay whole. */
  private chooseDevices(agent: number, q: number): number {
    let whole = this.requests.wholeDevices[q];
    const share = this.requests.deviceShare[q];
    const base = agent * this.deviceWidth;
    let devices = 0;
    let shared = NO_DEVICE;
    for (let d = 0; share > 0 && d < this.deviceWidth; d++) {
      const free = this.deviceFree[base + d];
      if (free >= share && (shared === NO_DEVICE || free < this.deviceFree[base + shared])) shared = d;
    }
    for (let d = 0; whole > 0 && d < this.deviceWidth; d++) {
      if (d === shared || this.deviceFree[base + d] !== MILLI) continue;
      devices |= 1 << d;
      whole--;
    }
    if (whole > 0 || (share > 0 && shared === NO_DEVICE))
      throw new Error(`request ${q} does not fit agent ${agent}`);
    return devices | (shared << MAX_DEVICES);
  }

  private changeDevices(agent: number, q: number, devices: number, sign: 1 | -1): void {
    const base = agent * this.deviceWidth;
    for (let d = 0; d < this.deviceWidth; d++)
      if ((devices & (1 << d)) !== 0) this.deviceFree[base + d] += sign * MILLI;
    const shared = devices >>> MAX_DEVICES;
    if (shared !== NO_DEVICE) this.deviceFree[base + shared] += sign * this.requests.deviceShare[q];
  }

  private countSpread(group: number, agent: number, change: number): void {
    const key = group * this.agentCount + agent;
    const count = (this.spread.get(key) ?? 0) + change;
    if (count === 0) this.spread.delete(key);
    else this.spread.set(key, count);
  }

  private noteRelease(agent: number): void {
    this.released[this.releaseCount % RELEASES_KEPT] = agent;
    this.releaseCount++;
    this.reindex(agent);
  }

  private reindex(agent: number): void {
    const width = this.resources.length;
    if (this.gpu < 0) {
      this.index.set(agent, this.free, agent * width);
      return;
    }
    let full = 0;
    let largest = 0;
    for (let d = agent * this.deviceWidth; d < (agent + 1) * this.deviceWidth; d++) {
      const free = this.deviceFree[d];
      if (free === MILLI) full++;
      if (free > largest) largest = free;
    }
    for (let r = 0; r < width; r++) this.leaf[r] = this.free[agent * width + r];
    this.leaf[width] = full;
    this.leaf[width + 1] = largest;
    this.index.set(agent, this.leaf, 0);
  }
}
