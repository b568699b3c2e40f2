/**
 * Which frameworks do not want to be offered an agent for a while, because they declined it (Mesos `refuse_seconds`). A
 * filter ends by time, when its framework is revived, and when the agent has more of some resource than was declined.
 */
import type { ClusterState } from '../cluster/cluster-state.ts';

interface Filter {
  readonly untilUs: number;
  readonly revival: number;
  /** The agent's free resources when it was declined. */
  readonly free: Float64Array;
}

export class OfferFilters {
  private readonly cluster: ClusterState;
  private readonly refuseUs: number;
  /** By agent, then by role. */
  private readonly byAgent: (Map<number, Filter> | undefined)[];
  /** Ends of filters, ascending: every filter lasts equally long. */
  private readonly endsUs: number[] = [];
  /** Times each role was revived: filters of earlier revivals are void. */
  private readonly revivals: Int32Array;
  /** Changes of who is active; what is known of agents that all refuse holds for one of them. */
  private epoch = 0;
  /** By agent: all active roles refuse it up to this time, in this epoch, while it has no more free than this. */
  private readonly allRefuse: {
    readonly untilUs: Float64Array;
    readonly epoch: Int32Array;
    readonly free: Float64Array;
  };

  constructor(cluster: ClusterState, roleCount: number, refuseUs: number) {
    const { agentCount, resources } = cluster;
    this.cluster = cluster;
    this.refuseUs = refuseUs;
    this.byAgent = new Array(agentCount);
    this.revivals = new Int32Array(roleCount);
    this.allRefuse = {
      untilUs: new Float64Array(agentCount).fill(Number.NEGATIVE_INFINITY),
      epoch: new Int32Array(agentCount),
      free: new Float64Array(agentCount * resources.length),
    };
  }

  /** When the next filter ends; Infinity: there is none. */
  get nextEndUs(): number {
    return this.endsUs[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Whether filters have ended since the last call. */
  end(nowUs: number): boolean {
    let hasEnded = false;
    for (; this.endsUs.length > 0 && this.endsUs[0] <= nowUs; this.endsUs.shift()) hasEnded = true;
    return hasEnded;
  }

  /** The role has work again and wants to see every agent. */
  revive(role: number): void {
    this.revivals[role]++;
    this.epoch++;
  }

  /** The role has no more work. */
  suppress(): void {
    this.epoch++;
  }

  /** The role wants no offers of the agent with what it has free now. */
  refuse(role: number, agent: number, nowUs: number): void {
    if (this.refuseUs === 0) return;
    const width = this.cluster.resources.length;
    const untilUs = nowUs + this.refuseUs;
    const free = this.cluster.free.slice(agent * width, (agent + 1) * width);
    const filters = this.byAgent[agent] ?? new Map<number, Filter>();
    this.byAgent[agent] = filters;
    filters.set(role, { untilUs, revival: this.revivals[role], free });
    this.allRefuse.untilUs[agent] = Number.NEGATIVE_INFINITY;
    if (this.endsUs.at(-1) !== untilUs) this.endsUs.push(untilUs);
  }

  /** Whether no role ever refused the agent. */
  isUntouched(agent: number): boolean {
    return this.byAgent[agent] === undefined;
  }

  isRefused(role: number, agent: number, nowUs: number): boolean {
    const filter = this.byAgent[agent]?.get(role);
    return (
      filter !== undefined &&
      filter.untilUs > nowUs &&
      filter.revival === this.revivals[role] &&
      this.hasNoMoreThan(agent, filter.free, 0)
    );
  }

  /** Whether all active roles are known to refuse the agent still. */
  isKnownRefused(agent: number, nowUs: number): boolean {
    const { untilUs, epoch, free } = this.allRefuse;
    return (
      untilUs[agent] > nowUs &&
      epoch[agent] === this.epoch &&
      this.hasNoMoreThan(agent, free, agent * this.cluster.resources.length)
    );
  }

  /** All active roles were seen to refuse the agent now. */
  noteRefused(agent: number, active: readonly number[]): void {
    const { untilUs, epoch, free } = this.allRefuse;
    const width = this.cluster.resources.length;
    const filters = this.byAgent[agent];
    untilUs[agent] = active.reduce(
      (least, role) => Math.min(least, filters?.get(role)?.untilUs ?? Number.NEGATIVE_INFINITY),
      Number.POSITIVE_INFINITY,
    );
    epoch[agent] = this.epoch;
    for (let r = 0; r < width; r++) free[agent * width + r] = this.cluster.free[agent * width + r];
  }

  private hasNoMoreThan(agent: number, then: Float64Array, offset: number): boolean {
    const { free, resources } = this.cluster;
    const width = resources.length;
    for (let r = 0; r < width; r++) if (free[agent * width + r] > then[offset + r]) return false;
    return true;
  }
}
