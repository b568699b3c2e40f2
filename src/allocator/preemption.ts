/**
 * Priority preemption: which running tasks to stop so that more important ones fit. Victims have a strictly lower
 * priority; on an agent the lowest priority goes first, then the latest started; of all agents the one is chosen
 * whose victims have the lowest top priority, then are fewest, then the first agent.
 */
import type { ClusterState } from '../cluster/cluster-state.ts';
import { type Board, TASK_RUNNING } from './board.ts';
import type { FitSearch } from './fit-search.ts';

export interface PreemptionPlan {
  readonly victims: readonly number[];
  /** By task to be started. */
  readonly agents: readonly number[];
}

export class Preemption {
  private readonly board: Board;
  private readonly scratch: ClusterState;
  private readonly search: FitSearch;

  /** @param scratch state of the same cluster; @param search looks in it */
  constructor(board: Board, scratch: ClusterState, search: FitSearch) {
    this.board = board;
    this.scratch = scratch;
    this.search = search;
  }

  /** A plan that lets all `tasks` of a stage start together; `null` if stopping less important tasks is not enough. */
  plan(stage: number, tasks: readonly number[]): PreemptionPlan | null {
    const { board, scratch } = this;
    const { jobs, stages, tasks: columns } = board.workload;
    const priority = jobs.priority[stages.job[stage]];
    if (!board.hasRunningBelow(priority)) return null;
    const group = board.spreadGroup(stage);
    const maxPerAgent = board.maxPerAgent(stage);
    scratch.copyFrom(board.cluster);
    const victims = new Set<number>();
    const agents: number[] = [];
    for (const task of tasks) {
      const q = columns.request[task];
      let agent = this.search.find(q, group, maxPerAgent, null);
      if (agent < 0) {
        const found = this.leastVictims(q, priority, group, maxPerAgent, victims);
        if (found === null) return null;
        for (const victim of found.victims) {
          board.giveBackIn(scratch, victim);
          victims.add(victim);
        }
        agent = found.agent;
      }
      scratch.take(agent, q, group, maxPerAgent);
      agents.push(agent);
    }
    return { victims: [...victims], agents };
  }

  private leastVictims(
    q: number,
    priority: number,
    group: number,
    maxPerAgent: number,
    alreadyStopped: ReadonlySet<number>,
  ): { agent: number; victims: number[] } | null {
    let best: { agent: number; victims: number[]; top: number } | null = null;
    for (let agent = 0; agent < this.scratch.agentCount; agent++) {
      if (this.scratch.isPresent[agent] === 0 || !this.scratch.couldHold(agent, q)) continue;
      const victims = this.victimsOn(agent, q, priority, group, maxPerAgent, alreadyStopped);
      if (victims === null) continue;
      const top = Math.max(...victims.map((victim) => this.priorityOf(victim)));
      if (best === null || top < best.top || (top === best.top && victims.length < best.victims.length)) {
        best = { agent, victims, top };
      }
    }
    return best;
  }

  /** The victims on one agent, with the whole gangs they belong to; `null` if even all of them do not make room. */
  private victimsOn(
    agent: number,
    q: number,
    priority: number,
    group: number,
    maxPerAgent: number,
    alreadyStopped: ReadonlySet<number>,
  ): number[] | null {
    const { board, scratch } = this;
    const candidates = [...board.runningOn(agent)].filter(
      (task) => this.priorityOf(task) < priority && !alreadyStopped.has(task),
    );
    candidates.sort(
      (a, b) => this.priorityOf(a) - this.priorityOf(b) || board.startUs[b] - board.startUs[a] || b - a,
    );
    const victims = new Set<number>();
    const given: number[] = [];
    for (const candidate of candidates) {
      if (scratch.fits(agent, q, group, maxPerAgent)) break;
      for (const member of this.gangOf(candidate)) victims.add(member);
      board.giveBackIn(scratch, candidate);
      given.push(candidate);
    }
    const isEnough = scratch.fits(agent, q, group, maxPerAgent);
    for (const task of given) board.takeAgainIn(scratch, task);
    return isEnough && victims.size > 0 ? [...victims] : null;
  }

  private gangOf(task: number): number[] {
    const { board } = this;
    const stage = board.workload.tasks.stage[task];
    if (!board.isGang(stage)) return [task];
    const { firstTask } = board.workload.stages;
    const members: number[] = [];
    for (let member = firstTask[stage]; member < firstTask[stage + 1]; member++) {
      if (board.taskState[member] === TASK_RUNNING) members.push(member);
    }
    return members;
  }

  private priorityOf(task: number): number {
    const { jobs, stages, tasks } = this.board.workload;
    return jobs.priority[stages.job[tasks.stage[task]]];
  }
}
