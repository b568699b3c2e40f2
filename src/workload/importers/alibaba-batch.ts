/** Batch jobs of Alibaba's 2017 and 2018 traces: tasks of equal instances, whose names may tell an order. */
import { secondsToUs } from '../../cluster/time.ts';
import type { WorkloadBuilder } from '../builder.ts';
import { Growable } from '../growable.ts';
import type { Row } from '../rows.ts';
import { parseDagName } from './alibaba-dag.ts';
import type { Span } from './alibaba-spans.ts';

export interface BatchTask extends Span {
  readonly name: string;
  readonly type: string;
  readonly instances: number;
  /** Number of a request of the builder. */
  readonly request: number;
  readonly outcome: number;
}

interface NumberedTask extends BatchTask {
  readonly number: number;
}

export class BatchJobs {
  private readonly maxJobs: number;
  private readonly jobs = new Map<string, Map<string, NumberedTask>>();
  private taskCount = 0;
  /** Instances with rows of their own: task, span and outcome. */
  private readonly instanceTask = new Growable((n) => new Int32Array(n));
  private readonly instanceStart = new Growable((n) => new Float64Array(n));
  private readonly instanceEnd = new Growable((n) => new Float64Array(n));
  private readonly instanceOutcome = new Growable((n) => new Uint8Array(n));
  /** Latest time at which a task or an instance is known to have run. */
  lastSeconds = 0;
  private unknownEdges = 0;

  constructor(maxJobs: number) {
    this.maxJobs = maxJobs;
  }

  /** Takes a task unless its job is beyond the first `maxJobs`. @throws InputError ROW_DUPLICATE */
  add(row: Row, column: string, job: string, task: BatchTask): void {
    let tasks = this.jobs.get(job);
    if (!tasks) {
      if (this.jobs.size >= this.maxJobs) return;
      tasks = new Map();
      this.jobs.set(job, tasks);
    }
    if (tasks.has(task.name))
      throw row.error(column, `task ${task.name} of job ${job} appears twice`, 'ROW_DUPLICATE');
    tasks.set(task.name, { ...task, number: this.taskCount++ });
    this.note(task);
  }

  /** Whether the task was taken, so that its instances matter. */
  has(job: string, task: string): boolean {
    return this.jobs.get(job)?.has(task) ?? false;
  }

  /** One instance of a task that was taken. */
  addInstance(job: string, task: string, span: Span, outcome: number): void {
    this.instanceTask.push(this.jobs.get(job)!.get(task)!.number);
    this.instanceStart.push(span.startSeconds);
    this.instanceEnd.push(span.endSeconds);
    this.instanceOutcome.push(outcome);
    this.note(span);
  }

  /**
   * Adds the jobs: a stage a task, a task an instance. Instances without a row of their own run as long as their task.
   * @param endSeconds the end of the trace as far as other tables tell
   */
  addTo(builder: WorkloadBuilder, endSeconds: number, roleOf: (task: BatchTask) => string): void {
    const traceEnd = Math.max(endSeconds, this.lastSeconds);
    const instances = this.instancesByTask();
    for (const [id, byName] of this.jobs) {
      const tasks = inDagOrder([...byName.values()]);
      let submit = Number.POSITIVE_INFINITY;
      for (const task of tasks) submit = Math.min(submit, task.startSeconds);
      builder.job({ id, role: roleOf(tasks[0]), submitUs: secondsToUs(submit) });
      const stageOf = stagesByDagNumber(tasks);
      for (const task of tasks) {
        builder.stage(this.stagesBefore(task, stageOf));
        const own = instances(task.number);
        for (const instance of own) {
          const seconds = Math.min(this.instanceEnd.at(instance), traceEnd) - this.instanceStart.at(instance);
          builder.tasks(1, task.request, secondsToUs(seconds), this.instanceOutcome.at(instance));
        }
        const taskSeconds = Math.min(task.endSeconds, traceEnd) - task.startSeconds;
        builder.tasks(
          Math.max(0, task.instances - own.length),
          task.request,
          secondsToUs(taskSeconds),
          task.outcome,
        );
      }
    }
  }

  /** Sentences for the report, after `addTo`. */
  notes(): string[] {
    const notes = [
      'A job is submitted when its first task started, since the trace has no submit times; its tasks are stages, and instances are the tasks of a stage.',
      this.instanceTask.length > 0
        ? 'Instances run as long as batch_instance says, in their last attempt; those it lacks run as long as their task.'
        : 'Without batch_instance, every instance runs from its task’s start to its end.',
    ];
    if (this.unknownEdges > 0)
      notes.push(
        `${this.unknownEdges} dependencies on tasks that were left out or come later in their job are left out.`,
      );
    return notes;
  }

  private note({ startSeconds, endSeconds }: Span): void {
    const last = Number.isFinite(endSeconds) ? endSeconds : startSeconds;
    if (last > this.lastSeconds) this.lastSeconds = last;
  }

  /** Counting sort of the instances by task: the numbers of those of a task, in the order of their rows. */
  private instancesByTask(): (task: number) => Int32Array {
    const first = new Int32Array(this.taskCount + 1);
    for (let i = 0; i < this.instanceTask.length; i++) first[this.instanceTask.at(i) + 1]++;
    for (let task = 0; task < this.taskCount; task++) first[task + 1] += first[task];
    const next = first.slice();
    const order = new Int32Array(this.instanceTask.length);
    for (let i = 0; i < order.length; i++) order[next[this.instanceTask.at(i)]++] = i;
    return (task) => order.subarray(first[task], first[task + 1]);
  }

  /** A task waits for lower numbers only: a name that points the other way could close a circle. */
  private stagesBefore(task: BatchTask, stageOf: ReadonlyMap<number, number>): number[] {
    const dag = parseDagName(task.name);
    if (!dag) return [];
    const known = dag.after.filter((number) => number < dag.number && stageOf.has(number));
    this.unknownEdges += dag.after.length - known.length;
    return known.map((number) => stageOf.get(number)!);
  }
}

/** By number, then those without one: so that a stage comes after earlier ones only. */
function inDagOrder<T extends BatchTask>(tasks: readonly T[]): T[] {
  const numberOf = (task: T) => parseDagName(task.name)?.number ?? Number.MAX_SAFE_INTEGER;
  return [...tasks].sort((a, b) => numberOf(a) - numberOf(b));
}

function stagesByDagNumber(tasks: readonly BatchTask[]): Map<number, number> {
  const stages = new Map<number, number>();
  tasks.forEach((task, stage) => {
    const dag = parseDagName(task.name);
    if (dag) stages.set(dag.number, stage);
  });
  return stages;
}
