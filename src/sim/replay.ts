/** The replay engine: plays a workload on a cluster under a policy, in virtual time. */

import { type Allocator, boardSettings, createAllocator } from '../allocator/allocator.ts';
import { Board, type BoardListener, type StopReason, TASK_RUNNING } from '../allocator/board.ts';
import { FitSearch } from '../allocator/fit-search.ts';
import { RoleLedger } from '../allocator/role-ledger.ts';
import { ClusterState } from '../cluster/cluster-state.ts';
import { InputError } from '../cluster/errors.ts';
import { alignRequests } from '../cluster/requests.ts';
import { sortResources } from '../cluster/resources.ts';
import { type RandomStream, stream } from '../cluster/streams.ts';
import { idealTimeUs } from '../metrics/ideal-time.ts';
import { Recorder } from '../metrics/recorder.ts';
import type { RunSummary } from '../metrics/summary.ts';
import type { RunTables } from '../metrics/tables.ts';
import { jobTasks, type Workload } from '../workload/workload.ts';
import { AgentEvents } from './agent-events.ts';
import { CompletionQueue } from './completion-queue.ts';
import { checkConservation } from './conservation.ts';
import { DECISION_START, DECISION_STOP, DecisionDigest } from './decision-digest.ts';
import { Feasibility } from './feasibility.ts';
import { largestCluster } from './largest-cluster.ts';
import type { ReplayOptions } from './options.ts';
import type { ReplayCounts, ReplayOutcome } from './outcome.ts';
import { runSummary } from './run-summary.ts';
import { runTables } from './run-tables.ts';
import { fragmentsOf, typicalTasks } from './typical-tasks.ts';

/** Allocation timers in a row, with nothing running or to come, after which waiting tasks count as unplaceable. */
const IDLE_TIMERS_MAX = 100;
/** Intervals that the span of submissions is cut into, at first. */
const INTERVALS_AT_FIRST = 360;
const INTERVAL_MIN_US = 1_000_000;

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
    const { policy, seed, model } = options;
    const { cluster } = options;
    const resources = sortResources([...cluster.resources, ...workload.resources]);
    const agentCount = cluster.agentIds.length;
    if (agentCount === 0)
      throw new InputError('CLUSTER_INVALID', 'the cluster has no agents; give --agents or --cluster');
    checkResources(workload, options);
    const requests = alignRequests(
      workload.requests,
      workload.resources,
      resources,
      cluster.attributes,
      agentCount,
    );
    const state = new ClusterState(cluster, resources, requests);
    const roles = new RoleLedger(workload.roles, resources, state.totalPresent, options);
    const typical = typicalTasks(workload, requests, resources.length);
    const random = stream(seed, `policy/${policy.name}`);
    this.random = random;
    this.workload = workload;
    this.options = options;
    this.completions = new CompletionQueue(meanDurationUs(workload));
    const agentsChange = cluster.events.length > 0 || options.failures !== null;
    const settings = boardSettings(policy, model.kind === 'offers', agentsChange || options.isChecked);
    this.board = new Board(workload, state, roles, this, settings);
    this.allocator = createAllocator(
      this.board,
      cluster,
      policy,
      model.kind === 'offers' ? model : null,
      typical,
      random,
    );
    const whole = new ClusterState(largestCluster(cluster), resources, requests);
    this.feasibility = new Feasibility(this.board, whole, new FitSearch(whole, 'first', [], random));
    const { jobs } = workload;
    const startUs = jobs.count > 0 ? jobs.submitUs[0] : 0;
    const submitSpanUs = jobs.count > 0 ? jobs.submitUs[jobs.count - 1] - startUs : 0;
    this.recorder = new Recorder(
      {
        resources,
        roles: workload.roles,
        weights: Float64Array.from(workload.roles, (name) => options.weights.get(name) ?? 1),
        waitingOfRole: this.board.waitingOfRole,
        runningOfRole: this.board.runningOfRole,
        totalPresent: state.totalPresent,
        freePresent: state.freePresent,
        waitingCount: () => this.board.waitingCount,
        usageOf: (role) => roles.views[role].usage,
        dominantShareOf: (role) => roles.dominantShare(role),
        headDemandOf: (role) => this.headDemandOf(role),
        fragments: () => fragmentsOf(state, typical),
      },
      startUs,
      Math.max(INTERVAL_MIN_US, Math.ceil(submitSpanUs / INTERVALS_AT_FIRST)),
    );
    this.counts = {
      preemptions: 0,
      lostAttempts: 0,
      lostWork: new Float64Array(resources.length),
      lastEndUs: -1,
    };
    this.idealUs = new Float64Array(jobs.count).fill(Number.NaN);
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
    while (this.nextJob < jobs.count && jobs.submitUs[this.nextJob] <= nowUs) this.submit(this.nextJob++);
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

  /** From the cluster's own columns to those of the replay. */
  private alignedTotal(stated: Float64Array): Float64Array {
    const columns = this.options.cluster.resources;
    return Float64Array.from(this.board.cluster.resources, (name) => stated[columns.indexOf(name)] ?? 0);
  }

  private submit(job: number): void {
    const { board, workload, recorder } = this;
    const role = workload.jobs.role[job];
    this.setKeys(job);
    this.feasibility.refuseImpossible(job);
    const part = recorder.weightOf(role) / recorder.activeWeightWith(role);
    const { totalPresent, requests } = board.cluster;
    this.idealUs[job] = idealTimeUs(workload, job, totalPresent, requests.demand, part);
    board.submit(job);
    recorder.touch(role);
  }

  /** The queue keys of the job's stages, where the policy orders jobs. */
  private setKeys(job: number): void {
    const { order } = this.options.policy;
    const { stageKey } = this.board;
    if (stageKey === null || order.kind !== 'jobs' || !order.key) return;
    const { jobs, tasks } = this.workload;
    const [first, end] = jobTasks(this.workload, job);
    let longestUs = 0;
    for (let task = first; task < end; task++) longestUs = Math.max(longestUs, tasks.durationUs[task]);
    const view = {
      submitUs: jobs.submitUs[job],
      priority: jobs.priority[job],
      estimateUs: jobs.estimateUs[job] >= 0 ? jobs.estimateUs[job] : longestUs,
      taskCount: end - first,
      weight: this.recorder.weightOf(jobs.role[job]),
    };
    const key = order.key(view, this.random);
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

  private headDemandOf(role: number): Float64Array {
    const { board } = this;
    const queue = board.queues[board.queueOfRole[role]];
    if (!board.hasSingleQueue) return board.viewOfHead(role).headDemand;
    const width = board.cluster.resources.length;
    for (let i = 0; i < queue.length; i++) {
      if (board.roleOfStage(queue.at(i)) !== role) continue;
      const base = this.workload.tasks.request[board.firstWaiting(queue.at(i))] * width;
      return board.cluster.requests.demand.subarray(base, base + width);
    }
    return new Float64Array(width);
  }

  private touchRoleOf(task: number): void {
    const { jobs, stages, tasks } = this.workload;
    this.recorder.touch(jobs.role[stages.job[tasks.stage[task]]]);
  }
}

function meanDurationUs({ tasks }: Workload): number {
  let sum = 0;
  for (let task = 0; task < tasks.count; task++) sum += tasks.durationUs[task];
  return tasks.count > 0 ? sum / tasks.count : 0;
}

/** @throws InputError CLUSTER_INVALID if tasks want a resource that no agent has: most likely a forgotten column. */
function checkResources(workload: Workload, { cluster }: ReplayOptions): void {
  const width = workload.resources.length;
  workload.resources.forEach((name, c) => {
    const column = cluster.resources.indexOf(name);
    const isOffered =
      column >= 0 && cluster.total.some((amount, i) => i % cluster.resources.length === column && amount > 0);
    if (isOffered) return;
    let wanting = 0;
    for (let q = 0; q < workload.requests.count; q++)
      if (workload.requests.demand[q * width + c] > 0) wanting++;
    if (wanting === 0) return;
    throw new InputError(
      'CLUSTER_INVALID',
      `tasks of the trace ask for ${name}, but no agent has any; state it for the agents, e.g. --agent ${name}=…`,
    );
  });
}
