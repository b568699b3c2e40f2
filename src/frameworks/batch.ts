/**
 * A queue of tasks, first come first served: each is run until it finishes or has failed too often. Tasks may prefer
 * agents and wait a while for them (delay scheduling: Zaharia et al., EuroSys 2010, section 3).
 */
import type { Constraint } from '../cluster/constraints.ts';
import type { CommandInfo, TaskStatus } from '../protocol/v1/mesos.ts';
import type { Application, OfferUse, SavedChange } from './application.ts';
import { Attempts, itemOf, verdictOf } from './attempts.ts';
import type { Needs, OpenOffer } from './open-offer.ts';
import { WorkQueue } from './work-queue.ts';

export interface BatchTask extends Needs {
  readonly name: string;
  readonly command: CommandInfo;
  /** Agents that suit the task best: those that meet all of these. Empty: any. */
  readonly prefers: readonly Constraint[];
}

export interface BatchOptions {
  /** How often a task may fail before it is given up. */
  readonly maxFailures: number;
  /** How long a task waits for an agent that it prefers. */
  readonly localityWaitUs: number;
  readonly refuseUs: number;
  readonly replaceUnreachableAfterUs: number;
}

export const BATCH_DEFAULTS: BatchOptions = {
  maxFailures: 3,
  localityWaitUs: 5_000_000,
  refuseUs: 5_000_000,
  replaceUnreachableAfterUs: 60_000_000,
};

const FAILURES_PREFIX = 'failures/';

export class Batch implements Application {
  readonly refuseUs: number;
  private readonly tasks: readonly BatchTask[];
  private readonly options: BatchOptions;
  private readonly attempts: Attempts;
  private readonly queue = new WorkQueue();
  private readonly kindOf: readonly number[];
  private readonly needs: readonly BatchTask[];
  private readonly readyUs = new Map<number, number>();
  private readonly failures = new Map<number, number>();
  private failureChanges: SavedChange[] = [];
  private killed: string[] = [];

  constructor(tasks: readonly BatchTask[], options: BatchOptions = BATCH_DEFAULTS) {
    this.tasks = tasks;
    this.options = options;
    this.refuseUs = options.refuseUs;
    this.attempts = new Attempts(options.replaceUnreachableAfterUs);
    const kinds = new Map<string, number>();
    const needs: BatchTask[] = [];
    this.kindOf = tasks.map((task) => {
      const key = JSON.stringify([task.demand, task.constraints, task.prefers]);
      let kind = kinds.get(key);
      if (kind === undefined) {
        kind = needs.push(task) - 1;
        kinds.set(key, kind);
      }
      return kind;
    });
    this.needs = needs;
  }

  start(entries: Readonly<Record<string, unknown>>, nowUs: number): void {
    this.attempts.start(entries);
    for (const [key, value] of Object.entries(entries))
      if (key.startsWith(FAILURES_PREFIX))
        this.failures.set(Number(key.slice(FAILURES_PREFIX.length)), Number(value));
    for (const item of this.tasks.keys())
      if (!this.attempts.isOpen(item) && !this.attempts.hasEnded(item)) this.enqueue(item, nowUs);
  }

  get wantsOffers(): boolean {
    return this.queue.size > 0;
  }

  get isDone(): boolean {
    return this.attempts.endedCount === this.tasks.length;
  }

  /** Tasks that were given up after too many failures. */
  get givenUp(): readonly number[] {
    return [...this.failures].filter(([, count]) => count >= this.options.maxFailures).map(([item]) => item);
  }

  get nextTimerUs(): number {
    return this.attempts.nextOverdueUs;
  }

  tick(nowUs: number): void {
    for (const item of this.attempts.overdue(nowUs)) {
      this.attempts.giveUp(item);
      this.enqueue(item, nowUs);
    }
  }

  place(offers: readonly OpenOffer[], nowUs: number): readonly OfferUse[] {
    return offers.map((offer) => {
      const tasks = [];
      for (;;) {
        const item = this.queue.takeFirst((kind, head) => this.suits(offer, this.needs[kind], head, nowUs));
        if (item < 0) break;
        const { name, command, demand } = this.tasks[item];
        const task_id = { value: this.attempts.begin(item) };
        tasks.push({ name, task_id, agent_id: offer.offer.agent_id, resources: offer.take(demand), command });
      }
      return { offer, tasks, isHeld: false };
    });
  }

  taskChanged(taskId: string, _agentId: string, { state }: TaskStatus, nowUs: number): void {
    this.attempts.changed(taskId, state, nowUs);
    const verdict = verdictOf(state);
    if (!this.attempts.isPresent(taskId)) {
      if (verdict === null && state !== 'TASK_UNREACHABLE') this.killed.push(taskId);
      return;
    }
    const item = itemOf(taskId);
    if (verdict === 'done') this.attempts.end(item);
    else if (verdict === 'failed' && this.countFailure(item) >= this.options.maxFailures)
      this.attempts.end(item);
    else if (verdict !== null) {
      this.attempts.giveUp(item);
      this.enqueue(item, nowUs);
    }
  }

  kills(): readonly string[] {
    const kills = this.killed;
    this.killed = [];
    return kills;
  }

  changes(): readonly SavedChange[] {
    const changes = [...this.attempts.changes(), ...this.failureChanges];
    this.failureChanges = [];
    return changes;
  }

  private enqueue(item: number, nowUs: number): void {
    this.readyUs.set(item, nowUs);
    this.queue.add(item, this.kindOf[item]);
  }

  private suits(offer: OpenOffer, task: BatchTask, item: number, nowUs: number): boolean {
    if (!offer.canHost(task)) return false;
    return offer.meets(task.prefers) || nowUs - this.readyUs.get(item)! >= this.options.localityWaitUs;
  }

  private countFailure(item: number): number {
    const count = (this.failures.get(item) ?? 0) + 1;
    this.failures.set(item, count);
    this.failureChanges.push({ key: FAILURES_PREFIX + item, value: count });
    return count;
  }
}
