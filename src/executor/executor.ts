/**
 * Mesos's command and default executors as one state machine (reference §6): launches tasks, tells what becomes of them,
 * checks them, and kills them as their policies say. Drivers start processes, nested containers, or nothing at all.
 */
import type { RandomStream } from '../cluster/streams.ts';
import { US_PER_SECOND } from '../cluster/time.ts';
import type { Machine, Tick } from '../protocol/machine.ts';
import { type Timer, Timers } from '../protocol/timers.ts';
import { uuidBytes } from '../protocol/uuid.ts';
import type { ExecutorEvent } from '../protocol/v1/executor.ts';
import type { FrameworkInfo, KillPolicy, TaskInfo } from '../protocol/v1/mesos.ts';
import type { ExecutorEffect, ExecutorInput, ExecutorOptions } from './io.ts';
import { Session } from './session.ts';
import { TaskRun, type Update } from './task-run.ts';

/** For the agent's word that it has the last updates. */
const LAST_WAIT_US = 60 * US_PER_SECOND;

export class Executor implements Machine<ExecutorInput, ExecutorEffect> {
  private readonly options: ExecutorOptions;
  private readonly random: RandomStream;
  private readonly session: Session;
  private readonly timers = new Timers();
  private readonly runs = new Map<string, TaskRun>();
  private framework: FrameworkInfo | null = null;
  private hadTasks = false;
  private isShuttingDown = false;
  private hasExited = false;
  private lastWait: Timer | null = null;
  private effects: ExecutorEffect[] = [];
  private nowUs = 0;

  constructor(options: ExecutorOptions, random: RandomStream) {
    this.options = options;
    this.random = random;
    this.session = new Session(options, random, (effect) => void this.effects.push(effect));
  }

  get nextTimerUs(): number {
    return this.hasExited ? Number.POSITIVE_INFINITY : Math.min(this.session.nextTimerUs, this.timers.nextUs);
  }

  /** Tasks that have not ended. */
  get tasks(): Iterable<TaskInfo> {
    return Array.from(this.runs.values(), ({ info }) => info);
  }

  step(input: ExecutorInput | Tick, nowUs: number): readonly ExecutorEffect[] {
    this.nowUs = nowUs;
    if (!this.hasExited) this.handle(input);
    if (!this.hasExited) this.exitIfDone();
    const { effects } = this;
    this.effects = [];
    return effects;
  }

  private handle(input: ExecutorInput | Tick): void {
    switch (input.kind) {
      case 'start':
        this.session.subscribe();
        return;
      case 'event':
        this.onEvent(input.event);
        return;
      case 'disconnected':
        if (!this.session.disconnected(this.nowUs)) this.exit(1);
        return;
      case 'task-started':
        this.runs.get(input.taskId)?.started(input.containerStatus, this.nowUs);
        return;
      case 'task-ended':
        this.onEnded(input);
        return;
      case 'probed':
        this.runs.get(input.taskId)?.probed(input.probe, input.result, this.nowUs);
        return;
      case 'tick':
        this.timers.fireDue(this.nowUs);
        if (!this.session.tick(this.nowUs)) this.exit(1);
    }
  }

  private onEvent(event: ExecutorEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.framework = event.subscribed!.framework_info;
        this.session.subscribed();
        return;
      case 'LAUNCH':
        this.launch([event.launch!.task]);
        return;
      case 'LAUNCH_GROUP':
        this.launch(event.launch_group!.task_group.tasks ?? []);
        return;
      case 'KILL':
        this.kill(event.kill!.task_id.value, event.kill!.kill_policy);
        return;
      case 'ACKNOWLEDGED':
        this.session.acknowledged(event.acknowledged!.task_id.value, event.acknowledged!.uuid);
        return;
      case 'SHUTDOWN':
        this.isShuttingDown = true;
        for (const taskId of [...this.runs.keys()]) this.kill(taskId, undefined);
        return;
      case 'ERROR':
        this.exit(1);
    }
  }

  /** @param group a task by itself, or tasks of which none goes on without the others */
  private launch(group: readonly TaskInfo[]): void {
    this.hadTasks = true;
    const fresh = group.filter(({ task_id }) => !this.runs.has(task_id.value));
    for (const info of fresh) {
      this.session.launched(info);
      const run = new TaskRun(info, group, this.timers, {
        update: (update) => this.update(info, update),
        emit: (effect) => void this.effects.push(effect),
        tellsKilling: () =>
          this.framework?.capabilities?.some(({ type }) => type === 'TASK_KILLING_STATE') ?? false,
      });
      this.runs.set(info.task_id.value, run);
      run.launch(this.nowUs);
    }
    if (this.isShuttingDown) for (const { task_id } of fresh) this.kill(task_id.value, undefined);
  }

  private kill(taskId: string, policy: KillPolicy | undefined): void {
    this.runs.get(taskId)?.kill(policy, this.nowUs);
  }

  private onEnded(input: Extract<ExecutorInput, { kind: 'task-ended' }>): void {
    const run = this.runs.get(input.taskId);
    if (run === undefined) return;
    this.runs.delete(input.taskId);
    const state = run.ended(input);
    if (state === 'TASK_FINISHED') return;
    for (const { task_id } of run.group) this.kill(task_id.value, undefined);
  }

  private update(info: TaskInfo, update: Update): void {
    this.session.update({
      ...update,
      task_id: info.task_id,
      source: 'SOURCE_EXECUTOR',
      executor_id: this.options.executorId,
      timestamp: this.nowUs / US_PER_SECOND,
      uuid: uuidBytes(this.random),
    });
  }

  private exitIfDone(): void {
    const { options, session } = this;
    const isDone = this.runs.size === 0 && (this.isShuttingDown || (this.hadTasks && options.exitsWhenDone));
    if (!isDone) return;
    if (session.isAllAcknowledged) this.exit(0);
    else this.lastWait ??= this.timers.set(this.nowUs + LAST_WAIT_US, () => this.exit(0));
  }

  private exit(status: number): void {
    this.hasExited = true;
    this.effects.push({ kind: 'exit', status });
  }
}
