/** Fills a few GPU agents with pods that never end, for seeing how a fit breaks GPUs up. */
import { FitSearch } from '../../allocator/fit-search.ts';
import { buildCluster } from '../../cluster/cluster.ts';
import { ClusterState } from '../../cluster/cluster-state.ts';
import { alignRequests } from '../../cluster/requests.ts';
import { MILLI } from '../../cluster/resources.ts';
import { stream } from '../../cluster/streams.ts';
import { fragmentation } from '../../policies/fits/fgd.ts';
import type { FitName } from '../../policies/policy.ts';
import { typicalTasks } from '../../sim/typical-tasks.ts';
import { WorkloadBuilder } from '../../workload/builder.ts';

/** In a hundred pods there are so many of each kind. */
export const POD_KINDS = [
  { name: 'no GPU', cpus: 8, gpus: 0, pods: 15 },
  { name: '¼ GPU', cpus: 3, gpus: 0.25, pods: 20 },
  { name: '½ GPU', cpus: 4, gpus: 0.5, pods: 20 },
  { name: '1 GPU', cpus: 6, gpus: 1, pods: 30 },
  { name: '2 GPUs', cpus: 12, gpus: 2, pods: 10 },
  { name: '4 GPUs', cpus: 24, gpus: 4, pods: 5 },
] as const;

const AGENTS = 6;
const AGENT = { cpus: 36, gpus: 4 };
export const GPUS = AGENTS * AGENT.gpus;

/** What a pod holds of one device. */
export interface DevicePart {
  /** A name of `POD_KINDS`. */
  readonly kind: string;
  readonly agent: number;
  /** Of the agent. */
  readonly device: number;
  /** Parts of the device, 0 … 1: what pods hold of one device does not overlap. */
  readonly from: number;
  readonly to: number;
}

export interface FilledGpus {
  readonly parts: readonly DevicePart[];
  /** By agent. */
  readonly freeCpus: readonly number[];
  readonly allocatedGpus: number;
  readonly turnedAway: number;
  readonly turnedAwayGpus: number;
  /** Free, but of no use to a pod to be expected. */
  readonly fragmentedGpus: number;
}

/** The first `pods` that arrive: they are the same for every fit. */
export function fillGpus(fit: FitName, pods: number, seed: string): FilledGpus {
  const builder = new WorkloadBuilder('pods');
  for (const { cpus, gpus, pods: count } of POD_KINDS) {
    builder.job({ role: 'pods', submitUs: 0 });
    builder.tasks(count, builder.request({ cpus, gpus }), 1e6);
  }
  const workload = builder.finish();
  const { resources } = workload;
  const width = resources.length;
  const [cpu, gpu] = [resources.indexOf('cpus'), resources.indexOf('gpus')];
  const cluster = buildCluster(
    Array.from({ length: AGENTS }, (_, index) => ({ id: `agent ${index + 1}`, resources: AGENT })),
  );
  const requests = alignRequests(workload.requests, resources, resources, cluster.attributes, AGENTS);
  const state = new ClusterState(cluster, resources, requests);
  const typical = typicalTasks(workload, requests, width);
  const search = new FitSearch(state, fit, typical, stream(seed, 'fit'));
  const draw = stream(seed, 'pods');
  const used = new Float64Array(GPUS);
  const parts: DevicePart[] = [];
  let turnedAway = 0;
  let turnedAwayGpus = 0;
  for (let pod = 0; pod < pods; pod++) {
    const request = workload.tasks.request[Math.floor(draw() * workload.tasks.count)];
    const { name, gpus } = POD_KINDS[request];
    const agent = search.find(request, 0, 0, null);
    if (agent < 0) {
      turnedAway++;
      turnedAwayGpus += gpus;
      continue;
    }
    const before = state.deviceFreeOf(agent).slice();
    state.take(agent, request, 0, 0);
    state.deviceFreeOf(agent).forEach((free, device) => {
      const part = (before[device] - free) / MILLI;
      if (part === 0) return;
      const from = used[agent * AGENT.gpus + device];
      used[agent * AGENT.gpus + device] += part;
      parts.push({ kind: name, agent, device, from, to: from + part });
    });
  }
  const agents = Array.from({ length: AGENTS }, (_, agent) => state.free.subarray(agent * width));
  return {
    parts,
    freeCpus: agents.map((free) => free[cpu] / MILLI),
    allocatedGpus: GPUS - state.freePresent[gpu] / MILLI,
    turnedAway,
    turnedAwayGpus,
    fragmentedGpus: agents.reduce(
      (sum, free, agent) => sum + fragmentation(free, state.deviceFreeOf(agent), typical, gpu) / MILLI,
      0,
    ),
  };
}
