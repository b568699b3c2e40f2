/** Agents joining, leaving and changing: the cluster's own events, and failures drawn from the run's seed. */
import type { AgentEvent, Cluster } from '../cluster/cluster.ts';
import { type RandomStream, stream } from '../cluster/streams.ts';
import { EventQueue } from './event-queue.ts';
import type { FailureModel } from './options.ts';

/**
 * Each agent fails and is repaired after exponential times, from a stream of its own: failures do not depend on the
 * policy, nor one agent's on another's.
 */
export class AgentEvents {
  private readonly cluster: Cluster;
  private readonly failures: FailureModel | null;
  private next = 0;
  private readonly failureQueue = new EventQueue();
  private readonly streams: RandomStream[] = [];
  private readonly isFailed: Uint8Array;

  /** @param startUs when the agents begin to age */
  constructor(cluster: Cluster, failures: FailureModel | null, seed: string, startUs: number) {
    this.cluster = cluster;
    this.failures = failures;
    this.isFailed = new Uint8Array(cluster.agentIds.length);
    if (failures === null) return;
    cluster.agentIds.forEach((id, agent) => {
      this.streams.push(stream(seed, `failures/${id}`));
      this.failureQueue.push(startUs + this.draw(agent, failures.meanTimeToFailureUs), agent);
    });
  }

  get nextTimeUs(): number {
    return Math.min(this.nextStatedUs, this.failureQueue.nextTime);
  }

  /** Time of the next of the cluster's own events; Infinity: none is left. */
  get nextStatedUs(): number {
    return this.cluster.events[this.next]?.timeUs ?? Number.POSITIVE_INFINITY;
  }

  /** Whether some agent is away and will come back by the failure model. */
  get isAnyFailed(): boolean {
    return this.isFailed.includes(1);
  }

  /** The events of an instant: the cluster's own first. */
  *take(nowUs: number): Generator<Pick<AgentEvent, 'agent' | 'kind' | 'total'>> {
    while (this.nextStatedUs <= nowUs) yield this.cluster.events[this.next++];
    while (this.failureQueue.nextTime <= nowUs) {
      const agent = this.failureQueue.pop();
      const { meanTimeToFailureUs, meanTimeToRepairUs } = this.failures!;
      const wasFailed = this.isFailed[agent] === 1;
      this.isFailed[agent] = wasFailed ? 0 : 1;
      this.failureQueue.push(
        nowUs + this.draw(agent, wasFailed ? meanTimeToFailureUs : meanTimeToRepairUs),
        agent,
      );
      yield { agent, kind: wasFailed ? 'join' : 'leave', total: null };
    }
  }

  private draw(agent: number, meanUs: number): number {
    return Math.max(1, Math.round(-Math.log(1 - this.streams[agent]()) * meanUs));
  }
}
