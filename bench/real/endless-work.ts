/** A framework that always has another task: each takes one cpu for a while. */
import { stream } from '../../src/cluster/streams.ts';
import type { Application, OfferUse } from '../../src/frameworks/application.ts';
import type { OpenOffer } from '../../src/frameworks/open-offer.ts';
import type { TaskStatus } from '../../src/protocol/v1/mesos.ts';

const DEMAND = [
  { name: 'cpus', milli: 1000 },
  { name: 'mem', milli: 256_000 },
];

export class EndlessWork implements Application {
  readonly wantsOffers = true;
  readonly refuseUs = 5_000_000;
  readonly nextTimerUs = Number.POSITIVE_INFINITY;
  readonly isDone = false;
  /** Since last looked at. */
  readonly counts = { offers: 0, launched: 0, finished: 0, failed: 0 };
  /** Seconds from launching a task to its run. */
  launchSeconds: number[] = [];
  private readonly launchedUs = new Map<string, number>();
  private readonly random;
  private readonly meanSeconds: number;
  private count = 0;

  constructor(name: string, meanSeconds: number) {
    this.random = stream(name, 'durations');
    this.meanSeconds = meanSeconds;
  }

  start(): void {}

  place(offers: readonly OpenOffer[], nowUs: number): readonly OfferUse[] {
    this.counts.offers += offers.length;
    return offers.map((offer) => {
      const tasks = [];
      while (offer.hasRoomFor(DEMAND)) {
        const task_id = { value: `task-${this.count++}` };
        const seconds = this.meanSeconds * (0.5 + this.random());
        this.launchedUs.set(task_id.value, nowUs);
        tasks.push({
          name: 'sleep',
          task_id,
          agent_id: offer.offer.agent_id,
          resources: offer.take(DEMAND),
          command: { value: `sleep ${seconds.toFixed(3)}` },
        });
      }
      this.counts.launched += tasks.length;
      return { offer, tasks, isHeld: false };
    });
  }

  taskChanged(taskId: string, _agentId: string, { state }: TaskStatus, nowUs: number): void {
    const launchedUs = this.launchedUs.get(taskId);
    if (state === 'TASK_RUNNING' && launchedUs !== undefined) {
      this.launchSeconds.push((nowUs - launchedUs) / 1e6);
      this.launchedUs.delete(taskId);
    } else if (state === 'TASK_FINISHED') this.counts.finished++;
    else if (state !== 'TASK_STARTING' && state !== 'TASK_STAGING' && state !== 'TASK_RUNNING') {
      this.counts.failed++;
      this.launchedUs.delete(taskId);
    }
  }

  kills(): readonly string[] {
    return [];
  }

  changes(): readonly [] {
    return [];
  }

  tick(): void {}
}
