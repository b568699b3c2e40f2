/**
 * The books of a protocol simulation: how jobs and tasks went, seen from what schedulers send and hear and from what
 * executors report, kept in the board and recorder of replays, so that results have the same shape and meaning.
 *
 * A task holds resources from the ACCEPT that launches it until its executor reports its end, or its scheduler hears that
 * it is over; it starts when its executor reports that it runs.
 */
import { Board, type BoardListener, TASK_ENDED, TASK_WAITING } from '../../allocator/board.ts';
import { FitSearch } from '../../allocator/fit-search.ts';
import { itemOf, traceVerdictOf } from '../../frameworks/attempts.ts';
import { idealTimeUs } from '../../metrics/ideal-time.ts';
import { Recorder } from '../../metrics/recorder.ts';
import type { OfferCounts } from '../../metrics/summary.ts';
import type { TaskStatus } from '../../protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import type { Workload } from '../../workload/workload.ts';
import { Feasibility } from '../feasibility.ts';
import type { ReplayOptions } from '../options.ts';
import type { BoardOutcome, ReplayCounts } from '../outcome.ts';
import { alignedTotal, setUpReplay } from '../replay-setup.ts';
import { fragmentsOf } from '../typical-tasks.ts';
import type { AgentChange } from './agent-changes.ts';

type Verdict = NonNullable<ReturnType<typeof traceVerdictOf>>;

/** A launch on resources of an attempt whose end is not in the books yet. */
interface EarlyLaunch {
  readonly task: number;
  readonly taskId: string;
  readonly agent: number;
  /** How it ended meanwhile; `null`: it has not. */
  verdict: Verdict | null;
}

export class Books implements BoardListener {
  readonly workload: Workload;
  readonly recorder: Recorder;
  readonly counts: ReplayCounts;
  readonly offerCounts: { -readonly [K in keyof OfferCounts]: number } = {
    made: 0,
    accepted: 0,
    declined: 0,
    rescinded: 0,
  };
  /** By job, µs; NaN before it was submitted. */
  readonly idealUs: Float64Array;
  /** When the last task started or ended, or the last job was submitted. */
  lastChangeUs = 0;
  private readonly ledger: Board;
  /** Resources of the cluster, by which changes of agents are stated. */
  private readonly columns: readonly string[];
  private readonly feasibility: Feasibility;
  /** Numbers of agents, by the cluster's name for them, which is their hostname or their id, and by the ids of offers. */
  private readonly agentOfName: ReadonlyMap<string, number>;
  private readonly agentOfId = new Map<string, number>();
  /** The present attempt at a task that holds resources. */
  private readonly attempts = new Map<number, string>();
  private early: EarlyLaunch[] = [];
  private nextJob = 0;

  /** @throws InputError CLUSTER_INVALID where workload and cluster do not fit together */
  constructor(workload: Workload, options: ReplayOptions) {
    const setup = setUpReplay(workload, options);
    const { resources, state, whole, roles, typical } = setup;
    this.workload = workload;
    this.columns = options.cluster.resources;
    this.agentOfName = new Map(options.cluster.agentIds.map((name, agent) => [name, agent]));
    this.ledger = new Board(workload, state, roles, this, {
      // Frameworks decide what starts together.
      gang: 'none',
      hasSingleQueue: false,
      hasStageKeys: false,
      tracksEnds: false,
      tracksPriorities: false,
      tracksAgents: true,
    });
    this.feasibility = new Feasibility(this.ledger, whole, new FitSearch(whole, 'first', [], () => 0));
    const { ledger } = this;
    this.recorder = new Recorder(
      {
        resources,
        roles: workload.roles,
        weights: setup.weights,
        waitingOfRole: ledger.waitingOfRole,
        runningOfRole: ledger.runningOfRole,
        totalPresent: state.totalPresent,
        freePresent: state.freePresent,
        waitingCount: () => ledger.waitingCount,
        usageOf: (role) => roles.views[role].usage,
        dominantShareOf: (role) => roles.dominantShare(role),
        headRequests: () => ledger.headRequests(),
        demand: state.requests.demand,
        fragments: () => fragmentsOf(state, typical),
      },
      setup.startUs,
      setup.intervalUs,
    );
    this.counts = {
      preemptions: 0,
      lostAttempts: 0,
      lostWork: new Float64Array(resources.length),
      lastEndUs: -1,
    };
    this.idealUs = new Float64Array(workload.jobs.count).fill(Number.NaN);
  }

  get board(): BoardOutcome {
    const { jobs, stages } = this.workload;
    const { taskState, startUs, agentOf, endedCount, extraAttempts, cluster } = this.ledger;
    return {
      taskState,
      startUs,
      agentOf,
      endedCount,
      extraAttempts,
      cluster,
      outcome: (task) => this.ledger.outcome(task),
      isGang: (stage) => jobs.isGang[stages.job[stage]] === 1,
    };
  }

  /** Tasks that have ended, or never can start. */
  get settledCount(): number {
    return this.ledger.endedCount + this.ledger.unplacedCount;
  }

  get isDone(): boolean {
    return this.settledCount === this.workload.tasks.count && this.nextJob === this.workload.jobs.count;
  }

  /** Nothing runs, and no job is to come. */
  get isIdle(): boolean {
    return this.ledger.runningCount === 0 && this.nextJob === this.workload.jobs.count;
  }

  /** Takes in the jobs submitted up to a time of the trace. */
  advanceTo(nowUs: number): void {
    const { jobs } = this.workload;
    while (this.nextJob < jobs.count && jobs.submitUs[this.nextJob] <= nowUs) {
      const submitUs = jobs.submitUs[this.nextJob];
      this.begin(submitUs);
      const firstNew = this.nextJob;
      while (this.nextJob < jobs.count && jobs.submitUs[this.nextJob] === submitUs)
        this.submit(this.nextJob++);
      this.recorder.noteActivity(submitUs);
      for (let job = firstNew; job < this.nextJob; job++) this.setIdealTime(job);
      this.recorder.endInstant(submitUs);
    }
  }

  called(call: SchedulerCall, nowUs: number): void {
    const { offerCounts } = this;
    if (call.type === 'DECLINE') offerCounts.declined += call.decline?.offer_ids?.length ?? 0;
    if (call.type !== 'ACCEPT') return;
    offerCounts.accepted += call.accept?.offer_ids?.length ?? 0;
    for (const operation of call.accept?.operations ?? [])
      for (const { task_id, agent_id } of operation.launch?.task_infos ?? [])
        this.launched(task_id.value, this.agentNumber(agent_id.value), nowUs);
  }

  heard(event: SchedulerEvent, nowUs: number): void {
    if (event.type === 'OFFERS') {
      const offers = event.offers?.offers ?? [];
      this.offerCounts.made += offers.length;
      for (const { agent_id, hostname } of offers)
        if (!this.agentOfId.has(agent_id.value))
          this.agentOfId.set(
            agent_id.value,
            this.agentOfName.get(hostname) ?? this.agentNumber(agent_id.value),
          );
    } else if (event.type === 'RESCIND') this.offerCounts.rescinded++;
    else if (event.type === 'UPDATE') {
      this.changed(event.update!.status, nowUs);
    }
  }

  /** −1: no offer of it was seen, and it goes by no such name. */
  private agentNumber(id: string): number {
    return this.agentOfId.get(id) ?? this.agentOfName.get(id) ?? -1;
  }

  /** Tasks are lost on an agent that goes, or becomes less than it was. */
  agentChanged({ agent, kind, total, isGrowth }: AgentChange, nowUs: number): void {
    const { ledger, recorder } = this;
    const { cluster } = ledger;
    const isPresent = cluster.isPresent[agent] === 1;
    recorder.advanceTo(nowUs);
    ledger.nowUs = nowUs;
    if (isPresent && (kind === 'leave' || !isGrowth)) {
      for (const task of [...ledger.runningOn(agent)].sort((a, b) => a - b))
        this.endAttempt(task, 'lost', nowUs);
      cluster.leave(agent);
    }
    if (total !== null) cluster.resize(agent, alignedTotal(total, this.columns, cluster.resources));
    const isThere = kind === 'join' || (kind === 'change' && isPresent);
    if (isThere && cluster.isPresent[agent] === 0) cluster.join(agent);
    recorder.touchAll();
    recorder.endInstant(nowUs);
  }

  /** An executor reports a state of a task. */
  reported(status: TaskStatus, nowUs: number): void {
    const { task_id, state } = status;
    const task = itemOf(task_id.value);
    if (state !== 'TASK_RUNNING') this.changed(status, nowUs);
    else if (this.attempts.get(task) === task_id.value) this.ledger.startUs[task] = nowUs;
  }

  /** @internal of the board */
  started(task: number): void {
    this.touchRoleOf(task);
  }

  /** @internal of the board */
  stopped(task: number): void {
    const { nowUs, startUs, cluster } = this.ledger;
    this.counts.lostAttempts++;
    const width = cluster.resources.length;
    const base = this.workload.tasks.request[task] * width;
    for (let r = 0; r < width; r++)
      this.counts.lostWork[r] += cluster.requests.demand[base + r] * (nowUs - startUs[task]);
    this.touchRoleOf(task);
  }

  private launched(taskId: string, agent: number, nowUs: number): void {
    const task = itemOf(taskId);
    const { ledger } = this;
    if (agent < 0 || ledger.taskState[task] === TASK_ENDED) return;
    this.begin(nowUs);
    this.early = this.early.filter((launch) => launch.task !== task);
    if (this.attempts.has(task)) this.endAttempt(task, 'lost', nowUs);
    if (ledger.taskState[task] === TASK_WAITING) this.start({ task, taskId, agent, verdict: null }, nowUs);
    this.recorder.endInstant(nowUs);
  }

  private changed(status: TaskStatus, nowUs: number): void {
    const verdict = traceVerdictOf(status);
    if (verdict === null) return;
    const taskId = status.task_id.value;
    const task = itemOf(taskId);
    if (this.attempts.get(task) === taskId) {
      this.begin(nowUs);
      this.endAttempt(task, verdict, nowUs);
      this.recorder.endInstant(nowUs);
      return;
    }
    for (const launch of this.early) if (launch.taskId === taskId) launch.verdict = verdict;
    // What never could start, since the agent had gone, cannot end.
    const { isPresent } = this.ledger.cluster;
    this.early = this.early.filter((launch) => launch.verdict !== 'lost' || isPresent[launch.agent] === 1);
  }

  private start(launch: EarlyLaunch, nowUs: number): void {
    const { task, taskId, agent, verdict } = launch;
    const { cluster } = this.ledger;
    if (!cluster.fits(agent, this.workload.tasks.request[task], 0, 0)) {
      this.early.push(launch);
      return;
    }
    this.attempts.set(task, taskId);
    this.ledger.start(task, agent);
    if (verdict !== null) this.endAttempt(task, verdict, nowUs);
  }

  private endAttempt(task: number, verdict: Verdict, nowUs: number): void {
    const { ledger, counts } = this;
    this.attempts.delete(task);
    if (verdict === 'lost') ledger.stop(task, 'lost');
    else {
      const endUs = ledger.startUs[task] + this.workload.tasks.durationUs[task];
      counts.lastEndUs = Math.max(counts.lastEndUs, Math.min(endUs, nowUs));
      ledger.finish(task);
    }
    ledger.forgetReleases();
    this.touchRoleOf(task);
    if (this.early.length === 0) return;
    const { early } = this;
    this.early = [];
    for (const launch of early) this.start(launch, nowUs);
  }

  private begin(nowUs: number): void {
    this.recorder.advanceTo(nowUs);
    this.ledger.nowUs = nowUs;
    this.lastChangeUs = nowUs;
  }

  private submit(job: number): void {
    this.feasibility.refuseImpossible(job);
    this.ledger.submit(job);
    this.recorder.touch(this.workload.jobs.role[job]);
  }

  private setIdealTime(job: number): void {
    const { ledger, workload, recorder } = this;
    const role = workload.jobs.role[job];
    const part = recorder.weightOf(role) / recorder.activeWeightWith(role);
    const { totalPresent, requests } = ledger.cluster;
    this.idealUs[job] = idealTimeUs(workload, job, totalPresent, requests.demand, part);
  }

  private touchRoleOf(task: number): void {
    const { jobs, stages, tasks } = this.workload;
    this.recorder.touch(jobs.role[stages.job[tasks.stage[task]]]);
  }
}
