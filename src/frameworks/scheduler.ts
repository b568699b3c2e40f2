/**
 * A framework's scheduler: keeps the subscription (reference §2.3), answers offers as its application says,
 * acknowledges updates (§2.6), asks about tasks in doubt (§2.7) and survives crashes of its own and of the master.
 */
import type { RandomStream } from '../cluster/streams.ts';
import type { Machine, Tick } from '../protocol/machine.ts';
import { isTerminal } from '../protocol/task-states.ts';
import type { FrameworkInfo, Offer, TaskInfo, TaskState, TaskStatus } from '../protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent } from '../protocol/v1/scheduler.ts';
import type { Application, OfferUse, SavedChange } from './application.ts';
import type { SchedulerEffect, SchedulerInput } from './io.ts';
import { OpenOffer } from './open-offer.ts';
import { TaskBook } from './task-book.ts';

const SECOND_US = 1_000_000;
const FIRST_BACKOFF_US = 100_000;
const MAX_BACKOFF_US = 15 * SECOND_US;
/** So many heartbeats may be missing before the connection counts as lost (§2.3, client rules). */
const MISSED_HEARTBEATS = 5;
const RETRY_US = SECOND_US;
const FIRST_DOUBT_US = 2 * SECOND_US;
const MAX_DOUBT_US = 60 * SECOND_US;
/** Who wants offers and sees none for so long asks again: a late SUPPRESS may have undone its REVIVE. */
const STARVING_US = 60 * SECOND_US;
/** States of tasks that a KILL would not reach, or has reached. */
const OUT_OF_REACH: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_UNREACHABLE',
  'TASK_UNKNOWN',
  'TASK_KILLING',
]);
const FRAMEWORK_KEY = 'framework-id';
const TASK_PREFIX = 'task/';

export class Scheduler implements Machine<SchedulerInput, SchedulerEffect> {
  private readonly info: FrameworkInfo;
  private readonly application: Application;
  private readonly random: RandomStream;
  private readonly book = new TaskBook();
  private readonly held = new Map<string, OpenOffer>();
  /** Calls that are sent again until they are answered with 2xx. */
  private readonly pending = new Map<number, SchedulerCall>();
  /** Tasks of launches that wait for their answer. */
  private readonly launching = new Map<number, readonly TaskInfo[]>();
  private readonly failed: SchedulerCall[] = [];
  private effects: SchedulerEffect[] = [];
  private nowUs = 0;
  private frameworkId: string | null = null;
  private isSubscribed = false;
  private hasEnded = false;
  private isSuppressed = false;
  private callCount = 0;
  private teardownCall = 0;
  /** Of the SUPPRESS or REVIVE that waits for its answer: two at once could overtake each other. 0: none. */
  private suppressionCall = 0;
  private subscribedUs = 0;
  private backoffUs = FIRST_BACKOFF_US;
  private heartbeatTimeoutUs = 75 * SECOND_US;
  private subscribeAtUs = Number.POSITIVE_INFINITY;
  private connectionLostAtUs = Number.POSITIVE_INFINITY;
  private retryAtUs = Number.POSITIVE_INFINITY;
  private doubtAtUs = Number.POSITIVE_INFINITY;
  private doubtUs = FIRST_DOUBT_US;
  private starvingAtUs = Number.POSITIVE_INFINITY;

  /** @param info without id; roles or role as the application's offers shall be for */
  constructor(info: FrameworkInfo, application: Application, random: RandomStream) {
    this.info = info;
    this.application = application;
    this.random = random;
  }

  get nextTimerUs(): number {
    if (this.hasEnded) return Number.POSITIVE_INFINITY;
    return Math.min(
      this.subscribeAtUs,
      this.connectionLostAtUs,
      this.retryAtUs,
      this.doubtAtUs,
      this.starvingAtUs,
      this.application.nextTimerUs,
    );
  }

  /** Whether it launched the task, and has not heard that it ended. */
  knows(taskId: string): boolean {
    return this.book.get(taskId) !== undefined;
  }

  step(input: SchedulerInput | Tick, nowUs: number): readonly SchedulerEffect[] {
    this.effects = [];
    this.nowUs = nowUs;
    if (this.hasEnded) return this.effects;
    if (input.kind === 'start') this.start(input.entries);
    else if (input.kind === 'event') this.onEvent(input.event);
    else if (input.kind === 'answer') this.onAnswer(input.call, input.status);
    else if (input.kind === 'disconnected') this.reconnect();
    else this.onTick();
    this.followApplication();
    return this.effects;
  }

  private start(entries: Readonly<Record<string, unknown>>): void {
    const own: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(entries)) {
      if (key === FRAMEWORK_KEY) this.frameworkId = String(value);
      else if (key.startsWith(TASK_PREFIX))
        this.book.add(key.slice(TASK_PREFIX.length), String(value), Number.NEGATIVE_INFINITY);
      else own[key] = value;
    }
    this.application.start(own, this.nowUs);
    this.subscribeAtUs = this.nowUs;
    this.subscribeIfDue();
  }

  private onEvent(event: SchedulerEvent): void {
    this.connectionLostAtUs = this.nowUs + this.heartbeatTimeoutUs;
    switch (event.type) {
      case 'SUBSCRIBED':
        this.onSubscribed(event.subscribed!.framework_id.value, event.subscribed!.heartbeat_interval_seconds);
        break;
      case 'OFFERS':
        this.onOffers(event.offers?.offers ?? []);
        break;
      case 'RESCIND':
        this.held.delete(event.rescind!.offer_id.value);
        break;
      case 'UPDATE':
        this.onUpdate(event.update!.status);
        break;
      case 'INVERSE_OFFERS':
        this.call({
          type: 'ACCEPT_INVERSE_OFFERS',
          accept_inverse_offers: {
            inverse_offer_ids: (event.inverse_offers?.inverse_offers ?? []).map(({ id }) => id),
          },
        });
        break;
      case 'ERROR':
        // A teardown whose answer was lost shows as a framework that is no more.
        this.end(this.isFinished ? null : (event.error?.message ?? 'the master closed the subscription'));
        break;
      default:
    }
  }

  private onSubscribed(frameworkId: string, heartbeatSeconds = 15): void {
    if (this.frameworkId !== frameworkId) {
      this.frameworkId = frameworkId;
      this.save([{ key: FRAMEWORK_KEY, value: frameworkId }]);
    }
    this.isSubscribed = true;
    this.subscribedUs = this.nowUs;
    this.backoffUs = FIRST_BACKOFF_US;
    this.heartbeatTimeoutUs = MISSED_HEARTBEATS * heartbeatSeconds * SECOND_US;
    this.connectionLostAtUs = this.nowUs + this.heartbeatTimeoutUs;
    this.subscribeAtUs = Number.POSITIVE_INFINITY;
    this.doubtUs = FIRST_DOUBT_US;
    this.doubtAtUs = this.nowUs + this.doubtUs;
    this.starvingAtUs = this.nowUs + STARVING_US;
  }

  private onOffers(offers: readonly Offer[]): void {
    this.starvingAtUs = this.nowUs + STARVING_US;
    for (const offer of offers) this.held.set(offer.id.value, new OpenOffer(offer));
    this.placeHeld();
  }

  /** Lets the application use all offers at hand; tasks are saved before they are launched. */
  private placeHeld(): void {
    if (this.held.size === 0) return;
    const uses = this.application.place([...this.held.values()], this.nowUs);
    const launched = uses.filter(({ tasks }) => tasks.length > 0);
    if (launched.length > 0)
      this.save([
        ...launched.flatMap(({ offer, tasks }) =>
          tasks.map((task) => ({ key: TASK_PREFIX + task.task_id.value, value: offer.agentId })),
        ),
        ...this.application.changes(),
      ]);
    const filters = { refuse_seconds: this.application.refuseUs / SECOND_US };
    const declined: OfferUse[] = [];
    for (const use of uses) {
      if (use.isHeld) continue;
      this.held.delete(use.offer.id);
      if (use.tasks.length === 0) declined.push(use);
      else this.launch(use.offer, use.tasks, filters);
    }
    if (declined.length > 0)
      this.callUntilAnswered({
        type: 'DECLINE',
        decline: { offer_ids: declined.map(({ offer }) => offer.offer.id), filters },
      });
  }

  private launch(
    { offer, agentId }: OpenOffer,
    tasks: readonly TaskInfo[],
    filters: { readonly refuse_seconds: number },
  ): void {
    for (const { task_id } of tasks) this.book.add(task_id.value, agentId, this.nowUs);
    const operations = [{ type: 'LAUNCH' as const, launch: { task_infos: tasks } }];
    const number = this.call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters } });
    this.pending.set(number, { type: 'DECLINE', decline: { offer_ids: [offer.id] } });
    this.launching.set(number, tasks);
    this.doubtAtUs = Math.min(this.doubtAtUs, this.nowUs + MAX_DOUBT_US / 2);
  }

  private onUpdate(status: TaskStatus): void {
    const taskId = status.task_id.value;
    if (status.uuid !== undefined && status.agent_id !== undefined)
      this.call({
        type: 'ACKNOWLEDGE',
        acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid },
      });
    const task = this.book.get(taskId);
    if (task === undefined) {
      // It was given up, yet it lives: an earlier answer was wrong, or came before the launch.
      if (!isTerminal(status.state) && !OUT_OF_REACH.has(status.state)) this.kill(taskId);
      return;
    }
    // Of a launch that was repeated on the way, and had worked the first time.
    if (status.reason === 'REASON_INVALID_OFFERS' && task.state !== 'TASK_STAGING') return;
    task.heardUs = this.nowUs;
    // A kill may have been lost with the connection it was sent on.
    const isReachable = !isTerminal(status.state) && !OUT_OF_REACH.has(status.state);
    if (task.isKilled && status.reason === 'REASON_RECONCILIATION' && isReachable) this.kill(taskId);
    if (task.state === status.state && (status.healthy === undefined || status.healthy === task.isHealthy))
      return;
    task.state = status.state;
    task.isHealthy = status.healthy ?? task.isHealthy;
    if (isTerminal(status.state) || status.state === 'TASK_UNKNOWN') {
      this.book.delete(taskId);
      this.save([{ key: TASK_PREFIX + taskId, value: null }]);
    }
    this.application.taskChanged(taskId, task.agentId, status, this.nowUs);
  }

  private onAnswer(number: number, status: number): void {
    const isTaken = status >= 200 && status < 300;
    if (number === this.teardownCall && isTaken) this.end(null);
    const call = this.pending.get(number);
    this.pending.delete(number);
    const tasks = this.launching.get(number) ?? [];
    this.launching.delete(number);
    if (number === this.suppressionCall && isTaken) this.suppressionCall = 0;
    if (call === undefined || isTaken) return;
    // A launch without an answer may have arrived or not: its offers are given back in case, and its tasks are in doubt.
    for (const { task_id } of tasks) this.book.doubt(task_id.value);
    if (tasks.length > 0) this.doubtAtUs = Math.min(this.doubtAtUs, this.nowUs + FIRST_DOUBT_US);
    this.failed.push(call);
    this.retryAtUs = Math.min(this.retryAtUs, this.nowUs + RETRY_US);
  }

  private onTick(): void {
    if (this.connectionLostAtUs <= this.nowUs) this.reconnect();
    this.subscribeIfDue();
    if (this.retryAtUs <= this.nowUs) this.retry();
    if (this.doubtAtUs <= this.nowUs) this.askAboutDoubtful();
    if (this.starvingAtUs <= this.nowUs) this.askForOffers();
    if (this.application.nextTimerUs <= this.nowUs) {
      this.application.tick(this.nowUs);
      this.placeHeld();
    }
  }

  private reconnect(): void {
    this.isSubscribed = false;
    this.held.clear();
    this.pending.clear();
    this.launching.clear();
    this.failed.length = 0;
    this.suppressionCall = 0;
    this.teardownCall = 0;
    this.connectionLostAtUs = Number.POSITIVE_INFINITY;
    this.doubtAtUs = Number.POSITIVE_INFINITY;
    this.starvingAtUs = Number.POSITIVE_INFINITY;
    this.retryAtUs = Number.POSITIVE_INFINITY;
    this.subscribeAtUs = this.nowUs + Math.ceil(this.backoffUs * (0.5 + this.random() / 2));
    this.backoffUs = Math.min(2 * this.backoffUs, MAX_BACKOFF_US);
  }

  private subscribeIfDue(): void {
    if (this.subscribeAtUs > this.nowUs) return;
    this.subscribeAtUs = Number.POSITIVE_INFINITY;
    // A connection that opens and stays silent is given up like one that breaks.
    this.connectionLostAtUs = this.nowUs + this.heartbeatTimeoutUs;
    this.isSuppressed = !this.application.wantsOffers;
    const id = this.frameworkId === null ? undefined : { value: this.frameworkId };
    this.effects.push({
      kind: 'subscribe',
      call: {
        type: 'SUBSCRIBE',
        framework_id: id,
        subscribe: {
          framework_info: { ...this.info, id },
          suppressed_roles: this.isSuppressed ? this.roles : [],
        },
      },
    });
  }

  private retry(): void {
    this.retryAtUs = Number.POSITIVE_INFINITY;
    for (const call of this.failed.splice(0)) {
      const number = this.callUntilAnswered(call);
      if (call.type === 'SUPPRESS' || call.type === 'REVIVE') this.suppressionCall = number;
      if (call.type === 'TEARDOWN') this.teardownCall = number;
    }
  }

  private askForOffers(): void {
    this.starvingAtUs = this.nowUs + STARVING_US;
    const isIdle = this.suppressionCall === 0 && this.held.size === 0;
    if (this.application.wantsOffers && isIdle)
      this.suppressionCall = this.callUntilAnswered({ type: 'REVIVE', revive: {} });
  }

  private askAboutDoubtful(): void {
    const tasks = this.book.inDoubt(this.subscribedUs, this.nowUs);
    if (tasks.length > 0)
      this.call({
        type: 'RECONCILE',
        reconcile: {
          tasks: tasks.map(({ taskId, agentId }) => ({ task_id: taskId, agent_id: { value: agentId } })),
        },
      });
    this.doubtUs = tasks.length === 0 ? FIRST_DOUBT_US : Math.min(2 * this.doubtUs, MAX_DOUBT_US);
    const waitUs = tasks.length === 0 ? MAX_DOUBT_US / 2 : this.doubtUs;
    this.doubtAtUs = this.book.size === 0 ? Number.POSITIVE_INFINITY : this.nowUs + waitUs;
  }

  /** Carries out what the application came to want in this step. */
  private followApplication(): void {
    const changes = this.application.changes();
    if (changes.length > 0) this.save(changes);
    for (const taskId of this.application.kills()) this.kill(taskId);
    if (!this.isSubscribed) return;
    const isSuppressed = !this.application.wantsOffers;
    if (isSuppressed !== this.isSuppressed && this.suppressionCall === 0) {
      this.isSuppressed = isSuppressed;
      this.suppressionCall = this.callUntilAnswered(
        isSuppressed ? { type: 'SUPPRESS', suppress: {} } : { type: 'REVIVE', revive: {} },
      );
    }
    if (this.isFinished && this.teardownCall === 0)
      this.teardownCall = this.callUntilAnswered({ type: 'TEARDOWN' });
  }

  private get isFinished(): boolean {
    return this.application.isDone && this.book.reachableCount === 0;
  }

  private get roles(): readonly string[] {
    return this.info.roles ?? [this.info.role ?? '*'];
  }

  private kill(taskId: string): void {
    const task = this.book.get(taskId);
    if (task !== undefined) task.isKilled = true;
    const agent = task === undefined ? {} : { agent_id: { value: task.agentId } };
    this.callUntilAnswered({ type: 'KILL', kill: { task_id: { value: taskId }, ...agent } });
  }

  private callUntilAnswered(call: SchedulerCall): number {
    const number = this.call(call);
    this.pending.set(number, call);
    return number;
  }

  private call(call: SchedulerCall): number {
    this.callCount++;
    if (this.isSubscribed)
      this.effects.push({
        kind: 'call',
        number: this.callCount,
        call: { ...call, framework_id: { value: this.frameworkId! } },
      });
    return this.callCount;
  }

  private save(changes: readonly SavedChange[]): void {
    this.effects.push({ kind: 'save', changes });
  }

  private end(problem: string | null): void {
    this.hasEnded = true;
    this.effects.push({ kind: 'end', problem });
  }
}
