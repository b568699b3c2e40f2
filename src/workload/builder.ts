/** Builds a workload row by row, in any order of submission, without an object per task. */
import type { Cluster } from '../cluster/cluster.ts';
import type { Constraint } from '../cluster/constraints.ts';
import { compareText, type ResourceAmounts, sortResources, toMilli } from '../cluster/resources.ts';
import { Growable } from './growable.ts';
import { OUTCOME_FINISHED, type Workload } from './workload.ts';

export interface JobDescription {
  /** Omit for workloads whose jobs need no names. */
  readonly id?: string;
  readonly role: string;
  readonly submitUs: number;
  readonly priority?: number;
  readonly isGang?: boolean;
  /** Leave out where the user stated no estimate. */
  readonly estimateUs?: number | undefined;
  /** Most tasks on one agent, counted over all jobs of the same `spreadGroup` (default: this job alone). */
  readonly maxPerAgent?: number;
  readonly spreadGroup?: string;
}

/** Call `job`, then `stage` (left out: one stage), then `tasks`; repeat; then `finish` once. */
export class WorkloadBuilder {
  private readonly name: string;
  private readonly roleNumbers = new Map<string, number>();
  private readonly ids: string[] = [];
  private readonly jobRole = int32();
  private readonly jobSubmitUs = float64();
  private readonly jobPriority = int32();
  private readonly jobIsGang = uint8();
  private readonly jobEstimateUs = float64();
  private readonly jobMaxPerAgent = int32();
  private readonly jobSpreadGroup = int32();
  private readonly jobFirstStage = int32();
  private readonly spreadGroups = new Map<string, number>();
  private hasSpread = false;

  private readonly stageFirstTask = int32();
  private readonly stageFirstAfter = int32();
  /** Numbers of stages within their job. */
  private readonly after = int32();

  private readonly taskRequest = int32();
  private readonly taskDurationUs = float64();
  private readonly taskOutcome = uint8();
  private hasOutcome = false;

  private readonly requestNumbers = new Map<string, number>();
  private readonly requests: { amounts: ResourceAmounts; constraints: readonly Constraint[] | null }[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get jobCount(): number {
    return this.jobRole.length;
  }

  get taskCount(): number {
    return this.taskRequest.length;
  }

  /**
   * The number of a request, for `tasks`; equal requests share one.
   * @param amounts natural units: cores, MiB, devices, Mbit/s. A fraction of `gpus` is a share of one device.
   */
  request(amounts: ResourceAmounts, constraints: readonly Constraint[] | null = null): number {
    const key = constraints ? JSON.stringify([amounts, constraints]) : JSON.stringify(amounts);
    let number = this.requestNumbers.get(key);
    if (number === undefined) {
      number = this.requests.length;
      this.requestNumbers.set(key, number);
      this.requests.push({ amounts, constraints: constraints?.length ? constraints : null });
    }
    return number;
  }

  job(description: JobDescription): void {
    if (description.id !== undefined) this.ids.push(description.id);
    this.jobFirstStage.push(this.stageFirstTask.length);
    this.jobRole.push(numberOf(this.roleNumbers, description.role));
    this.jobSubmitUs.push(description.submitUs);
    this.jobPriority.push(description.priority ?? 0);
    this.jobIsGang.push(description.isGang ? 1 : 0);
    this.jobEstimateUs.push(description.estimateUs ?? -1);
    this.jobMaxPerAgent.push(description.maxPerAgent ?? 0);
    if (description.maxPerAgent) this.hasSpread = true;
    const group = description.spreadGroup;
    this.jobSpreadGroup.push(numberOf(this.spreadGroups, group ? `group ${group}` : `job ${this.jobCount}`));
  }

  /** Opens the next stage of the current job. @param after numbers, within this job, of the stages it waits for */
  stage(after: readonly number[] = []): void {
    this.stageFirstTask.push(this.taskRequest.length);
    this.stageFirstAfter.push(this.after.length);
    for (const stage of after) this.after.push(stage);
  }

  /** Adds `count` equal tasks to the current stage. */
  tasks(count: number, request: number, durationUs: number, outcome: number = OUTCOME_FINISHED): void {
    if (this.jobFirstStage.at(this.jobFirstStage.length - 1) === this.stageFirstTask.length) this.stage();
    if (outcome !== OUTCOME_FINISHED) this.hasOutcome = true;
    for (let i = 0; i < count; i++) {
      this.taskRequest.push(request);
      this.taskDurationUs.push(durationUs);
      this.taskOutcome.push(outcome);
    }
  }

  /** The workload, its jobs sorted by submit time (ties keep the order they were added in). */
  finish(cluster: Cluster | null = null, weights: ReadonlyMap<string, number> = new Map()): Workload {
    const jobCount = this.jobCount;
    const stageCount = this.stageFirstTask.length;
    const taskCount = this.taskCount;
    this.jobFirstStage.push(stageCount);
    this.stageFirstTask.push(taskCount);
    this.stageFirstAfter.push(this.after.length);

    const order = this.submitOrder();
    const firstStage = new Int32Array(jobCount + 1);
    const stageJob = new Int32Array(stageCount);
    const firstTask = new Int32Array(stageCount + 1);
    const firstAfter = new Int32Array(stageCount + 1);
    const after = new Int32Array(this.after.length);
    const taskStage = new Int32Array(taskCount);
    const request = new Int32Array(taskCount);
    const durationUs = new Float64Array(taskCount);
    const outcome = this.hasOutcome ? new Uint8Array(taskCount) : null;
    let stage = 0;
    let task = 0;
    let edge = 0;
    for (let job = 0; job < jobCount; job++) {
      const from = order ? order[job] : job;
      const jobStageBase = stage;
      firstStage[job] = stage;
      for (let s = this.jobFirstStage.at(from); s < this.jobFirstStage.at(from + 1); s++) {
        stageJob[stage] = job;
        firstTask[stage] = task;
        firstAfter[stage] = edge;
        for (let e = this.stageFirstAfter.at(s); e < this.stageFirstAfter.at(s + 1); e++) {
          after[edge++] = jobStageBase + this.after.at(e);
        }
        for (let t = this.stageFirstTask.at(s); t < this.stageFirstTask.at(s + 1); t++) {
          taskStage[task] = stage;
          request[task] = this.taskRequest.at(t);
          durationUs[task] = this.taskDurationUs.at(t);
          if (outcome) outcome[task] = this.taskOutcome.at(t);
          task++;
        }
        stage++;
      }
    }
    firstStage[jobCount] = stage;
    firstTask[stage] = task;
    firstAfter[stage] = edge;

    const roles = [...this.roleNumbers.keys()].sort(compareText);
    const sortedRole = Int32Array.from(this.roleNumbers.keys(), (name) => roles.indexOf(name));
    const { resources, columns } = this.requestColumns();
    const permuted = <T extends Float64Array | Int32Array | Uint8Array>(values: T): T =>
      order ? (values.map((_, job) => values[order[job]]) as T) : values;
    return {
      name: this.name,
      resources,
      roles,
      jobs: {
        count: jobCount,
        ids: this.ids.length === 0 ? null : order ? Array.from(order, (job) => this.ids[job]) : this.ids,
        role: permuted(this.jobRole.take()).map((role) => sortedRole[role]),
        submitUs: permuted(this.jobSubmitUs.take()),
        priority: permuted(this.jobPriority.take()),
        isGang: permuted(this.jobIsGang.take()),
        estimateUs: permuted(this.jobEstimateUs.take()),
        maxPerAgent: this.hasSpread ? permuted(this.jobMaxPerAgent.take()) : null,
        spreadGroup: this.hasSpread ? permuted(this.jobSpreadGroup.take()) : null,
        firstStage,
      },
      stages: {
        count: stageCount,
        job: stageJob,
        firstTask,
        precedence: edge > 0 ? { firstAfter, after } : null,
      },
      tasks: { count: taskCount, stage: taskStage, request, durationUs, outcome },
      requests: columns,
      cluster,
      weights,
    };
  }

  /** Jobs by submit time, stable; `null` if they came so. */
  private submitOrder(): Int32Array | null {
    const submitUs = this.jobSubmitUs;
    let isSorted = true;
    for (let job = 1; job < submitUs.length && isSorted; job++)
      isSorted = submitUs.at(job - 1) <= submitUs.at(job);
    if (isSorted) return null;
    const order = Int32Array.from({ length: submitUs.length }, (_, job) => job);
    return order.sort((a, b) => submitUs.at(a) - submitUs.at(b) || a - b);
  }

  private requestColumns(): { resources: string[]; columns: Workload['requests'] } {
    const resources = sortResources(this.requests.flatMap(({ amounts }) => Object.keys(amounts)));
    const demand = new Float64Array(this.requests.length * resources.length);
    this.requests.forEach(({ amounts }, number) => {
      resources.forEach((name, r) => {
        demand[number * resources.length + r] = toMilli(amounts[name] ?? 0);
      });
    });
    const constraints = this.requests.map((request) => request.constraints);
    return { resources, columns: { count: this.requests.length, demand, constraints } };
  }
}

function numberOf(numbers: Map<string, number>, name: string): number {
  let number = numbers.get(name);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(name, number);
  }
  return number;
}

const int32 = () => new Growable((length) => new Int32Array(length));
const float64 = () => new Growable((length) => new Float64Array(length));
const uint8 = () => new Growable((length) => new Uint8Array(length));
