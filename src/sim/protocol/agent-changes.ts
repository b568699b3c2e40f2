/**
 * Agents come, go and change in a simulated world when they do so in a replay: by the cluster's own events, and by
 * failures drawn from the run's seed.
 */
import type { AgentEvent, Cluster } from '../../cluster/cluster.ts';
import { gpuColumn } from '../../cluster/requests.ts';
import { AgentEvents } from '../agent-events.ts';
import type { FailureModel } from '../options.ts';
import type { Actor, Timeline } from './timeline.ts';

export interface AgentChange extends Pick<AgentEvent, 'agent' | 'kind' | 'total'> {
  /** Whether an agent that is there goes on with its tasks: nothing of what it had becomes less. */
  readonly isGrowth: boolean;
}

const DUE = 0;

export class AgentChanges implements Actor {
  private readonly timeline: Timeline;
  private readonly startUs: number;
  private readonly events: AgentEvents;
  private readonly apply: (change: AgentChange) => void;
  private readonly totals: Float64Array[];
  private readonly gpu: number;

  /**
   * @param startUs true time of the trace's time 0
   * @param agingUs time of the trace at which agents begin to age
   */
  constructor(
    timeline: Timeline,
    cluster: Cluster,
    failures: FailureModel | null,
    seed: string,
    startUs: number,
    agingUs: number,
    apply: (change: AgentChange) => void,
  ) {
    this.timeline = timeline;
    this.startUs = startUs;
    this.events = new AgentEvents(cluster, failures, seed, agingUs);
    this.apply = apply;
    const width = cluster.resources.length;
    this.gpu = gpuColumn(cluster.resources);
    this.totals = cluster.agentIds.map((_, a) => cluster.total.slice(a * width, (a + 1) * width));
    this.await();
  }

  /** Whether agents are yet to change, or to come back, with which work that waits may start. */
  get mayHelp(): boolean {
    return this.events.nextStatedUs < Number.POSITIVE_INFINITY || this.events.isAnyFailed;
  }

  occur(): void {
    for (const { agent, kind, total } of this.events.take(this.timeline.nowUs - this.startUs)) {
      const isGrowth = total === null || this.isGrowth(this.totals[agent], total);
      if (total !== null) this.totals[agent] = total;
      this.apply({ agent, kind, total, isGrowth });
    }
    this.await();
  }

  private await(): void {
    const { nextTimeUs } = this.events;
    if (nextTimeUs === Number.POSITIVE_INFINITY) return;
    this.timeline.at(this.startUs + nextTimeUs, this, DUE, null);
  }

  private isGrowth(before: Float64Array, now: Float64Array): boolean {
    return now.every((amount, r) => (r === this.gpu ? amount === before[r] : amount >= before[r]));
  }
}
