/**
 * The board that an allocation cycle works on: stages waiting in queues, tasks running on agents, usage of roles.
 * It keeps the books and nothing else: who is next, and where, is decided by the cycles (`placement.ts`, `offers.ts`).
 */
import type { ClusterState } from '../cluster/cluster-state.ts';
import type { RoleView } from '../policies/policy.ts';
import type { Workload } from '../workload/workload.ts';
import { OUTCOME_FINISHED } from '../workload/workload.ts';
import type { RoleLedger } from './role-ledger.ts';
import { SortedIds } from './sorted-ids.ts';

/** States of a task. A task that runs ends in exactly one of the last four. */
export const TASK_PENDING = 0;
export const TASK_WAITING = 1;
export const TASK_RUNNING = 2;
export const TASK_ENDED = 3;
export const TASK_UNPLACED = 4;

/** Is told of every decision, in order. */
export interface BoardListener {
  started(task: number, agent: number): void;
  /** The attempt ended early: the task waits again. */
  stopped(task: number, agent: number, reason: StopReason): void;
}

/** `preempted` for a more important task; `lost` with its agent. */
export type StopReason = 'preempted' | 'lost';

export interface BoardSettings {
  readonly gang: 'trace' | 'all' | 'none';
  /** One queue for all roles, rather than one a role. */
  readonly hasSingleQueue: boolean;
  /** Queues are sorted by `stageKey`, rather than by submit order. */
  readonly hasStageKeys: boolean;
  /** Keeps running tasks by estimated end. */
  readonly tracksEnds: boolean;
  /** Counts running tasks by priority. */
  readonly tracksPriorities: boolean;
  /** Knows the running tasks of each agent. */
  readonly tracksAgents: boolean;
}

export class Board {
  readonly workload: Workload;
  readonly cluster: ClusterState;
  readonly roles: RoleLedger;
  nowUs = 0;

  readonly taskState: Uint8Array;
  /** Start of the last attempt; NaN before the first. */
  readonly startUs: Float64Array;
  /** Agent of the last attempt; −1 before the first. */
  readonly agentOf: Int32Array;
  /** Further attempts after the first, for the few tasks that have any. */
  readonly extraAttempts = new Map<number, number>();

  /** One queue of all stages, or one a role: `queueOfRole[role]`. */
  readonly queues: readonly SortedIds[];
  readonly queueOfRole: Int32Array;
  /** Queue order: a stage's key at the time it was queued; `null`: by stage number, which is submit order. */
  readonly stageKey: Float64Array | null;

  readonly waitingOfRole: Int32Array;
  readonly runningOfRole: Int32Array;
  waitingCount = 0;
  runningCount = 0;
  endedCount = 0;
  unplacedCount = 0;

  /** How many agents have had resources come free since `forgetReleases`; which: `releasedAgents`. */
  releasedCount = 0;
  private readonly released: Int32Array;
  private readonly isReleased: Uint8Array;

  /** Roles whose usage or queue changed since they were last taken, each once. */
  private readonly changedRoles: number[] = [];
  private readonly isChanged: Uint8Array;

  /** Running tasks by estimated end, kept only where backfilling needs them. */
  readonly runningByEnd: SortedIds | null;
  readonly estimatedEndUs: Float64Array | null;

  readonly hasSingleQueue: boolean;
  /** Number of running tasks by priority, kept only where preemption needs it. */
  private readonly runningAtPriority: Map<number, number> | null;
  private readonly gang: BoardSettings['gang'];
  private readonly listener: BoardListener;
  private readonly devicesOf: Int32Array | null;
  private readonly stageWaiting: Int32Array;
  /** First task of the stage that never ran and may not have been unplaced yet. */
  private readonly nextTask: Int32Array;
  /** Tasks of a stage that ran and wait again, lowest first. */
  private readonly returned = new Map<number, SortedIds>();
  /** Per stage with precedence in the workload: tasks not ended, stages not ended before it, stages after it. */
  private readonly precedence: {
    left: Int32Array;
    blockers: Int32Array;
    successors: Map<number, number[]>;
  } | null;
  /** Running tasks of each agent as doubly linked lists: head[agent], then next[task]; kept only where asked for. */
  private readonly onAgent: { head: Int32Array; next: Int32Array; previous: Int32Array } | null;

  constructor(
    workload: Workload,
    cluster: ClusterState,
    roles: RoleLedger,
    listener: BoardListener,
    settings: BoardSettings,
  ) {
    const { tasks, stages } = workload;
    this.workload = workload;
    this.cluster = cluster;
    this.roles = roles;
    this.listener = listener;
    this.gang = settings.gang;
    this.hasSingleQueue = settings.hasSingleQueue;
    this.runningAtPriority = settings.tracksPriorities ? new Map() : null;
    this.taskState = new Uint8Array(tasks.count);
    this.startUs = new Float64Array(tasks.count).fill(Number.NaN);
    this.agentOf = new Int32Array(tasks.count).fill(-1);
    this.devicesOf = cluster.resources.includes('gpus') ? new Int32Array(tasks.count) : null;
    this.stageWaiting = new Int32Array(stages.count);
    this.nextTask = stages.firstTask.slice(0, stages.count);
    this.stageKey = settings.hasStageKeys ? new Float64Array(stages.count) : null;
    const queueCount = settings.hasSingleQueue ? 1 : workload.roles.length;
    this.queues = Array.from({ length: queueCount }, () => new SortedIds(this.stageKey));
    this.queueOfRole = Int32Array.from(workload.roles, (_, role) => (settings.hasSingleQueue ? 0 : role));
    this.waitingOfRole = new Int32Array(workload.roles.length);
    this.runningOfRole = new Int32Array(workload.roles.length);
    this.isChanged = new Uint8Array(workload.roles.length);
    this.released = new Int32Array(cluster.agentCount);
    this.isReleased = new Uint8Array(cluster.agentCount);
    this.estimatedEndUs = settings.tracksEnds ? new Float64Array(tasks.count) : null;
    this.runningByEnd = this.estimatedEndUs ? new SortedIds(this.estimatedEndUs) : null;
    this.precedence = stages.precedence ? countPrecedence(workload) : null;
    this.onAgent = settings.tracksAgents
      ? {
          head: new Int32Array(cluster.agentCount).fill(-1),
          next: new Int32Array(tasks.count),
          previous: new Int32Array(tasks.count),
        }
      : null;
  }

  roleOfStage(stage: number): number {
    return this.workload.jobs.role[this.workload.stages.job[stage]];
  }

  isGang(stage: number): boolean {
    if (this.gang !== 'trace') return this.gang === 'all';
    return this.workload.jobs.isGang[this.workload.stages.job[stage]] === 1;
  }

  /** Whether the stage's next task may start wherever its request fits: no gang, no limit of tasks on an agent. */
  isPlain(stage: number): boolean {
    return !this.isGang(stage) && this.maxPerAgent(stage) === 0;
  }

  /** The role's view with the demand of the task at its queue's head; the role must have a waiting task. */
  viewOfHead(role: number): RoleView {
    const { demand } = this.cluster.requests;
    const view = this.roles.views[role];
    const width = view.headDemand.length;
    const task = this.firstWaiting(this.queues[this.queueOfRole[role]].at(0));
    const base = this.workload.tasks.request[task] * width;
    for (let r = 0; r < width; r++) view.headDemand[r] = demand[base + r];
    return view;
  }

  /** By role: the request of the waiting task that is first in its queue; −1 where none waits. */
  headRequests(): Int32Array {
    const heads = new Int32Array(this.workload.roles.length).fill(-1);
    let missing = this.waitingOfRole.reduce((count, waiting) => count + (waiting > 0 ? 1 : 0), 0);
    for (const queue of this.queues) {
      const depth = this.hasSingleQueue ? queue.length : Math.min(1, queue.length);
      for (let i = 0; i < depth && missing > 0; i++) {
        const stage = queue.at(i);
        const role = this.roleOfStage(stage);
        if (heads[role] >= 0) continue;
        heads[role] = this.workload.tasks.request[this.firstWaiting(stage)];
        missing--;
      }
    }
    return heads;
  }

  /** Spread group and most tasks of it on one agent (0: no limit) of a stage's job. */
  maxPerAgent(stage: number): number {
    const { jobs, stages } = this.workload;
    return jobs.maxPerAgent === null ? 0 : jobs.maxPerAgent[stages.job[stage]];
  }

  spreadGroup(stage: number): number {
    const { jobs, stages } = this.workload;
    return jobs.spreadGroup === null ? 0 : jobs.spreadGroup[stages.job[stage]];
  }

  /** Waiting tasks of a stage. */
  waitingInStage(stage: number): number {
    return this.stageWaiting[stage];
  }

  /** The job's stages that wait for no other become ready. */
  submit(job: number): void {
    const { firstStage } = this.workload.jobs;
    for (let stage = firstStage[job]; stage < firstStage[job + 1]; stage++) {
      if (this.precedence === null || this.precedence.blockers[stage] === 0) this.makeReady(stage);
    }
  }

  /** A task that can never run, e.g. because it is larger than every agent: call before its job is submitted. */
  refuse(task: number): void {
    this.taskState[task] = TASK_UNPLACED;
    this.unplacedCount++;
  }

  /** The waiting task of a queued stage that goes first. */
  firstWaiting(stage: number): number {
    const returned = this.returned.get(stage);
    const fresh = this.firstFresh(stage);
    return returned !== undefined && returned.length > 0 && (fresh < 0 || returned.at(0) < fresh)
      ? returned.at(0)
      : fresh;
  }

  /** All waiting tasks of a stage, lowest first. */
  allWaiting(stage: number): number[] {
    const { firstTask } = this.workload.stages;
    const tasks: number[] = [];
    for (let task = firstTask[stage]; task < firstTask[stage + 1]; task++) {
      if (this.taskState[task] === TASK_WAITING) tasks.push(task);
    }
    return tasks;
  }

  /** Starts a waiting task on an agent where it fits. */
  start(task: number, agent: number): void {
    const { tasks, stages, jobs } = this.workload;
    const stage = tasks.stage[task];
    const request = tasks.request[task];
    const devices = this.cluster.take(agent, request, this.spreadGroup(stage), this.maxPerAgent(stage));
    if (this.devicesOf !== null) this.devicesOf[task] = devices;
    const role = jobs.role[stages.job[stage]];
    this.roles.charge(role, this.cluster.requests.demand, request * this.cluster.resources.length, 1);
    if (this.agentOf[task] >= 0) {
      this.returned.get(stage)!.remove(task);
      this.extraAttempts.set(task, (this.extraAttempts.get(task) ?? 0) + 1);
    }
    this.taskState[task] = TASK_RUNNING;
    this.startUs[task] = this.nowUs;
    this.agentOf[task] = agent;
    this.link(task, agent);
    this.countPriority(stage, 1);
    if (this.estimatedEndUs !== null) {
      this.estimatedEndUs[task] = this.nowUs + this.estimateUs(task);
      this.runningByEnd!.insert(task);
    }
    if (--this.stageWaiting[stage] === 0) this.queues[this.queueOfRole[role]].remove(stage);
    this.waitingOfRole[role]--;
    this.waitingCount--;
    this.runningOfRole[role]++;
    this.runningCount++;
    this.noteRole(role);
    this.listener.started(task, agent);
  }

  /** A running task has done its work. */
  finish(task: number): void {
    this.release(task);
    this.taskState[task] = TASK_ENDED;
    this.endedCount++;
    const { precedence } = this;
    if (precedence === null) return;
    const stage = this.workload.tasks.stage[task];
    if (--precedence.left[stage] > 0) return;
    for (const successor of precedence.successors.get(stage) ?? []) {
      if (--precedence.blockers[successor] === 0) this.makeReady(successor);
    }
  }

  /** Ends a running attempt early: the task, and with it every running task of its gang, waits again from the start. */
  stop(task: number, reason: StopReason): void {
    const stage = this.workload.tasks.stage[task];
    if (!this.isGang(stage)) {
      this.stopOne(task, stage, reason);
      return;
    }
    const { firstTask } = this.workload.stages;
    for (let member = firstTask[stage]; member < firstTask[stage + 1]; member++) {
      if (this.taskState[member] === TASK_RUNNING) this.stopOne(member, stage, reason);
    }
  }

  /** Whether any running task has a priority below `priority`. */
  hasRunningBelow(priority: number): boolean {
    for (const [other, count] of this.runningAtPriority ?? []) if (other < priority && count > 0) return true;
    return false;
  }

  /** Running tasks of an agent, in no stated order; only with `tracksAgents`. */
  *runningOn(agent: number): Generator<number> {
    const { head, next } = this.onAgent!;
    for (let task = head[agent]; task >= 0; task = next[task]) yield task;
  }

  markReleased(agent: number): void {
    if (this.isReleased[agent] === 1) return;
    this.isReleased[agent] = 1;
    this.released[this.releasedCount++] = agent;
  }

  /** Agents on which resources came free since `forgetReleases`, each once, lowest first. */
  releasedAgents(): number[] {
    const agents: number[] = [];
    for (let i = 0; i < this.releasedCount; i++) agents.push(this.released[i]);
    return agents.length > 1 ? agents.sort((a, b) => a - b) : agents;
  }

  /** The role must be looked at again. */
  noteRole(role: number): void {
    if (this.isChanged[role] === 1) return;
    this.isChanged[role] = 1;
    this.changedRoles.push(role);
  }

  /** Takes one of the roles whose usage or queue changed; −1 when there are no more. */
  takeChangedRole(): number {
    const role = this.changedRoles.pop() ?? -1;
    if (role >= 0) this.isChanged[role] = 0;
    return role;
  }

  forgetReleases(): void {
    for (let i = 0; i < this.releasedCount; i++) this.isReleased[this.released[i]] = 0;
    this.releasedCount = 0;
  }

  /** How long the task is thought to run: the user's estimate, never less than the run itself. */
  estimateUs(task: number): number {
    const { tasks, stages, jobs } = this.workload;
    return Math.max(jobs.estimateUs[stages.job[tasks.stage[task]]], tasks.durationUs[task]);
  }

  /** Gives a task's resources back to a copy of the cluster, to see what would fit without it. */
  giveBackIn(copy: ClusterState, task: number): void {
    const stage = this.workload.tasks.stage[task];
    const devices = this.devicesOf === null ? 0 : this.devicesOf[task];
    const request = this.workload.tasks.request[task];
    copy.give(this.agentOf[task], request, devices, this.spreadGroup(stage), this.maxPerAgent(stage));
  }

  /** Undoes `giveBackIn`, device by device. */
  takeAgainIn(copy: ClusterState, task: number): void {
    const stage = this.workload.tasks.stage[task];
    const devices = this.devicesOf === null ? 0 : this.devicesOf[task];
    const request = this.workload.tasks.request[task];
    copy.take(this.agentOf[task], request, this.spreadGroup(stage), this.maxPerAgent(stage), devices);
  }

  /** How the trace says that an ended task ended, an `OUTCOME_…`. */
  outcome(task: number): number {
    return this.workload.tasks.outcome?.[task] ?? OUTCOME_FINISHED;
  }

  private makeReady(stage: number): void {
    const { firstTask } = this.workload.stages;
    let waiting = 0;
    for (let task = firstTask[stage]; task < firstTask[stage + 1]; task++) {
      if (this.taskState[task] !== TASK_PENDING) continue;
      this.taskState[task] = TASK_WAITING;
      waiting++;
    }
    if (waiting > 0) this.addWaiting(stage, waiting);
  }

  private addWaiting(stage: number, count: number): void {
    const role = this.roleOfStage(stage);
    if (this.stageWaiting[stage] === 0) this.queues[this.queueOfRole[role]].insert(stage);
    this.stageWaiting[stage] += count;
    this.waitingOfRole[role] += count;
    this.waitingCount += count;
    this.noteRole(role);
  }

  private stopOne(task: number, stage: number, reason: StopReason): void {
    const agent = this.agentOf[task];
    this.release(task);
    this.taskState[task] = TASK_WAITING;
    let returned = this.returned.get(stage);
    if (returned === undefined) {
      returned = new SortedIds(null);
      this.returned.set(stage, returned);
    }
    returned.insert(task);
    this.addWaiting(stage, 1);
    this.listener.stopped(task, agent, reason);
  }

  private release(task: number): void {
    const agent = this.agentOf[task];
    const { tasks, stages, jobs } = this.workload;
    const role = jobs.role[stages.job[tasks.stage[task]]];
    this.giveBackIn(this.cluster, task);
    this.roles.charge(
      role,
      this.cluster.requests.demand,
      tasks.request[task] * this.cluster.resources.length,
      -1,
    );
    this.unlink(task, agent);
    this.countPriority(tasks.stage[task], -1);
    this.runningByEnd?.remove(task);
    this.runningOfRole[role]--;
    this.runningCount--;
    this.noteRole(role);
    this.markReleased(agent);
  }

  private countPriority(stage: number, change: 1 | -1): void {
    if (this.runningAtPriority === null) return;
    const priority = this.workload.jobs.priority[this.workload.stages.job[stage]];
    this.runningAtPriority.set(priority, (this.runningAtPriority.get(priority) ?? 0) + change);
  }

  private firstFresh(stage: number): number {
    const end = this.workload.stages.firstTask[stage + 1];
    let task = this.nextTask[stage];
    while (task < end && (this.taskState[task] !== TASK_WAITING || this.agentOf[task] >= 0)) task++;
    this.nextTask[stage] = task;
    return task < end ? task : -1;
  }

  private link(task: number, agent: number): void {
    if (this.onAgent === null) return;
    const { head, next, previous } = this.onAgent;
    next[task] = head[agent];
    previous[task] = -1;
    if (head[agent] >= 0) previous[head[agent]] = task;
    head[agent] = task;
  }

  private unlink(task: number, agent: number): void {
    if (this.onAgent === null) return;
    const { head, next, previous } = this.onAgent;
    if (previous[task] >= 0) next[previous[task]] = next[task];
    else head[agent] = next[task];
    if (next[task] >= 0) previous[next[task]] = previous[task];
  }
}

function countPrecedence({ stages }: Workload) {
  const { firstAfter, after } = stages.precedence!;
  const left = Int32Array.from(
    { length: stages.count },
    (_, s) => stages.firstTask[s + 1] - stages.firstTask[s],
  );
  const blockers = Int32Array.from({ length: stages.count }, (_, s) => firstAfter[s + 1] - firstAfter[s]);
  const successors = new Map<number, number[]>();
  for (let stage = 0; stage < stages.count; stage++) {
    for (let edge = firstAfter[stage]; edge < firstAfter[stage + 1]; edge++) {
      const list = successors.get(after[edge]);
      if (list) list.push(stage);
      else successors.set(after[edge], [stage]);
    }
  }
  return { left, blockers, successors };
}
