/** The tasks that a scheduler launched and that have not ended, and which of them the master should be asked about. */
import type { TaskID, TaskState } from '../protocol/v1/mesos.ts';

export interface KnownTask {
  readonly taskId: TaskID;
  readonly agentId: string;
  state: TaskState;
  /** What its health check says; `null`: nothing yet. */
  isHealthy: boolean | null;
  /** When the master last said something about it, or it was launched. */
  heardUs: number;
  /** The scheduler wants it dead. */
  isKilled: boolean;
}

/** A launch of which nothing was heard for so long may have been lost. */
const SILENT_LAUNCH_US = 20_000_000;

export class TaskBook {
  private readonly tasks = new Map<string, KnownTask>();

  get size(): number {
    return this.tasks.size;
  }

  /** Tasks that may be unreachable for good are not waited for. */
  get reachableCount(): number {
    let count = 0;
    for (const { state } of this.tasks.values()) if (state !== 'TASK_UNREACHABLE') count++;
    return count;
  }

  get(taskId: string): KnownTask | undefined {
    return this.tasks.get(taskId);
  }

  add(taskId: string, agentId: string, heardUs: number): void {
    this.tasks.set(taskId, {
      taskId: { value: taskId },
      agentId,
      state: 'TASK_STAGING',
      isHealthy: null,
      heardUs,
      isKilled: false,
    });
  }

  delete(taskId: string): void {
    this.tasks.delete(taskId);
  }

  /** Whether the task was launched at all is not known. */
  doubt(taskId: string): void {
    const task = this.tasks.get(taskId);
    if (task?.state === 'TASK_STAGING') task.heardUs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Tasks whose state is in doubt: those not heard of since the subscription, and launches that stay silent.
   * @param subscribedUs when the present subscription began
   */
  inDoubt(subscribedUs: number, nowUs: number): KnownTask[] {
    const doubtful: KnownTask[] = [];
    for (const task of this.tasks.values()) {
      const isSilent = task.state === 'TASK_STAGING' && nowUs - task.heardUs >= SILENT_LAUNCH_US;
      if (task.heardUs < subscribedUs || isSilent) doubtful.push(task);
    }
    return doubtful;
  }
}
