/**
 * What is measured of a protocol simulation besides jobs and tasks. All times are true (virtual) times.
 *
 * - launch latency: a scheduler sends the ACCEPT that launches a task → it receives TASK_RUNNING;
 * - offer latency: a scheduler asks for offers (SUBSCRIBE not suppressed, REVIVE) → it receives the next OFFERS;
 * - failover: the leader is lost (its process ends, or a fault hits it) → a scheduler receives offers of another leader;
 *   from its first subscriber on, time in which nobody asks it for offers is not counted.
 */
import { US_PER_SECOND } from '../../cluster/time.ts';
import { distribution } from '../../metrics/distribution.ts';
import type { Distribution } from '../../metrics/summary.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import type { Host } from './network.ts';

export interface LatencyFigures {
  readonly launchSeconds: Distribution | null;
  readonly offerSeconds: Distribution | null;
  readonly failoverSeconds: Distribution | null;
}

/** A master's process, which leads or has led. */
export interface Leader {
  readonly host: Host;
  readonly isRunning: boolean;
}

interface Loss {
  readonly sinceUs: number;
  readonly leader: Leader;
  /** When the next leader had its first subscriber; Infinity: it has none yet. */
  servedUs: number;
}

interface Asking {
  /** When offers were asked for; NaN: they are not waited for. */
  sinceUs: number;
  readonly launchedUs: Map<string, number>;
}

export class Measures {
  private readonly launches: number[] = [];
  private readonly offers: number[] = [];
  private readonly failovers: number[] = [];
  private readonly askings = new Map<string, Asking>();
  private readonly nowUs: () => number;
  /** The last that was elected. */
  private leader: Leader | null = null;
  /** Since when, and whose leadership is lost; `null`: it is not. */
  private lost: Loss | null = null;

  constructor(nowUs: () => number) {
    this.nowUs = nowUs;
  }

  elected(leader: Leader | null): void {
    this.leader = leader;
  }

  /** Something befalls a process or its machine: if it leads, leadership counts as lost from now on. */
  faultAt(process: object | null): void {
    if (this.lost === null && this.leader !== null && process === this.leader)
      this.lost = { sinceUs: this.nowUs(), leader: this.leader, servedUs: Number.POSITIVE_INFINITY };
  }

  called(scheduler: string, call: SchedulerCall): void {
    const asking = this.askingOf(scheduler);
    if (call.type === 'ACCEPT') {
      for (const operation of call.accept?.operations ?? [])
        for (const { task_id } of operation.launch?.task_infos ??
          operation.launch_group?.task_group.tasks ??
          [])
          asking.launchedUs.set(task_id.value, this.nowUs());
    } else if (call.type === 'REVIVE' || call.type === 'SUBSCRIBE') {
      const isSuppressed = (call.subscribe?.suppressed_roles?.length ?? 0) > 0;
      asking.sinceUs = isSuppressed ? Number.NaN : this.nowUs();
    } else if (call.type === 'SUPPRESS') asking.sinceUs = Number.NaN;
  }

  /** @param sender the master that sent the event */
  heard(scheduler: string, event: SchedulerEvent, sender: Leader): void {
    if (event.type === 'SUBSCRIBED' && this.lost !== null && sender !== this.lost.leader)
      this.lost.servedUs = Math.min(this.lost.servedUs, this.nowUs());
    if (event.type === 'OFFERS') this.offered(this.askingOf(scheduler), sender);
    else if (event.type === 'UPDATE') this.updated(this.askingOf(scheduler), event);
  }

  figures(): LatencyFigures {
    return {
      launchSeconds: secondsOf(this.launches),
      offerSeconds: secondsOf(this.offers),
      failoverSeconds: secondsOf(this.failovers),
    };
  }

  private offered(asking: Asking, sender: Leader): void {
    const nowUs = this.nowUs();
    const { sinceUs } = asking;
    asking.sinceUs = Number.NaN;
    if (!Number.isNaN(sinceUs)) this.offers.push(nowUs - sinceUs);
    const { lost } = this;
    if (lost === null) return;
    if (sender === lost.leader) {
      // A leader that goes on after all was not lost; offers that it sent before the fault do not say so.
      if (sender.isRunning && nowUs >= sender.host.pausedUntilUs) this.lost = null;
      return;
    }
    const idleUs = sinceUs > lost.servedUs ? sinceUs - lost.servedUs : 0;
    this.failovers.push(nowUs - idleUs - lost.sinceUs);
    this.lost = null;
  }

  private updated(asking: Asking, { update }: SchedulerEvent): void {
    const { state, task_id } = update!.status;
    const launchedUs = asking.launchedUs.get(task_id.value);
    if (launchedUs === undefined || state === 'TASK_STAGING' || state === 'TASK_STARTING') return;
    asking.launchedUs.delete(task_id.value);
    if (state === 'TASK_RUNNING') this.launches.push(this.nowUs() - launchedUs);
  }

  private askingOf(scheduler: string): Asking {
    let asking = this.askings.get(scheduler);
    if (asking === undefined) {
      asking = { sinceUs: Number.NaN, launchedUs: new Map() };
      this.askings.set(scheduler, asking);
    }
    return asking;
  }
}

function secondsOf(us: readonly number[]): Distribution | null {
  return distribution(Float64Array.from(us, (each) => each / US_PER_SECOND));
}
