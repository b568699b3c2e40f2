/** Which cluster a trace is replayed on: the user's, or the trace's own. */
import { agentAmount, type Cluster, uniformCluster } from '../cluster/cluster.ts';
import { InputError } from '../cluster/errors.ts';
import type { ResourceAmounts } from '../cluster/resources.ts';
import type { Workload } from '../workload/workload.ts';

/** An agent of `--agents N` where neither the user nor the trace says what an agent has: a common server. */
const DEFAULT_AGENT: ResourceAmounts = { cpus: 16, mem: 65_536 };
/** Added to it where tasks of the trace ask for GPUs. */
const DEFAULT_AGENT_GPUS = 8;

export interface ClusterChoice {
  readonly agents?: number;
  /** Natural units. */
  readonly agent?: ResourceAmounts;
}

/**
 * The cluster of a replay, if no cluster file is given. `--agents` without `--agent` takes the shape that most agents
 * of the trace have, else the default shape.
 * @throws InputError CLUSTER_INVALID where nothing says what the cluster is, or an agent lacks what tasks ask for
 */
export function chooseCluster(workload: Workload, choice: ClusterChoice): Cluster {
  if (choice.agents === undefined) {
    if (workload.cluster) return workload.cluster;
    throw new InputError(
      'CLUSTER_INVALID',
      `${workload.name} does not say on which agents it ran; give --agents 100 or --cluster FILE`,
    );
  }
  const shape = choice.agent ?? commonAgent(workload.cluster) ?? defaultAgent(workload);
  for (const resource of requestedResources(workload)) {
    if (!(resource in shape)) {
      throw new InputError(
        'CLUSTER_INVALID',
        `tasks of ${workload.name} ask for ${resource}, which the agents lack; add it, e.g. --agent ${describe(shape)},${resource}=1000`,
      );
    }
  }
  return uniformCluster(choice.agents, shape);
}

/** The resources of the most agents alike; of two shapes equally common, the one that comes first. */
function commonAgent(cluster: Cluster | null): ResourceAmounts | null {
  if (!cluster) return null;
  const shapes = new Map<string, { count: number; shape: ResourceAmounts }>();
  cluster.agentIds.forEach((_, agent) => {
    const shape = Object.fromEntries(
      cluster.resources.map((name) => [name, agentAmount(cluster, agent, name)]),
    );
    const key = JSON.stringify(shape);
    const known = shapes.get(key) ?? { count: 0, shape };
    known.count++;
    shapes.set(key, known);
  });
  let best: { count: number; shape: ResourceAmounts } | null = null;
  for (const candidate of shapes.values()) if (!best || candidate.count > best.count) best = candidate;
  return best?.shape ?? null;
}

function defaultAgent(workload: Workload): ResourceAmounts {
  return requestedResources(workload).includes('gpus')
    ? { ...DEFAULT_AGENT, gpus: DEFAULT_AGENT_GPUS }
    : DEFAULT_AGENT;
}

/** Resources that some task asks for more than 0 of. */
function requestedResources({ resources, requests }: Workload): string[] {
  return resources.filter((_, column) => {
    for (let i = column; i < requests.demand.length; i += resources.length)
      if (requests.demand[i] > 0) return true;
    return false;
  });
}

function describe(shape: ResourceAmounts): string {
  return Object.entries(shape)
    .map(([name, amount]) => `${name}=${amount}`)
    .join(',');
}
