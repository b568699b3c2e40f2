/** One task of an executor, from its launch to its end: its states, its checks, and the stages of killing it (reference §6.1). */
import { US_PER_SECOND } from '../cluster/time.ts';
import { cancelTimer, type Timer, type Timers } from '../protocol/timers.ts';
import type {
  CheckStatusInfo,
  ContainerStatus,
  KillPolicy,
  TaskInfo,
  TaskState,
  TaskStatus,
  TaskStatusReason,
} from '../protocol/v1/mesos.ts';
import type { ExecutorEffect, ExecutorInput, ProbeKind, ProbeResult } from './io.ts';
import { Probes } from './probes.ts';
import { describeEnd } from './wait-status.ts';

const DEFAULT_GRACE_US = 3 * US_PER_SECOND;

export type Update = Pick<
  TaskStatus,
  'state' | 'message' | 'reason' | 'healthy' | 'check_status' | 'container_status'
>;

export interface TaskRunOutlets {
  update(update: Update): void;
  emit(effect: ExecutorEffect): void;
  /** Whether the framework knows TASK_KILLING. */
  tellsKilling(): boolean;
}

export class TaskRun {
  readonly info: TaskInfo;
  readonly group: readonly TaskInfo[];
  private readonly timers: Timers;
  private readonly outlets: TaskRunOutlets;
  private readonly probes: Probes;
  private state: TaskState = 'TASK_STARTING';
  private isKilled = false;
  /** When SIGKILL is due; `null`: nobody wants it killed, or it was sent. */
  private force: Timer | null = null;
  private completion: Timer | null = null;
  private hasOverrun = false;
  private giveUpMessage: string | null = null;
  private isHealthy: boolean | null = null;
  private checkStatus: CheckStatusInfo | null;
  private containerStatus: ContainerStatus | null = null;
  private nowUs = 0;

  constructor(info: TaskInfo, group: readonly TaskInfo[], timers: Timers, outlets: TaskRunOutlets) {
    this.info = info;
    this.group = group;
    this.timers = timers;
    this.outlets = outlets;
    this.probes = new Probes(info.check, info.health_check, timers, {
      probe: (probe, definition) => outlets.emit({ kind: 'probe-task', task: info, probe, definition }),
      checkChanged: (status) => {
        this.checkStatus = status;
        this.tell('REASON_TASK_CHECK_STATUS_UPDATED');
      },
      healthChanged: (isHealthy) => {
        this.isHealthy = isHealthy;
        this.tell('REASON_TASK_HEALTH_CHECK_STATUS_UPDATED');
      },
      gaveUp: (message) => {
        this.giveUpMessage = message;
        this.kill(undefined, this.nowUs);
      },
    });
    this.checkStatus = this.probes.emptyStatus;
  }

  launch(nowUs: number): void {
    this.tell();
    this.outlets.emit({ kind: 'start-task', task: this.info });
    const most = this.info.max_completion_time;
    if (most === undefined) return;
    const dueUs = nowUs + Math.ceil(most.nanoseconds / 1000);
    this.completion = this.timers.set(dueUs, () => {
      this.hasOverrun = true;
      this.kill(undefined, dueUs);
    });
  }

  started(containerStatus: ContainerStatus | null, nowUs: number): void {
    this.containerStatus = containerStatus;
    if (this.state !== 'TASK_STARTING') return;
    this.state = 'TASK_RUNNING';
    this.tell();
    this.probes.start(nowUs);
  }

  probed(kind: ProbeKind, result: ProbeResult, nowUs: number): void {
    this.nowUs = nowUs;
    this.probes.result(kind, result, nowUs);
  }

  /** A second kill may shorten the grace, never lengthen it. */
  kill(policy: KillPolicy | undefined, nowUs: number): void {
    const grace = policy?.grace_period ?? this.info.kill_policy?.grace_period;
    const forceUs = nowUs + (grace === undefined ? DEFAULT_GRACE_US : Math.ceil(grace.nanoseconds / 1000));
    const taskId = this.info.task_id.value;
    if (!this.isKilled) {
      this.isKilled = true;
      this.probes.stop();
      if (this.outlets.tellsKilling()) {
        this.state = 'TASK_KILLING';
        this.tell();
      }
      this.outlets.emit({ kind: 'signal-task', taskId, isForced: false });
    } else if (this.force === null || this.force.dueUs <= forceUs) return;
    cancelTimer(this.force);
    this.force = this.timers.set(forceUs, () => {
      this.force = null;
      this.outlets.emit({ kind: 'signal-task', taskId, isForced: true });
    });
  }

  /** @returns its final state */
  ended({ status, reason, message }: Extract<ExecutorInput, { kind: 'task-ended' }>): TaskState {
    this.probes.stop();
    cancelTimer(this.force);
    cancelTimer(this.completion);
    const said = message ?? describeEnd(status);
    if (this.hasOverrun) {
      this.state = 'TASK_FAILED';
      this.tell('REASON_MAX_COMPLETION_TIME_REACHED', `Task exceeded its maximum completion time; ${said}`);
    } else if (this.isKilled && reason === null) {
      this.state = 'TASK_KILLED';
      this.tell(undefined, this.giveUpMessage ?? said);
    } else {
      this.state = status === 0 ? 'TASK_FINISHED' : 'TASK_FAILED';
      this.tell(status === 0 ? undefined : (reason ?? 'REASON_COMMAND_EXECUTOR_FAILED'), said);
    }
    return this.state;
  }

  private tell(reason?: TaskStatusReason, message?: string): void {
    this.outlets.update({
      state: this.state,
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message }),
      ...(this.isHealthy !== null && { healthy: this.isHealthy }),
      ...(this.checkStatus !== null && { check_status: this.checkStatus }),
      ...(this.containerStatus !== null && { container_status: this.containerStatus }),
    });
  }
}
