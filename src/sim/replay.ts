/** The replay engine: plays a workload on a cluster under a policy, in virtual time. */

import { type Allocator, boardSettings, createAllocator } from '../allocator/allocator.ts';
import { Board, type BoardListener, type StopReason, TASK_RUNNING } from '../allocator/board.ts';
import { FitSearch } from '../allocator/fit-search.ts';
import type { Batch } from '../allocator/offers.ts';
import type { TransactionCounts } from '../allocator/shared-state.ts';
import { type RandomStream, stream } from '../cluster/streams.ts';
import { idealTimeUs } from '../metrics/ideal-time.ts';
import { Recorder } from '../metrics/recorder.ts';
import type { RunSummary } from '../metrics/summary.ts';
import type { RunTables } from '../metrics/tables.ts';
import type { Workload } from '../workload/workload.ts';
import { AgentEvents } from './agent-events.ts';
import { CompletionQueue } from './completion-queue.ts';
import { checkConservation } from './conservation.ts';
import { DECISION_START, DECISION_STOP, DecisionDigest } from './decision-digest.ts';
import { Feasibility } from './feasibility.ts';
import type { ReplayOptions } from './options.ts';
import type { ReplayCounts, ReplayOutcome } from './outcome.ts';
import { alignedTotal, jobKeyOf, setUpReplay } from './replay-setup.ts';
import { runSummary } from './run-summary.ts';
import { runTables } from './run-tables.ts';
import { fragmentsOf } from './typical-tasks.ts';

/** Allocation timers in a row, with nothing running or to come, after which waiting tasks count as unplaceable. */
const IDLE_TIMERS_MAX = 100;

export class Replay implements BoardListener, ReplayOutcome {
  readonly workload: Workload;
  readonly options: ReplayOptions;
  readonly board: Board;
  readonly recorder: Recorder;
  readonly counts: ReplayCounts;
  readonly digest = new DecisionDigest();
  /** By job, µs; NaN before it was submitted. */
  readonly idealUs: Float64Array;
  private readonly allocator: Allocator;
  private readonly agentEvents: AgentEvents;
  private readonly feasibility: Feasibility;
  private readonly random: RandomStream;
  private readonly completions: CompletionQueue;
  private nextJob = 0;
  private idleTimers = 0;
  private isOver = false;
  private wasCut = false;

  /** @throws InputError OPTION_VALUE, OPTION_CONFLICT, CLUSTER_INVALID where options and workload do not fit together. */
  constructor(workload: Workload, options: ReplayOptions) {
    const { policy, seed, model, cluster } = options;
    const setup = setUpReplay(workload, options);
    const { resources, state, whole, roles, typical, weights, startUs } = setup;
    const random = stream(seed, `policy/${policy.name}`);
    this.random = random;
    this.workload = workload;
    this.options = options;
    this.completions = new CompletionQueue(setup.meanDurationUs);
    const tracksAgents = setup.agentsChange || options.isChecked;
    if (model.kind === 'protocol') throw new Error('a replay has no messages');
    const settings = boardSettings(policy, model.kind, tracksAgents);
    this.board = new Board(workload, state, roles, this, settings);
    this.allocator = createAllocator(this.board, cluster, policy, model, typical, random);
    this.feasibility = new Feasibility(this.board, whole, new FitSearch(whole, 'first', [], random));
    this.recorder = new Recorder(
      {
        resources,
        roles: workload.roles,
        weights,
        waitingOfRole: this.board.waitingOfRole,
        runningOfRole: this.board.runningOfRole,
        totalPresent: state.totalPresent,
        freePresent: state.freePresent,
        waitingCount: () => this.board.waitingCount,
        usageOf: (role) => roles.views[role].usage,
        dominantShareOf: (role) => roles.dominantShare(role),
        headRequests: () => this.board.headRequests(),
        demand: state.requests.demand,
        fragments: () => fragmentsOf(state, typical),
      },
      startUs,
      setup.intervalUs,
    );
    this.counts = {
      preemptions: 0,
      lostAttempts: 0,
      lostWork: new Float64Array(resources.length),
      lastEndUs: -1,
    };
    this.idealUs = new Float64Array(workload.jobs.count).fill(Number.NaN);
    this.agentEvents = new AgentEvents(cluster, options.failures, seed, startUs);
  }

  get progress(): { readonly endedTasks: number; readonly taskCount: number; readonly nowUs: number } {
    const { endedCount, unplacedCount, nowUs } = this.board;
    return { endedTasks: endedCount + unplacedCount, taskCount: this.workload.tasks.count, nowUs };
  }

  /** Plays up to `instants` further instants of virtual time; true when the replay is over. */
  advance(instants: number): boolean {
    for (let i = 0; i < instants && !this.isOver; i++) this.playInstant();
    return this.isOver;
  }

  /** Figures so far (call when over, or when stopped early for partial results). */
  summary(): RunSummary {
    this.recorder.finish(this.board.nowUs);
    return runSummary(this);
  }

  tables(): RunTables {
    this.recorder.finish(this.board.nowUs);
    return runTables(this);
  }

  get isComplete(): boolean {
    return this.isOver && !this.wasCut;
  }

  /** Offers so far; all zero in the placement model. */
  get offerCounts(): { made: number; accepted: number; declined: number; rescinded: number } {
    return this.allocator.counts ?? { made: 0, accepted: 0, declined: 0, rescinded: 0 };
  }

  get transactions(): TransactionCounts | undefined {
    return this.allocator.transactions;
  }

  /** Offers that frameworks hold now; none in the placement model. */
  get heldOffers(): readonly Batch[] {
    return this.allocator.held ?? [];
  }

  /** @internal of the board */
  started(task: number, agent: number): void {
    const { nowUs } = this.board;
    this.completions.push(nowUs + this.workload.tasks.durationUs[task], task);
    this.digest.add(DECISION_START, task, agent, nowUs);
    this.touchRoleOf(task);
    this.idleTimers = 0;
  }

  /** @internal of the board */
  stopped(task: number, agent: number, reason: StopReason): void {
    const { nowUs, startUs, cluster } = this.board;
    if (reason === 'preempted') this.counts.preemptions++;
    else this.counts.lostAttempts++;
    const width = cluster.resources.length;
    const base = this.workload.tasks.request[task] * width;
    for (let r = 0; r < width; r++) {
      this.counts.lostWork[r] += cluster.requests.demand[base + r] * (nowUs - startUs[task]);
    }
    this.digest.add(DECISION_STOP, task, agent, nowUs);
    this.touchRoleOf(task);
  }

  /** One instant: completions, agent changes, submissions, then allocation. */
  private playInstant(): void {
    const { board, recorder } = this;
    const { jobs } = this.workload;
    const submitUs = this.nextJob < jobs.count ? jobs.submitUs[this.nextJob] : Number.POSITIVE_INFINITY;
    const timerUs = this.allocator.nextTimerUs ?? Number.POSITIVE_INFINITY;
    const eventUs = Math.min(this.completions.nextTime, submitUs);
    const nowUs = Math.min(eventUs, timerUs, this.agentEvents.nextTimeUs);
    if (this.isDone() || nowUs === Number.POSITIVE_INFINITY || this.isStuck(eventUs, timerUs)) {
      this.isOver = true;
      return;
    }
    if (nowUs > this.options.untilUs) {
      board.nowUs = this.options.untilUs;
      this.wasCut = true;
      this.isOver = true;
      return;
    }
    if (nowUs < eventUs && board.runningCount === 0) this.idleTimers++;
    recorder.advanceTo(nowUs);
    board.nowUs = nowUs;
    this.complete(nowUs);
    this.changeAgents(nowUs);
    const firstNew = this.nextJob;
    while (this.nextJob < jobs.count && jobs.submitUs[this.nextJob] <= nowUs) this.submit(this.nextJob++);
    if (this.nextJob > firstNew) {
      recorder.noteActivity(nowUs);
      for (let job = firstNew; job < this.nextJob; job++) this.setIdealTime(job);
    }
    this.allocator.cycle();
    recorder.endInstant(nowUs);
    if (this.options.isChecked) checkConservation(board);
  }

  private complete(nowUs: number): void {
    const { board, completions } = this;
    while (completions.nextTime === nowUs) {
      const task = completions.pop();
      if (this.isAnyStopped && !this.endsAt(task, nowUs)) continue;
      board.finish(task);
      this.counts.lastEndUs = nowUs;
      this.touchRoleOf(task);
    }
  }

  /** Attempts that were stopped leave their completion behind. */
  private endsAt(task: number, nowUs: number): boolean {
    const { board, workload } = this;
    return (
      board.taskState[task] === TASK_RUNNING &&
      board.startUs[task] + workload.tasks.durationUs[task] === nowUs
    );
  }

  private get isAnyStopped(): boolean {
    return this.counts.preemptions + this.counts.lostAttempts > 0;
  }

  private changeAgents(nowUs: number): void {
    const { cluster } = this.board;
    if (this.agentEvents.nextTimeUs > nowUs) return;
    for (const { agent, kind, total } of this.agentEvents.take(nowUs)) {
      const isPresent = cluster.isPresent[agent] === 1;
      if (isPresent && (kind === 'leave' || (total !== null && !this.keepsDevices(agent, total)))) {
        this.stopAll(agent);
        cluster.leave(agent);
      }
      if (total !== null) this.setTotal(agent, total);
      if (kind === 'join' || (kind === 'change' && isPresent)) this.bringIn(agent);
    }
    this.recorder.touchAll();
  }

  private bringIn(agent: number): void {
    const { board } = this;
    if (board.cluster.isPresent[agent] === 0) board.cluster.join(agent);
    board.markReleased(agent);
  }

  private stopAll(agent: number): void {
    const { board } = this;
    for (const task of [...board.runningOn(agent)].sort((a, b) => a - b)) {
      // A gang stops as a whole, so a task may have been stopped with one before it.
      if (board.taskState[task] === TASK_RUNNING) board.stop(task, 'lost');
    }
  }

  /** The agent has these resources from now on; the latest started tasks stop until the others have room. */
  private setTotal(agent: number, stated: Float64Array): void {
    const { board } = this;
    const { cluster } = board;
    const total = this.alignedTotal(stated);
    if (cluster.isPresent[agent] === 1) {
      const latestFirst = [...board.runningOn(agent)].sort(
        (a, b) => board.startUs[b] - board.startUs[a] || b - a,
      );
      for (const task of latestFirst) {
        if (cluster.usesAtMost(agent, total)) break;
        if (board.taskState[task] === TASK_RUNNING) board.stop(task, 'lost');
      }
    }
    cluster.resize(agent, total);
  }

  /** Whether the agent would have as many GPUs as before: tasks hold devices by number. */
  private keepsDevices(agent: number, stated: Float64Array): boolean {
    const { cluster } = this.board;
    const gpu = cluster.resources.indexOf('gpus');
    return (
      gpu < 0 || this.alignedTotal(stated)[gpu] === cluster.total[agent * cluster.resources.length + gpu]
    );
  }

  private alignedTotal(stated: Float64Array): Float64Array {
    return alignedTotal(stated, this.options.cluster.resources, this.board.cluster.resources);
  }

  private submit(job: number): void {
    const { board, workload, recorder } = this;
    const role = workload.jobs.role[job];
    this.setKeys(job);
    this.feasibility.refuseImpossible(job);
    board.submit(job);
    recorder.touch(role);
  }

  /** Jobs that are submitted at the same time share the cluster from the start, so all of them are there by now. */
  private setIdealTime(job: number): void {
    const { board, workload, recorder } = this;
    const role = workload.jobs.role[job];
    const part = recorder.weightOf(role) / recorder.activeWeightWith(role);
    const { totalPresent, requests } = board.cluster;
    this.idealUs[job] = idealTimeUs(workload, job, totalPresent, requests.demand, part);
  }

  /** The queue keys of the job's stages, where the policy orders jobs. */
  private setKeys(job: number): void {
    const { order } = this.options.policy;
    const { stageKey } = this.board;
    if (stageKey === null || order.kind !== 'jobs' || !order.key) return;
    const { jobs } = this.workload;
    const weight = this.recorder.weightOf(jobs.role[job]);
    const key = jobKeyOf(this.workload, job, weight, order.key, this.random);
    for (let stage = jobs.firstStage[job]; stage < jobs.firstStage[job + 1]; stage++) stageKey[stage] = key;
  }

  private isDone(): boolean {
    const { endedTasks, taskCount } = this.progress;
    return endedTasks === taskCount && this.nextJob === this.workload.jobs.count;
  }

  /** Nothing runs and nothing will come that could let a waiting task start. */
  private isStuck(eventUs: number, timerUs: number): boolean {
    if (eventUs < Number.POSITIVE_INFINITY || this.board.runningCount > 0) return false;
    if (this.agentEvents.nextStatedUs < Number.POSITIVE_INFINITY || this.agentEvents.isAnyFailed)
      return false;
    return timerUs === Number.POSITIVE_INFINITY || this.idleTimers > IDLE_TIMERS_MAX;
  }

  private touchRoleOf(task: number): void {
    const { jobs, stages, tasks } = this.workload;
    this.recorder.touch(jobs.role[stages.job[tasks.stage[task]]]);
  }
}
