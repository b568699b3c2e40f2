/** Folds a log of task events (submit, schedule, end …) into tasks: what Google's traces are made of. */
import type { ResourceAmounts } from '../../cluster/resources.ts';
import type { WorkloadBuilder } from '../builder.ts';
import { Growable } from '../growable.ts';
import { OUTCOME_FINISHED } from '../workload.ts';
import type { ImportReport } from './importer.ts';

/** What a task asks for, as it was last stated. */
export interface TaskTerms {
  /** Number of a request of the builder. */
  readonly request: number;
  readonly priority: number;
}

/** What is known of a job beside its tasks. */
export interface LoggedJob {
  readonly role: string;
  readonly maxPerAgent?: number;
}

const NOT_RUNNING = -1;

/**
 * Events of a task must come in order of time; tasks may be interleaved. Task state is kept in columns, since real logs
 * have tens of millions of tasks.
 */
export class TaskLog {
  /** Task numbers by job and index within it, in order of first appearance. */
  private readonly jobs = new Map<string, Map<number, number>>();
  private readonly submitUs = new Growable((n) => new Float64Array(n));
  private readonly runningSinceUs = new Growable((n) => new Float64Array(n));
  private readonly workUs = new Growable((n) => new Float64Array(n));
  private readonly request = new Growable((n) => new Int32Array(n));
  private readonly priority = new Growable((n) => new Int32Array(n));
  private readonly outcome = new Growable((n) => new Uint8Array(n));
  /** Attempts that have ended, if they are replayed one by one. */
  private readonly attempts:
    | { job: string; submitUs: number; workUs: number; task: number; outcome: number }[]
    | null;
  private lastUs = 0;

  /** @param keepsAttempts every attempt becomes a task, rather than every task having its total work once */
  constructor(keepsAttempts: boolean) {
    this.attempts = keepsAttempts ? [] : null;
  }

  submit(job: string, index: number, timeUs: number, terms: TaskTerms): void {
    const task = this.taskOf(job, index, timeUs, terms);
    if (this.attempts !== null) this.submitUs.set(task, timeUs);
  }

  schedule(job: string, index: number, timeUs: number, terms: TaskTerms): void {
    this.runningSinceUs.set(this.taskOf(job, index, timeUs, terms), timeUs);
  }

  update(job: string, index: number, timeUs: number, terms: TaskTerms): void {
    const task = this.taskOf(job, index, timeUs, terms);
    this.request.set(task, terms.request);
  }

  end(job: string, index: number, timeUs: number, terms: TaskTerms, outcome: number): void {
    const task = this.taskOf(job, index, timeUs, terms);
    this.outcome.set(task, outcome);
    this.stopRunning(job, task, timeUs, outcome);
  }

  /**
   * Adds jobs and tasks to the builder. Tasks that still run end with the log; tasks that never ran are left out.
   * @param describe what is known of a job; `null`: leave it out, which the caller has counted
   */
  finish(
    builder: WorkloadBuilder,
    report: ImportReport,
    maxJobs: number,
    describe: (job: string) => LoggedJob | null,
  ): void {
    for (const [job, tasks] of this.jobs) {
      for (const task of tasks.values()) this.stopRunning(job, task, this.lastUs, OUTCOME_FINISHED);
    }
    if (this.attempts !== null) this.addAttempts(builder, maxJobs, describe);
    else this.addTasks(builder, report, maxJobs, describe);
  }

  private addTasks(
    builder: WorkloadBuilder,
    report: ImportReport,
    maxJobs: number,
    describe: (job: string) => LoggedJob | null,
  ): void {
    for (const [job, tasks] of this.jobs) {
      if (builder.jobCount >= maxJobs) return;
      const description = describe(job);
      if (description === null) continue;
      const ran = [...tasks.values()].filter((task) => this.workUs.at(task) >= 0);
      for (let i = ran.length; i < tasks.size; i++) report.leaveOut('task that never ran');
      if (ran.length === 0) continue;
      builder.job({
        id: job,
        ...description,
        submitUs: ran.reduce(
          (least, task) => Math.min(least, this.submitUs.at(task)),
          Number.POSITIVE_INFINITY,
        ),
        priority: this.priority.at(ran[0]),
      });
      for (const task of ran)
        builder.tasks(1, this.request.at(task), this.workUs.at(task), this.outcome.at(task));
    }
  }

  private addAttempts(
    builder: WorkloadBuilder,
    maxJobs: number,
    describe: (job: string) => LoggedJob | null,
  ): void {
    for (const [number, { job, submitUs, workUs, task, outcome }] of this.attempts!.entries()) {
      if (builder.jobCount >= maxJobs) return;
      const description = describe(job);
      if (description === null) continue;
      builder.job({ id: `${job}#${number}`, ...description, submitUs, priority: this.priority.at(task) });
      builder.tasks(1, this.request.at(task), workUs, outcome);
    }
  }

  private stopRunning(job: string, task: number, timeUs: number, outcome: number): void {
    const since = this.runningSinceUs.at(task);
    if (since === NOT_RUNNING) return;
    const workUs = timeUs - since;
    this.runningSinceUs.set(task, NOT_RUNNING);
    this.workUs.set(task, Math.max(0, this.workUs.at(task)) + workUs);
    this.attempts?.push({ job, submitUs: this.submitUs.at(task), workUs, task, outcome });
  }

  private taskOf(job: string, index: number, timeUs: number, { request, priority }: TaskTerms): number {
    this.lastUs = Math.max(this.lastUs, timeUs);
    let tasks = this.jobs.get(job);
    if (!tasks) {
      tasks = new Map();
      this.jobs.set(job, tasks);
    }
    let task = tasks.get(index);
    if (task === undefined) {
      task = this.submitUs.length;
      tasks.set(index, task);
      this.submitUs.push(timeUs);
      this.runningSinceUs.push(NOT_RUNNING);
      this.workUs.push(-1);
      this.request.push(request);
      this.priority.push(priority);
      this.outcome.push(OUTCOME_FINISHED);
    }
    return task;
  }
}

/** What a constraint-free request is made of, in natural units; zero amounts are left out. */
export function statedAmounts(amounts: ResourceAmounts): ResourceAmounts {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount > 0));
}
