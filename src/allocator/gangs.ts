/** Gangs: all tasks of a stage at once or none. */
import type { ClusterState } from '../cluster/cluster-state.ts';
import type { Board } from './board.ts';
import type { FitSearch } from './fit-search.ts';

/**
 * Agents for all `tasks` of a stage together, or `null`. Nothing is changed: tasks are taken one by one where the
 * search puts them and given back at the end.
 */
export function placeTogether(
  board: Board,
  cluster: ClusterState,
  search: FitSearch,
  stage: number,
  tasks: readonly number[],
  candidates: readonly number[] | null,
): number[] | null {
  if (!cluster.hasFreeInAll(demandOf(board, tasks))) return null;
  const group = board.spreadGroup(stage);
  const maxPerAgent = board.maxPerAgent(stage);
  const { request } = board.workload.tasks;
  const agents: number[] = [];
  const devices: number[] = [];
  for (const task of tasks) {
    const agent = search.find(request[task], group, maxPerAgent, candidates);
    if (agent < 0) break;
    agents.push(agent);
    devices.push(cluster.take(agent, request[task], group, maxPerAgent));
  }
  for (let i = agents.length - 1; i >= 0; i--) {
    cluster.give(agents[i], request[tasks[i]], devices[i], group, maxPerAgent);
  }
  return agents.length === tasks.length ? agents : null;
}

/** Sum of the tasks' demands, thousandths by resource. */
export function demandOf(board: Board, tasks: readonly number[]): Float64Array {
  const { demand } = board.cluster.requests;
  const width = board.cluster.resources.length;
  const sum = new Float64Array(width);
  for (const task of tasks) {
    const base = board.workload.tasks.request[task] * width;
    for (let r = 0; r < width; r++) sum[r] += demand[base + r];
  }
  return sum;
}
