/**
 * GPU fragmentation on openb (Weng et al., "Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation
 * Gradient Descent", USENIX ATC 2023): pods drawn from the trace arrive until they have asked for more GPU than there is, and
 * none leaves; a pod without room is turned away. On every third agent of the trace.
 * `node notebooks/studies/gpu-fragmentation.ts` writes gpu-fragmentation.json beside it; MESOLAB_TRACES names the folder of
 * traces.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FitSearch } from '../../src/allocator/fit-search.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { ClusterState } from '../../src/cluster/cluster-state.ts';
import { alignRequests } from '../../src/cluster/requests.ts';
import { stream } from '../../src/cluster/streams.ts';
import { meanInterval } from '../../src/experiments/mean-interval.ts';
import { TraceSource } from '../../src/files/trace-source.ts';
import { fragmentation, type TypicalTask } from '../../src/policies/fits/fgd.ts';
import { POLICY_PARTS } from '../../src/policies/registry.ts';
import { typicalTasks } from '../../src/sim/typical-tasks.ts';
import { loadTrace } from '../../src/workload/load-trace.ts';
import type { Workload } from '../../src/workload/workload.ts';

type FitName = (typeof POLICY_PARTS.fit)[number];

/** Parts of all GPU of the cluster; mean over the draws. */
export interface FillRow {
  readonly pods: string;
  readonly fit: FitName;
  /** Asked for by all that have arrived. */
  readonly arrived: number;
  readonly allocated: number;
  /** Half the width of a 95 % t-interval over the draws. */
  readonly allocatedHalfWidth: number;
  /** Free, but of no use to a typical pod. */
  readonly fragmented: number;
}

const PODS = [
  ['default', 'openb_pod_list_default.csv'],
  ['half without GPU', 'openb_pod_list_cpu050.csv'],
  ['40 % share a GPU', 'openb_pod_list_gpushare40.csv'],
  ['20 % several GPUs', 'openb_pod_list_multigpu20.csv'],
] as const;
const DRAWS = 3;
const EVERY = 3;
const STEP = 0.1;
const LAST = 1.3;

/** @param folder of traces, with openb-2023/ in it */
export async function gpuFragmentationStudy(folder: string): Promise<FillRow[]> {
  const rows: FillRow[] = [];
  const nodes = await loadTrace(new TraceSource(join(folder, 'openb-2023/openb_node_list_all_node.csv')), {
    mayLackJobs: true,
  });
  const cluster = everyThird(nodes.workload.cluster!);
  for (const [pods, file] of PODS) {
    const { workload } = await loadTrace(new TraceSource(join(folder, 'openb-2023', file)));
    for (const fit of POLICY_PARTS.fit) {
      const draws = Array.from({ length: DRAWS }, (_, draw) =>
        fill(cluster, workload, fit, `${pods} ${draw}`),
      );
      draws[0].forEach(({ arrived }, step) => {
        const at = draws.map((points) => points[step]);
        const { mean, halfWidth } = meanInterval(
          at.map(({ allocated }) => allocated),
          0.95,
        );
        const fragmented = at.reduce((sum, point) => sum + point.fragmented, 0) / DRAWS;
        rows.push({ pods, fit, arrived, allocated: mean, allocatedHalfWidth: halfWidth, fragmented });
      });
    }
  }
  return rows;
}

/** Agents of all kinds stay, as they come in the trace in no order of kinds. */
function everyThird(cluster: Cluster): Cluster {
  const width = cluster.resources.length;
  const kept = cluster.agentIds.flatMap((_, agent) => (agent % EVERY === 0 ? [agent] : []));
  return {
    ...cluster,
    agentIds: kept.map((agent) => cluster.agentIds[agent]),
    total: Float64Array.from(
      kept.flatMap((agent) => [...cluster.total.subarray(agent * width, (agent + 1) * width)]),
    ),
    attributes: new Map(
      [...cluster.attributes].map(([name, values]) => [name, kept.map((agent) => values[agent])]),
    ),
  };
}

interface Point {
  readonly arrived: number;
  readonly allocated: number;
  readonly fragmented: number;
}

/** The same pods in the same order for every fit. */
function fill(cluster: Cluster, workload: Workload, fit: FitName, seed: string): Point[] {
  const { resources } = cluster;
  const requests = alignRequests(
    workload.requests,
    workload.resources,
    resources,
    cluster.attributes,
    cluster.agentIds.length,
  );
  const state = new ClusterState(cluster, resources, requests);
  const typical = typicalTasks(workload, requests, resources.length);
  const search = new FitSearch(state, fit, typical, stream(seed, 'fit'));
  const draw = stream(seed, 'pods');
  const gpu = resources.indexOf('gpus');
  const whole = state.totalPresent[gpu];
  const points: Point[] = [];
  let asked = 0;
  while (points.length < Math.round(LAST / STEP)) {
    const request = workload.tasks.request[Math.floor(draw() * workload.tasks.count)];
    asked += requests.demand[request * resources.length + gpu];
    const agent = search.find(request, 0, 0, null);
    if (agent >= 0) state.take(agent, request, 0, 0);
    const next = (points.length + 1) * STEP;
    if (asked < next * whole) continue;
    points.push({
      arrived: Math.round(next * 100) / 100,
      allocated: 1 - state.freePresent[gpu] / whole,
      fragmented: fragmentedIn(state, typical, gpu) / whole,
    });
  }
  return points;
}

function fragmentedIn(state: ClusterState, typical: readonly TypicalTask[], gpu: number): number {
  const width = state.resources.length;
  let sum = 0;
  for (let agent = 0; agent < state.agentCount; agent++) {
    const free = state.free.subarray(agent * width, (agent + 1) * width);
    sum += fragmentation(free, state.deviceFreeOf(agent), typical, gpu);
  }
  return sum;
}

if (import.meta.main) {
  const folder = process.env.MESOLAB_TRACES ?? join(import.meta.dirname, '../../../shared/traces');
  const rows = await gpuFragmentationStudy(folder);
  writeFileSync(new URL('gpu-fragmentation.json', import.meta.url), `${JSON.stringify(rows, null, 1)}\n`);
  console.table(rows.filter(({ arrived }) => arrived === 1 || arrived === LAST));
}
