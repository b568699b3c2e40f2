/** The workload's most common requests, against which fragmentation is measured (Weng et al., USENIX ATC 2023, section 3). */
import type { ClusterState } from '../cluster/cluster-state.ts';
import { gpuColumn, type Requests } from '../cluster/requests.ts';
import { MILLI } from '../cluster/resources.ts';
import type { TypicalTask } from '../policies/fits/fgd.ts';
import type { Workload } from '../workload/workload.ts';

const MOST = 16;

export function typicalTasks(workload: Workload, requests: Requests, width: number): TypicalTask[] {
  const counts = new Float64Array(requests.count);
  for (let task = 0; task < workload.tasks.count; task++) counts[workload.tasks.request[task]]++;
  const order = Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
  const chosen = order.slice(0, MOST);
  const sum = chosen.reduce((total, q) => total + counts[q], 0);
  return chosen.map((q) => ({
    demand: requests.demand.slice(q * width, (q + 1) * width),
    popularity: counts[q] / sum,
  }));
}

/**
 * By resource: thousandths that are free on present agents where a typical task that wants the resource does not fit,
 * averaged over these tasks by popularity.
 */
export function fragmentsOf(cluster: ClusterState, typical: readonly TypicalTask[]): Float64Array {
  const width = cluster.resources.length;
  const gpu = gpuColumn(cluster.resources);
  const fragments = new Float64Array(width);
  const popularityOf = Float64Array.from(cluster.resources, (_, r) =>
    typical.reduce((sum, { demand, popularity }) => sum + (demand[r] > 0 ? popularity : 0), 0),
  );
  for (let agent = 0; agent < cluster.agentCount; agent++) {
    if (cluster.isPresent[agent] === 0) continue;
    const base = agent * width;
    for (const { demand, popularity } of typical) {
      let fits = true;
      for (let r = 0; r < width && fits; r++) fits = demand[r] <= cluster.free[base + r];
      if (fits && gpu >= 0)
        fits = cluster.hasDevices(agent, Math.floor(demand[gpu] / MILLI), demand[gpu] % MILLI);
      if (fits) continue;
      for (let r = 0; r < width; r++) {
        if (demand[r] > 0) fragments[r] += (cluster.free[base + r] * popularity) / popularityOf[r];
      }
    }
  }
  return fragments;
}
