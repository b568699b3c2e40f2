/** Folds a log of task events (submit, schedule, end …) into tasks: what Google's traces are made of. */
import type { JobDescription, WorkloadBuilder } from '../builder.ts';
import { Growable } from '../growable.ts';
import { keptText } from '../kept-text.ts';
import { OUTCOME_FINISHED } from '../workload.ts';
import type { ImportReport } from './importer.ts';

/** What an event says of a task; an end is `ENDED` plus an `OUTCOME_…` of the workload. */
export const SUBMITTED = 0;
export const SCHEDULED = 1;
/** Its request was stated anew. */
export const UPDATED = 2;
export const ENDED = 3;

/** Number of a request that no event has stated yet. */
export const NO_REQUEST = -1;

const NOT_RUNNING = -1;

export type JobOfLog = Pick<JobDescription, 'role' | 'maxPerAgent'>;

/**
 * Events of one task must come in order of time; tasks may be interleaved. Task state is kept in columns, since real
 * logs have tens of millions of tasks.
 *
 * The states of a task are pending (submitted), running (scheduled) and dead (ended); a dead task may be submitted again.
 * Events that a log lacks are bridged: scheduling a running task changes nothing, and an end without a start is no run.
 */
export class TaskLog {
  private readonly jobIds: string[] = [];
  private readonly jobNumbers = new Map<string, number>();
  /** Task number by index within the job. A map a job: one map of all would outgrow what a Map can hold. */
  private readonly jobTasks: Map<number, number>[] = [];

  private readonly taskJob = int32();
  private readonly taskIndex = int32();
  private readonly submitUs = float64();
  private readonly runningSinceUs = float64();
  /** −1: has never run. */
  private readonly workUs = float64();
  private readonly request = int32();
  private readonly priority = int32();
  private readonly outcome = uint8();

  /** Attempts that have ended, `null` if they are not kept. */
  private readonly attempts: {
    readonly task: Growable<Int32Array>;
    readonly submitUs: Growable<Float64Array>;
    readonly workUs: Growable<Float64Array>;
    readonly outcome: Growable<Uint8Array>;
  } | null;
  private lastUs = 0;

  /** @param keepsAttempts every attempt becomes a task, rather than every task having its total work once */
  constructor(keepsAttempts: boolean) {
    this.attempts = keepsAttempts
      ? { task: int32(), submitUs: float64(), workUs: float64(), outcome: uint8() }
      : null;
  }

  /** The number of a task. @param priority of a task that is new */
  task(job: string, index: number, priority: number): number {
    let jobNumber = this.jobNumbers.get(job);
    if (jobNumber === undefined) {
      jobNumber = this.jobIds.length;
      const id = keptText(job);
      this.jobNumbers.set(id, jobNumber);
      this.jobIds.push(id);
      this.jobTasks.push(new Map());
    }
    let task = this.jobTasks[jobNumber].get(index);
    if (task === undefined) {
      task = this.taskJob.length;
      this.jobTasks[jobNumber].set(index, task);
      this.taskJob.push(jobNumber);
      this.taskIndex.push(index);
      this.submitUs.push(Number.POSITIVE_INFINITY);
      this.runningSinceUs.push(NOT_RUNNING);
      this.workUs.push(-1);
      this.request.push(NO_REQUEST);
      this.priority.push(priority);
      this.outcome.push(OUTCOME_FINISHED);
    }
    return task;
  }

  /** @param kind one of `SUBMITTED` … `ENDED` + outcome; @param request stated with the event, or `NO_REQUEST` */
  apply(task: number, kind: number, timeUs: number, request: number): void {
    if (timeUs > this.lastUs) this.lastUs = timeUs;
    if (request !== NO_REQUEST) this.request.set(task, request);
    if (kind >= ENDED) {
      this.outcome.set(task, kind - ENDED);
      this.stopRunning(task, timeUs);
      return;
    }
    const isFirst = this.submitUs.at(task) === Number.POSITIVE_INFINITY;
    if (isFirst || (kind === SUBMITTED && this.attempts !== null)) this.submitUs.set(task, timeUs);
    if (kind === SCHEDULED && this.runningSinceUs.at(task) === NOT_RUNNING) {
      this.runningSinceUs.set(task, timeUs);
      this.outcome.set(task, OUTCOME_FINISHED);
    }
  }

  /**
   * Adds jobs and tasks to the builder. Tasks that still run end with the log; tasks that never ran, or never said
   * what they need, are left out and counted.
   */
  finish(
    builder: WorkloadBuilder,
    report: ImportReport,
    maxJobs: number,
    describe: (job: string) => JobOfLog,
  ): void {
    for (let task = 0; task < this.taskJob.length; task++) this.stopRunning(task, this.lastUs);
    if (this.attempts === null) this.addTasks(builder, report, maxJobs, describe);
    else this.addAttempts(builder, report, maxJobs, describe);
  }

  private stopRunning(task: number, timeUs: number): void {
    const sinceUs = this.runningSinceUs.at(task);
    if (sinceUs === NOT_RUNNING) return;
    this.runningSinceUs.set(task, NOT_RUNNING);
    this.workUs.set(task, Math.max(0, this.workUs.at(task)) + timeUs - sinceUs);
    if (this.attempts === null) return;
    this.attempts.task.push(task);
    this.attempts.submitUs.push(this.submitUs.at(task));
    this.attempts.workUs.push(timeUs - sinceUs);
    this.attempts.outcome.push(this.outcome.at(task));
  }

  private addTasks(
    builder: WorkloadBuilder,
    report: ImportReport,
    maxJobs: number,
    describe: (job: string) => JobOfLog,
  ): void {
    for (const [job, tasks] of this.jobTasks.entries()) {
      if (builder.jobCount >= maxJobs) return;
      const usable = [...tasks.values()].filter((task) => !this.isLeftOut(task, report));
      if (usable.length === 0) continue;
      let submitUs = Number.POSITIVE_INFINITY;
      for (const task of usable) submitUs = Math.min(submitUs, this.submitUs.at(task));
      const id = this.jobIds[job];
      builder.job({ id, ...describe(id), submitUs, priority: this.priority.at(usable[0]) });
      for (const task of usable)
        builder.tasks(1, this.request.at(task), this.workUs.at(task), this.outcome.at(task));
    }
  }

  /** Counts the task if it is. */
  private isLeftOut(task: number, report: ImportReport): boolean {
    const hasRun = this.workUs.at(task) >= 0;
    if (hasRun && this.request.at(task) !== NO_REQUEST) return false;
    report.leaveOut(hasRun ? 'task that never stated a request' : 'task that never ran');
    return true;
  }

  /** Attempts come at their own times, so each is a job; those of one job share its limit per agent. */
  private addAttempts(
    builder: WorkloadBuilder,
    report: ImportReport,
    maxJobs: number,
    describe: (job: string) => JobOfLog,
  ): void {
    const { task: tasks, submitUs, workUs, outcome } = this.attempts!;
    const counts = new Int32Array(this.taskJob.length);
    const leftOut = Uint8Array.from(counts, (_, task) => (this.isLeftOut(task, report) ? 1 : 0));
    for (let attempt = 0; attempt < tasks.length && builder.jobCount < maxJobs; attempt++) {
      const task = tasks.at(attempt);
      if (leftOut[task] === 1) continue;
      const job = this.jobIds[this.taskJob.at(task)];
      counts[task]++;
      builder.job({
        id: `${job}/${this.taskIndex.at(task)}#${counts[task]}`,
        ...describe(job),
        spreadGroup: job,
        submitUs: submitUs.at(attempt),
        priority: this.priority.at(task),
      });
      builder.tasks(1, this.request.at(task), workUs.at(attempt), outcome.at(attempt));
    }
  }
}

const int32 = () => new Growable((length) => new Int32Array(length));
const float64 = () => new Growable((length) => new Float64Array(length));
const uint8 = () => new Growable((length) => new Uint8Array(length));
