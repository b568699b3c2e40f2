/**
 * A queue of tasks, first come first served: each is run until it finishes or has failed too often. Tasks may wait for
 * others to finish, and may prefer agents and wait a while for them (delay scheduling: Zaharia et al., EuroSys 2010,
 * section 3).
 */
import type { Constraint } from '../cluster/constraints.ts';
import type { TaskStatus } from '../protocol/v1/mesos.ts';
import type { Application, OfferUse, SavedChange } from './application.ts';
import { Attempts, itemOf, verdictOf } from './attempts.ts';
import { describedTask, type TaskDescription } from './described-task.ts';
import type { Needs, OpenOffer } from './open-offer.ts';
import { WorkQueue } from './work-queue.ts';

export interface BatchTask extends Needs {
  readonly info: TaskDescription;
  /** Agents that suit the task best: those that meet all of these. Empty: any. */
  readonly prefers: readonly Constraint[];
  /** Numbers of tasks, all smaller than its own, that must finish first; it is skipped where one of them does not. */
  readonly after: readonly number[];
  /** How often the task may fail before it is given up. */
  readonly maxFailures: number;
}

export type BatchOutcome = 'open' | 'finished' | 'failed' | 'skipped';

export interface BatchOptions {
  /** How long a task waits for an agent that it prefers. */
  readonly localityWaitUs: number;
  readonly refuseUs: number;
  readonly replaceUnreachableAfterUs: number;
}

export const BATCH_DEFAULTS: BatchOptions = {
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
  private readonly outcomes: BatchOutcome[];
  /** Of each task: which wait for it. */
  private readonly followers: readonly number[][];
  /** Of each task: for how many it waits. */
  private readonly awaited: number[];

  constructor(tasks: readonly BatchTask[], options: BatchOptions = BATCH_DEFAULTS) {
    this.tasks = tasks;
    this.options = options;
    this.refuseUs = options.refuseUs;
    this.attempts = new Attempts(options.replaceUnreachableAfterUs);
    const kinds = new Map<string, number>();
    const needs: BatchTask[] = [];
    this.kindOf = tasks.map((task) => {
      const key = JSON.stringify([task.demand, task.ports, task.constraints, task.prefers]);
      let kind = kinds.get(key);
      if (kind === undefined) {
        kind = needs.push(task) - 1;
        kinds.set(key, kind);
      }
      return kind;
    });
    this.needs = needs;
    this.outcomes = tasks.map(() => 'open');
    this.followers = tasks.map(() => []);
    this.awaited = tasks.map(({ after }) => after.length);
    for (const [item, { after }] of tasks.entries())
      for (const other of after) this.followers[other].push(item);
  }

  start(entries: Readonly<Record<string, unknown>>, nowUs: number): void {
    this.attempts.start(entries);
    for (const [key, value] of Object.entries(entries))
      if (key.startsWith(FAILURES_PREFIX))
        this.failures.set(Number(key.slice(FAILURES_PREFIX.length)), Number(value));
    for (const item of this.tasks.keys())
      if (this.outcomes[item] === 'open' && this.attempts.hasEnded(item))
        this.settle(item, this.hasFailed(item) ? 'failed' : 'finished');
    for (const item of this.tasks.keys()) {
      const isIdle = this.outcomes[item] === 'open' && !this.attempts.isOpen(item);
      if (isIdle && this.awaited[item] === 0) this.enqueue(item, nowUs);
    }
  }

  get wantsOffers(): boolean {
    return this.queue.size > 0;
  }

  get isDone(): boolean {
    return this.attempts.endedCount === this.tasks.length;
  }

  outcomeOf(item: number): BatchOutcome {
    return this.outcomes[item];
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
        const task = this.tasks[item];
        tasks.push(describedTask(offer, this.attempts.begin(item), task.info, task));
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
    if (verdict === 'failed') this.countFailure(item);
    if (verdict === 'done') this.end(item, 'finished', nowUs);
    else if (verdict === 'failed' && this.hasFailed(item)) this.end(item, 'failed', nowUs);
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

  private end(item: number, outcome: BatchOutcome, nowUs: number): void {
    for (const ready of this.settle(item, outcome)) this.enqueue(ready, nowUs);
  }

  /** Notes how a task ended, and that those that wait in vain are skipped. @returns tasks that wait no longer */
  private settle(first: number, outcome: BatchOutcome): number[] {
    const ready: number[] = [];
    const ended = [first];
    this.outcomes[first] = outcome;
    for (let item = ended.pop(); item !== undefined; item = ended.pop()) {
      if (!this.attempts.hasEnded(item)) this.attempts.end(item);
      for (const follower of this.followers[item]) {
        if (this.outcomes[follower] !== 'open') continue;
        this.awaited[follower]--;
        if (this.outcomes[item] !== 'finished') {
          this.outcomes[follower] = 'skipped';
          ended.push(follower);
        } else if (this.awaited[follower] === 0) ready.push(follower);
      }
    }
    return ready;
  }

  private hasFailed(item: number): boolean {
    return (this.failures.get(item) ?? 0) >= this.tasks[item].maxFailures;
  }

  private countFailure(item: number): void {
    const count = (this.failures.get(item) ?? 0) + 1;
    this.failures.set(item, count);
    this.failureChanges.push({ key: FAILURES_PREFIX + item, value: count });
  }
}
