/**
 * An executor's subscription to its agent (reference §5.4): what the agent has not acknowledged is sent again with each
 * SUBSCRIBE, which is tried until the agent has been away for too long.
 */
import type { RandomStream } from '../cluster/streams.ts';
import type { ExecutorCallUpdate } from '../protocol/v1/executor.ts';
import type { TaskInfo, TaskStatus } from '../protocol/v1/mesos.ts';
import type { ExecutorEffect, ExecutorOptions } from './io.ts';

export class Session {
  private readonly options: ExecutorOptions;
  private readonly random: RandomStream;
  private readonly emit: (effect: ExecutorEffect) => void;
  /** Until the first acknowledgement of an update of theirs. */
  private readonly unacknowledgedTasks = new Map<string, TaskInfo>();
  private readonly unacknowledgedUpdates = new Map<string, ExecutorCallUpdate>();
  /** Updates that came too late for the SUBSCRIBE that is on its way. */
  private readonly late: ExecutorCallUpdate[] = [];
  isConnected = false;
  private subscribeUs = Number.POSITIVE_INFINITY;
  private giveUpUs = Number.POSITIVE_INFINITY;

  constructor(options: ExecutorOptions, random: RandomStream, emit: (effect: ExecutorEffect) => void) {
    this.options = options;
    this.random = random;
    this.emit = emit;
  }

  get nextTimerUs(): number {
    return Math.min(this.subscribeUs, this.giveUpUs);
  }

  get isAllAcknowledged(): boolean {
    return this.unacknowledgedUpdates.size === 0;
  }

  subscribe(): void {
    this.subscribeUs = Number.POSITIVE_INFINITY;
    this.late.length = 0;
    this.emit({
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

  subscribed(): void {
    this.isConnected = true;
    this.giveUpUs = Number.POSITIVE_INFINITY;
    for (const update of this.late.splice(0)) this.send(update);
  }

  /** @returns false: it is not to be tried again */
  disconnected(nowUs: number): boolean {
    if (!this.options.isCheckpointed) return false;
    if (this.isConnected || this.giveUpUs === Number.POSITIVE_INFINITY)
      this.giveUpUs = nowUs + this.options.recoveryTimeoutUs;
    this.isConnected = false;
    this.subscribeUs = nowUs + Math.floor(this.random() * this.options.subscriptionBackoffMaxUs);
    return true;
  }

  /** @returns false: the agent was away for too long */
  tick(nowUs: number): boolean {
    if (nowUs >= this.giveUpUs) return false;
    if (nowUs >= this.subscribeUs) this.subscribe();
    return true;
  }

  launched(task: TaskInfo): void {
    this.unacknowledgedTasks.set(task.task_id.value, task);
  }

  update(status: TaskStatus & { readonly uuid: string }): void {
    const update = { status };
    this.unacknowledgedUpdates.set(status.uuid, update);
    if (this.isConnected) this.send(update);
    else this.late.push(update);
  }

  acknowledged(taskId: string, uuid: string): void {
    this.unacknowledgedUpdates.delete(uuid);
    this.unacknowledgedTasks.delete(taskId);
  }

  private send(update: ExecutorCallUpdate): void {
    this.emit({ kind: 'call', call: { ...this.callOf('UPDATE'), update } });
  }

  private callOf(type: 'SUBSCRIBE' | 'UPDATE') {
    const { frameworkId, executorId } = this.options;
    return { type, framework_id: frameworkId, executor_id: executorId } as const;
  }
}
