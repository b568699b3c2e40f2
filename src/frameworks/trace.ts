/**
 * Plays the jobs of one role of a workload as a framework would: jobs come in at their times, stages wait for those
 * they come after, gangs hold offers until all their tasks can start.
 */
import { US_PER_SECOND } from '../cluster/time.ts';
import type { TaskInfo, TaskStatus } from '../protocol/v1/mesos.ts';
import { jobTasks, OUTCOME_FINISHED, type Workload } from '../workload/workload.ts';
import type { Application, OfferUse, SavedChange } from './application.ts';
import { Attempts, itemOf, traceVerdictOf } from './attempts.ts';
import type { Needs, OpenOffer } from './open-offer.ts';
import { WorkQueue } from './work-queue.ts';

export interface TraceOptions {
  /** When the workload's time 0 is. */
  readonly startUs: number;
  readonly refuseUs: number;
  /** How long offers are held for a gang. */
  readonly holdUs: number;
  readonly replaceUnreachableAfterUs: number;
}

export const TRACE_DEFAULTS: TraceOptions = {
  startUs: 0,
  refuseUs: 5_000_000,
  holdUs: 5_000_000,
  replaceUnreachableAfterUs: 60_000_000,
};

export class Trace implements Application {
  readonly refuseUs: number;
  private readonly workload: Workload;
  private readonly options: TraceOptions;
  private readonly attempts: Attempts;
  private readonly jobs: readonly number[];
  private readonly needs = new Map<number, Needs>();
  private readonly queue = new WorkQueue();
  /** Gangs that are ready, by stage. */
  private readonly gangs: number[] = [];
  /** Of stages that were submitted: stages they still wait for, and tasks that have not ended. */
  private readonly waitsFor = new Map<number, number>();
  private readonly openTasks = new Map<number, number>();
  private readonly spread = new Map<string, number>();
  private nextJob = 0;
  private taskCount = 0;
  private killed: string[] = [];
  /** Until when offers are held for the first gang; Infinity: none are held. */
  private holdUntilUs = Number.POSITIVE_INFINITY;
  /** After a hold in vain others have their turn until then. */
  private nextHoldUs = Number.NEGATIVE_INFINITY;

  /** @param role number of the role whose jobs are played */
  constructor(workload: Workload, role: number, options: TraceOptions = TRACE_DEFAULTS) {
    this.workload = workload;
    this.options = options;
    this.refuseUs = options.refuseUs;
    this.attempts = new Attempts(options.replaceUnreachableAfterUs);
    const jobs: number[] = [];
    for (let job = 0; job < workload.jobs.count; job++) if (workload.jobs.role[job] === role) jobs.push(job);
    this.jobs = jobs;
    for (const job of jobs) {
      const [first, end] = jobTasks(workload, job);
      this.taskCount += end - first;
    }
  }

  start(entries: Readonly<Record<string, unknown>>, nowUs: number): void {
    this.attempts.start(entries);
    this.tick(nowUs);
  }

  get wantsOffers(): boolean {
    return this.queue.size > 0 || this.gangs.length > 0;
  }

  get isDone(): boolean {
    return this.attempts.endedCount === this.taskCount;
  }

  get nextTimerUs(): number {
    const submitUs =
      this.nextJob < this.jobs.length
        ? this.options.startUs + this.workload.jobs.submitUs[this.jobs[this.nextJob]]
        : Number.POSITIVE_INFINITY;
    return Math.min(submitUs, this.holdUntilUs, this.attempts.nextOverdueUs);
  }

  tick(nowUs: number): void {
    const { submitUs } = this.workload.jobs;
    while (
      this.nextJob < this.jobs.length &&
      this.options.startUs + submitUs[this.jobs[this.nextJob]] <= nowUs
    )
      this.submit(this.jobs[this.nextJob++]);
    for (const task of this.attempts.overdue(nowUs)) this.again(task);
    if (this.holdUntilUs <= nowUs) {
      this.holdUntilUs = Number.POSITIVE_INFINITY;
      this.nextHoldUs = nowUs + this.options.holdUs;
    }
  }

  place(offers: readonly OpenOffer[], nowUs: number): readonly OfferUse[] {
    const tasks = new Map<OpenOffer, TaskInfo[]>(offers.map((offer) => [offer, []]));
    const isHolding = this.placeGangs(offers, tasks, nowUs);
    if (!isHolding)
      for (const offer of offers) {
        for (;;) {
          const task = this.queue.takeFirst(
            (request, head) => offer.canHost(this.needsOf(request)) && this.maySpread(head, offer.agentId),
          );
          if (task < 0) break;
          this.launch(task, offer, tasks.get(offer)!);
        }
      }
    return offers.map((offer) => {
      const launched = tasks.get(offer)!;
      return { offer, tasks: launched, isHeld: isHolding && launched.length === 0 };
    });
  }

  taskChanged(taskId: string, agentId: string, status: TaskStatus, nowUs: number): void {
    const { state } = status;
    this.attempts.changed(taskId, state, nowUs);
    const verdict = traceVerdictOf(status);
    const task = itemOf(taskId);
    if (verdict !== null) this.countSpread(task, agentId, -1);
    if (!this.attempts.isPresent(taskId)) {
      if (verdict === null && state !== 'TASK_UNREACHABLE') this.killed.push(taskId);
    } else if (verdict === 'lost') this.again(task);
    else if (verdict !== null) this.endTask(task);
  }

  kills(): readonly string[] {
    const kills = this.killed;
    this.killed = [];
    return kills;
  }

  changes(): readonly SavedChange[] {
    return this.attempts.changes();
  }

  private submit(job: number): void {
    const { jobs, stages } = this.workload;
    for (let stage = jobs.firstStage[job]; stage < jobs.firstStage[job + 1]; stage++) {
      let open = 0;
      for (let task = stages.firstTask[stage]; task < stages.firstTask[stage + 1]; task++)
        if (!this.attempts.hasEnded(task)) open++;
      this.openTasks.set(stage, open);
    }
    for (let stage = jobs.firstStage[job]; stage < jobs.firstStage[job + 1]; stage++) {
      const waiting = this.before(stage).filter((earlier) => this.openTasks.get(earlier)! > 0).length;
      this.waitsFor.set(stage, waiting);
      if (waiting === 0) this.makeReady(stage);
    }
  }

  /** Tasks of an earlier run of this scheduler go on; those which it never placed are queued. */
  private makeReady(stage: number): void {
    const { jobs, stages, tasks } = this.workload;
    const first = stages.firstTask[stage];
    const isUntouched = this.openTasks.get(stage) === stages.firstTask[stage + 1] - first;
    if (jobs.isGang[stages.job[stage]] && isUntouched && !this.attempts.isOpen(first)) {
      this.gangs.push(stage);
      return;
    }
    for (let task = first; task < stages.firstTask[stage + 1]; task++)
      if (!this.attempts.isOpen(task) && !this.attempts.hasEnded(task))
        this.queue.add(task, tasks.request[task]);
  }

  private again(task: number): void {
    this.attempts.giveUp(task);
    this.queue.add(task, this.workload.tasks.request[task]);
  }

  private endTask(task: number): void {
    this.attempts.end(task);
    const stage = this.workload.tasks.stage[task];
    const open = this.openTasks.get(stage)! - 1;
    this.openTasks.set(stage, open);
    if (open > 0) return;
    const { jobs, stages } = this.workload;
    const job = stages.job[stage];
    for (let later = jobs.firstStage[job]; later < jobs.firstStage[job + 1]; later++) {
      if (!this.before(later).includes(stage)) continue;
      const waiting = this.waitsFor.get(later)! - 1;
      this.waitsFor.set(later, waiting);
      if (waiting === 0) this.makeReady(later);
    }
  }

  private before(stage: number): readonly number[] {
    const { precedence } = this.workload.stages;
    if (precedence === null) return [];
    const { firstAfter, after } = precedence;
    return [...after.subarray(firstAfter[stage], firstAfter[stage + 1])];
  }

  /**
   * First gang first: its tasks start together on the offers at hand, or these are held for a while.
   * @returns whether offers are held
   */
  private placeGangs(
    offers: readonly OpenOffer[],
    tasks: ReadonlyMap<OpenOffer, TaskInfo[]>,
    nowUs: number,
  ): boolean {
    while (this.gangs.length > 0 && this.placeGang(this.gangs[0], offers, tasks)) this.gangs.shift();
    if (this.gangs.length === 0) this.holdUntilUs = Number.POSITIVE_INFINITY;
    else if (this.holdUntilUs === Number.POSITIVE_INFINITY && nowUs >= this.nextHoldUs)
      this.holdUntilUs = nowUs + this.options.holdUs;
    return this.holdUntilUs !== Number.POSITIVE_INFINITY;
  }

  /** All tasks or none, each on the first offer where it fits; `false`: there is no room for all. */
  private placeGang(
    stage: number,
    offers: readonly OpenOffer[],
    tasks: ReadonlyMap<OpenOffer, TaskInfo[]>,
  ): boolean {
    const { stages, tasks: columns } = this.workload;
    const [first, end] = [stages.firstTask[stage], stages.firstTask[stage + 1]];
    const trials = new Map(offers.map((offer) => [offer, offer.trial()]));
    const hosts: OpenOffer[] = [];
    const perAgent = new Map<string, number>();
    for (let task = first; task < end; task++) {
      const needs = this.needsOf(columns.request[task]);
      const host = offers.find((offer) => {
        const more = perAgent.get(offer.agentId) ?? 0;
        return trials.get(offer)!.canHost(needs) && this.maySpread(task, offer.agentId, more);
      });
      if (host === undefined) return false;
      trials.get(host)!.take(needs.demand);
      perAgent.set(host.agentId, (perAgent.get(host.agentId) ?? 0) + 1);
      hosts.push(host);
    }
    for (const [index, host] of hosts.entries()) this.launch(first + index, host, tasks.get(host)!);
    return true;
  }

  private launch(task: number, offer: OpenOffer, launched: TaskInfo[]): void {
    const { durationUs, outcome, request } = this.workload.tasks;
    const { demand } = this.needsOf(request[task]);
    const isFinished = outcome === null || outcome[task] === OUTCOME_FINISHED;
    const sleep = `sleep ${durationUs[task] / US_PER_SECOND}`;
    this.countSpread(task, offer.agentId, 1);
    launched.push({
      name: String(task),
      task_id: { value: this.attempts.begin(task) },
      agent_id: offer.offer.agent_id,
      resources: offer.take(demand),
      command: { value: isFinished ? sleep : `${sleep}; exit 1` },
    });
  }

  private needsOf(request: number): Needs {
    let needs = this.needs.get(request);
    if (needs === undefined) {
      const { resources, requests } = this.workload;
      const amounts = requests.demand.subarray(request * resources.length, (request + 1) * resources.length);
      needs = {
        demand: resources.map((name, r) => ({ name, milli: amounts[r] })).filter(({ milli }) => milli > 0),
        constraints: requests.constraints[request] ?? [],
      };
      this.needs.set(request, needs);
    }
    return needs;
  }

  /** Whether the job's limit per agent allows one more task there, besides `more` about to be placed. */
  private maySpread(task: number, agentId: string, more = 0): boolean {
    const most = this.workload.jobs.maxPerAgent?.[this.jobOf(task)] ?? 0;
    return most === 0 || (this.spread.get(this.spreadKey(task, agentId)) ?? 0) + more < most;
  }

  private countSpread(task: number, agentId: string, change: 1 | -1): void {
    if ((this.workload.jobs.maxPerAgent?.[this.jobOf(task)] ?? 0) === 0) return;
    const key = this.spreadKey(task, agentId);
    this.spread.set(key, (this.spread.get(key) ?? 0) + change);
  }

  private spreadKey(task: number, agentId: string): string {
    return `${this.workload.jobs.spreadGroup![this.jobOf(task)]} ${agentId}`;
  }

  private jobOf(task: number): number {
    return this.workload.stages.job[this.workload.tasks.stage[task]];
  }
}
