/** What a replay works out from workload and options before its first instant, whichever engine plays it. */
import { RoleLedger } from '../allocator/role-ledger.ts';
import { ClusterState } from '../cluster/cluster-state.ts';
import { InputError } from '../cluster/errors.ts';
import { alignRequests, type Requests } from '../cluster/requests.ts';
import { sortResources } from '../cluster/resources.ts';
import type { TypicalTask } from '../policies/fits/fgd.ts';
import type { JobOrder } from '../policies/policy.ts';
import { jobTasks, type Workload } from '../workload/workload.ts';
import { largestCluster } from './largest-cluster.ts';
import type { ReplayOptions } from './options.ts';
import { typicalTasks } from './typical-tasks.ts';

/** Intervals that the span of submissions is cut into, at first. */
const INTERVALS_AT_FIRST = 360;
const INTERVAL_MIN_US = 1_000_000;

export interface ReplaySetup {
  /** Columns: the resources of cluster and workload together. */
  readonly resources: readonly string[];
  readonly requests: Requests;
  readonly state: ClusterState;
  /** The cluster with every agent present and empty, at the largest that the agent ever is. */
  readonly whole: ClusterState;
  readonly roles: RoleLedger;
  /** By role. */
  readonly weights: Float64Array;
  readonly typical: readonly TypicalTask[];
  readonly meanDurationUs: number;
  readonly startUs: number;
  readonly intervalUs: number;
  /** Whether agents may leave or shrink. */
  readonly agentsChange: boolean;
}

/** @throws InputError CLUSTER_INVALID where cluster and workload do not fit together. */
export function setUpReplay(workload: Workload, options: ReplayOptions): ReplaySetup {
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
  const { jobs } = workload;
  const startUs = jobs.count > 0 ? jobs.submitUs[0] : 0;
  const submitSpanUs = jobs.count > 0 ? jobs.submitUs[jobs.count - 1] - startUs : 0;
  return {
    resources,
    requests,
    state,
    whole: new ClusterState(largestCluster(cluster), resources, requests),
    roles: new RoleLedger(workload.roles, resources, state.totalPresent, options),
    weights: Float64Array.from(workload.roles, (name) => options.weights.get(name) ?? 1),
    typical: typicalTasks(workload, requests, resources.length),
    meanDurationUs: meanDurationUs(workload),
    startUs,
    intervalUs: Math.max(INTERVAL_MIN_US, Math.ceil(submitSpanUs / INTERVALS_AT_FIRST)),
    agentsChange: cluster.events.length > 0 || options.failures !== null,
  };
}

/** The queue key of a job under a policy that orders jobs. @param weight its role's */
export function jobKeyOf(
  workload: Workload,
  job: number,
  weight: number,
  key: NonNullable<JobOrder['key']>,
  random: () => number,
): number {
  const { jobs, tasks } = workload;
  const [first, end] = jobTasks(workload, job);
  let longestUs = 0;
  for (let task = first; task < end; task++) longestUs = Math.max(longestUs, tasks.durationUs[task]);
  const view = {
    submitUs: jobs.submitUs[job],
    priority: jobs.priority[job],
    estimateUs: jobs.estimateUs[job] >= 0 ? jobs.estimateUs[job] : longestUs,
    taskCount: end - first,
    weight,
  };
  return key(view, random);
}

/** A change of an agent's resources, from the cluster's own columns to those of the replay. */
export function alignedTotal(
  stated: Float64Array,
  columns: readonly string[],
  resources: readonly string[],
): Float64Array {
  return Float64Array.from(resources, (name) => stated[columns.indexOf(name)] ?? 0);
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
