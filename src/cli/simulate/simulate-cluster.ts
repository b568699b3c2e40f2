/** Which cluster a trace is replayed on: the user's, or the trace's own. */
import { agentAmount, type Cluster, uniformCluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import { MILLI, type ResourceAmounts } from '../../cluster/resources.ts';
import type { Workload } from '../../workload/workload.ts';

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
  const lacking = [...largestRequests(workload)].filter(([resource]) => !(resource in shape));
  if (lacking.length > 0) {
    const names = lacking.map(([resource]) => resource).join(', ');
    throw new InputError(
      'CLUSTER_INVALID',
      `tasks of ${workload.name} ask for ${names}, which the agents lack; say how much each has, e.g. for the largest task --agent ${describe({ ...shape, ...Object.fromEntries(lacking) })}`,
    );
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
  return largestRequests(workload).has('gpus')
    ? { ...DEFAULT_AGENT, gpus: DEFAULT_AGENT_GPUS }
    : DEFAULT_AGENT;
}

/** The most that a task asks for, natural units, of each resource that some task asks for. */
function largestRequests({ resources, requests }: Workload): Map<string, number> {
  const largest = new Map<string, number>();
  requests.demand.forEach((demand, i) => {
    const resource = resources[i % resources.length];
    if (demand / MILLI > (largest.get(resource) ?? 0)) largest.set(resource, demand / MILLI);
  });
  return largest;
}

function describe(shape: ResourceAmounts): string {
  return Object.entries(shape)
    .map(([name, amount]) => `${name}=${amount}`)
    .join(',');
}
