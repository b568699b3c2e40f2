/**
 * A simulated executor: does what Mesos's command and default executors do towards the agent (reference §5, §6), but for
 * running anything. A task lasts as its command says: `sleep SECONDS`, then `; exit STATUS` if it fails; any other shell
 * command fails, and a task without a command runs until it is killed.
 */
import type { RandomStream } from '../../cluster/streams.ts';
import { secondsToUs, US_PER_SECOND } from '../../cluster/time.ts';
import type { Machine, Tick } from '../../protocol/machine.ts';
import { uuidBytes } from '../../protocol/uuid.ts';
import type { ExecutorCall, ExecutorCallUpdate, ExecutorEvent } from '../../protocol/v1/executor.ts';
import type {
  ExecutorID,
  FrameworkID,
  FrameworkInfo,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../protocol/v1/mesos.ts';

export type ExecutorInput =
  /** First of all. */
  | { readonly kind: 'start' }
  | { readonly kind: 'event'; readonly event: ExecutorEvent }
  /** The connection broke, or the agent refused it. */
  | { readonly kind: 'disconnected' };

export type ExecutorEffect =
  /** On a new connection. */
  | { readonly kind: 'subscribe'; readonly call: ExecutorCall }
  | { readonly kind: 'call'; readonly call: ExecutorCall }
  | { readonly kind: 'exit'; readonly status: number };

export interface ExecutorOptions {
  readonly frameworkId: FrameworkID;
  readonly executorId: ExecutorID;
  /** Whether it goes on while the agent is away. */
  readonly isCheckpointed: boolean;
  /** Whether it exits when all its tasks have ended, or waits to be shut down. */
  readonly exitsWhenDone: boolean;
}

const RECOVERY_TIMEOUT_US = 15 * 60 * US_PER_SECOND;
const BACKOFF_MAX_US = 2 * US_PER_SECOND;
/** For the agent's word that it has the last updates. */
const LAST_WAIT_US = 60 * US_PER_SECOND;

interface RunningTask {
  readonly info: TaskInfo;
  readonly endUs: number;
  readonly exitStatus: number;
}

export class SimulatedExecutor implements Machine<ExecutorInput, ExecutorEffect> {
  private readonly options: ExecutorOptions;
  private readonly random: RandomStream;
  private readonly running = new Map<string, RunningTask>();
  /** Until the first acknowledgement of an update of theirs. */
  private readonly unacknowledgedTasks = new Map<string, TaskInfo>();
  private readonly unacknowledgedUpdates = new Map<string, ExecutorCallUpdate>();
  /** Updates that came too late for the SUBSCRIBE that is on its way. */
  private readonly late: ExecutorCallUpdate[] = [];
  private framework: FrameworkInfo | null = null;
  private isConnected = false;
  private hadTasks = false;
  private isShuttingDown = false;
  private hasExited = false;
  private resubscribeUs = Number.POSITIVE_INFINITY;
  private exitUs = Number.POSITIVE_INFINITY;
  private nextEndUs = Number.POSITIVE_INFINITY;

  constructor(options: ExecutorOptions, random: RandomStream) {
    this.options = options;
    this.random = random;
  }

  get nextTimerUs(): number {
    return this.hasExited
      ? Number.POSITIVE_INFINITY
      : Math.min(this.resubscribeUs, this.exitUs, this.nextEndUs);
  }

  /** Tasks that run now. */
  get runningTasks(): Iterable<TaskInfo> {
    return Array.from(this.running.values(), ({ info }) => info);
  }

  step(input: ExecutorInput | Tick, nowUs: number): readonly ExecutorEffect[] {
    const effects: ExecutorEffect[] = [];
    if (this.hasExited) return effects;
    if (input.kind === 'start') this.subscribe(effects);
    else if (input.kind === 'event') this.onEvent(input.event, nowUs, effects);
    else if (input.kind === 'disconnected') this.onDisconnected(nowUs, effects);
    else this.onTick(nowUs, effects);
    return effects;
  }

  private onEvent(event: ExecutorEvent, nowUs: number, effects: ExecutorEffect[]): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.isConnected = true;
        this.framework = event.subscribed!.framework_info;
        this.exitUs = this.isDone ? nowUs + LAST_WAIT_US : Number.POSITIVE_INFINITY;
        for (const update of this.late.splice(0)) this.send(update, effects);
        return;
      case 'LAUNCH':
        this.launch(event.launch!.task, nowUs, effects);
        return;
      case 'LAUNCH_GROUP':
        for (const task of event.launch_group!.task_group.tasks ?? []) this.launch(task, nowUs, effects);
        return;
      case 'KILL':
        this.kill(event.kill!.task_id.value, nowUs, effects);
        return;
      case 'ACKNOWLEDGED':
        this.unacknowledgedUpdates.delete(event.acknowledged!.uuid);
        this.unacknowledgedTasks.delete(event.acknowledged!.task_id.value);
        if (this.isDone && this.unacknowledgedUpdates.size === 0) this.exit(0, effects);
        return;
      case 'SHUTDOWN':
        this.isShuttingDown = true;
        for (const taskId of [...this.running.keys()]) this.kill(taskId, nowUs, effects);
        if (this.unacknowledgedUpdates.size === 0) this.exit(0, effects);
        return;
      case 'ERROR':
        this.exit(1, effects);
    }
  }

  private onDisconnected(nowUs: number, effects: ExecutorEffect[]): void {
    if (!this.options.isCheckpointed) {
      this.exit(1, effects);
      return;
    }
    if (this.isConnected || this.exitUs === Number.POSITIVE_INFINITY)
      this.exitUs = nowUs + RECOVERY_TIMEOUT_US;
    this.isConnected = false;
    this.resubscribeUs = nowUs + Math.floor(this.random() * BACKOFF_MAX_US);
  }

  private onTick(nowUs: number, effects: ExecutorEffect[]): void {
    if (nowUs >= this.nextEndUs) this.endTasks(nowUs, effects);
    if (nowUs >= this.exitUs) this.exit(this.isDone ? 0 : 1, effects);
    else if (nowUs >= this.resubscribeUs) this.subscribe(effects);
  }

  private subscribe(effects: ExecutorEffect[]): void {
    this.resubscribeUs = Number.POSITIVE_INFINITY;
    this.late.length = 0;
    effects.push({
      kind: 'subscribe',
      call: {
        ...this.callOf('SUBSCRIBE'),
        subscribe: {
          unacknowledged_tasks: [...this.unacknowledgedTasks.values()],
          unacknowledged_updates: [...this.unacknowledgedUpdates.values()],
        },
      },
    });
  }

  private launch(info: TaskInfo, nowUs: number, effects: ExecutorEffect[]): void {
    const taskId = info.task_id.value;
    this.hadTasks = true;
    this.unacknowledgedTasks.set(taskId, info);
    this.update(info, 'TASK_STARTING', nowUs, effects);
    const course = courseOf(info);
    if (course === null) {
      this.update(
        info,
        'TASK_FAILED',
        nowUs,
        effects,
        'simulated executors understand `sleep SECONDS [; exit STATUS]` only',
      );
      this.noteDone(nowUs);
      return;
    }
    const endUs = nowUs + course.durationUs;
    this.running.set(taskId, { info, endUs, exitStatus: course.exitStatus });
    this.nextEndUs = Math.min(this.nextEndUs, endUs);
    this.update(info, 'TASK_RUNNING', nowUs, effects);
  }

  private endTasks(nowUs: number, effects: ExecutorEffect[]): void {
    for (const [taskId, { info, endUs, exitStatus }] of this.running) {
      if (endUs > nowUs) continue;
      this.running.delete(taskId);
      if (exitStatus === 0) this.update(info, 'TASK_FINISHED', nowUs, effects);
      else this.update(info, 'TASK_FAILED', nowUs, effects, `Command exited with status ${exitStatus}`);
    }
    this.noteDone(nowUs);
  }

  private kill(taskId: string, nowUs: number, effects: ExecutorEffect[]): void {
    const task = this.running.get(taskId);
    if (task === undefined) return;
    const tellsKilling = this.framework?.capabilities?.some(({ type }) => type === 'TASK_KILLING_STATE');
    if (tellsKilling) this.update(task.info, 'TASK_KILLING', nowUs, effects);
    this.running.delete(taskId);
    this.update(task.info, 'TASK_KILLED', nowUs, effects);
    this.noteDone(nowUs);
  }

  private noteDone(nowUs: number): void {
    this.nextEndUs = Number.POSITIVE_INFINITY;
    for (const { endUs } of this.running.values()) this.nextEndUs = Math.min(this.nextEndUs, endUs);
    if (this.isDone && this.isConnected) this.exitUs = nowUs + LAST_WAIT_US;
  }

  private get isDone(): boolean {
    return this.running.size === 0 && (this.isShuttingDown || (this.hadTasks && this.options.exitsWhenDone));
  }

  private update(
    info: TaskInfo,
    state: TaskState,
    nowUs: number,
    effects: ExecutorEffect[],
    message?: string,
  ): void {
    const uuid = uuidBytes(this.random);
    const status: TaskStatus = {
      task_id: info.task_id,
      state,
      source: 'SOURCE_EXECUTOR',
      executor_id: this.options.executorId,
      timestamp: nowUs / US_PER_SECOND,
      uuid,
      ...(message !== undefined && { message }),
    };
    const update = { status };
    this.unacknowledgedUpdates.set(uuid, update);
    if (this.isConnected) this.send(update, effects);
    else this.late.push(update);
  }

  private send(update: ExecutorCallUpdate, effects: ExecutorEffect[]): void {
    effects.push({ kind: 'call', call: { ...this.callOf('UPDATE'), update } });
  }

  private callOf(type: 'SUBSCRIBE' | 'UPDATE') {
    const { frameworkId, executorId } = this.options;
    return { type, framework_id: frameworkId, executor_id: executorId } as const;
  }

  private exit(status: number, effects: ExecutorEffect[]): void {
    this.hasExited = true;
    effects.push({ kind: 'exit', status });
  }
}

const SLEEP = /^sleep (\d+(?:\.\d+)?(?:e-?\d+)?)(?:\s*;\s*exit (\d+))?$/;

/** How long a task runs, and how its command ends; `null` where the command says neither. */
function courseOf({
  command,
}: TaskInfo): { readonly durationUs: number; readonly exitStatus: number } | null {
  if (command?.value === undefined) return { durationUs: Number.POSITIVE_INFINITY, exitStatus: 0 };
  const match = SLEEP.exec(command.value);
  return match && { durationUs: secondsToUs(Number(match[1])), exitStatus: Number(match[2] ?? 0) };
}
