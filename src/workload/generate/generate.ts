/** A synthetic workload from a model and a seed: the same model, options and seed give the same bits. */
import { type Cluster, clusterCapacity } from '../../cluster/cluster.ts';
import { MILLI, sortResources, toMilli } from '../../cluster/resources.ts';
import { stream } from '../../cluster/streams.ts';
import { secondsToUs, US_PER_SECOND } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { Growable } from '../growable.ts';
import type { Workload } from '../workload.ts';
import { clusterOfKinds } from './agent-kinds.ts';
import { arrivalTimes } from './arrivals.ts';
import { JobDraws } from './job-draws.ts';
import type { RoleModel, WorkloadModel } from './model.ts';
import { type GenerateOptions, type Sizing, sizingOf } from './sizing.ts';

/**
 * Jobs are drawn twice, since their number, their arrivals and the cluster follow from the work of all, and tens of
 * millions of tasks are not worth keeping for that.
 * @throws InputError OPTION_CONFLICT or OPTION_VALUE for sizes that contradict each other
 */
export function generateWorkload(model: WorkloadModel, seed: string, options: GenerateOptions): Workload {
  const sizing = sizingOf(options, model.defaults);
  const { jobRoles, work } = measure(model, seed, sizing);
  const cluster =
    sizing.follows === 'agents'
      ? clusterFor(model, work, sizing.load * sizing.spanSeconds)
      : clusterOfKinds(model.agents, sizing.agents);
  const spanSeconds =
    sizing.follows === 'span' ? secondsAtFullLoad(work, cluster) / sizing.load : sizing.spanSeconds;
  const submits = drawSubmits(model.roles, seed, jobRoles, spanSeconds);

  const builder = new WorkloadBuilder(model.name);
  const draws = new JobDraws(model.roles, seed);
  for (const submitSeconds of submits) {
    const { role, request, tasks, durationsUs } = draws.next();
    const { name, priority, isGang, requests } = model.roles[role];
    builder.job({
      role: name,
      submitUs: secondsToUs(submitSeconds),
      priority: priority ?? 0,
      isGang: (isGang ?? false) && tasks > 1,
    });
    const number = builder.request(requests[request][1]);
    for (let task = 0; task < tasks; task++) builder.tasks(1, number, durationsUs[task]);
  }
  return builder.finish(cluster, new Map(model.roles.map(({ name, weight }) => [name, weight])));
}

/** Thousandths × µs by resource. */
type Work = ReadonlyMap<string, number>;

/** Draws until there is as much as the sizing asks for. */
function measure(
  { roles, agents }: WorkloadModel,
  seed: string,
  sizing: Sizing,
): { readonly jobRoles: Int32Array; readonly work: Work } {
  const draws = new JobDraws(roles, seed);
  const jobRoles = new Growable((n) => new Int32Array(n));
  const resources = sortResources(
    roles.flatMap(({ requests }) => requests.flatMap(([, amounts]) => Object.keys(amounts))),
  );
  const demand = roles.map(({ requests }) =>
    requests.map(([, amounts]) => Float64Array.from(resources, (name) => toMilli(amounts[name] ?? 0))),
  );
  const work = new Float64Array(resources.length);
  const enough = enoughWork(resources, agents, sizing);
  let tasks = 0;
  while (!isEnough()) {
    const job = draws.next();
    let us = 0;
    for (let task = 0; task < job.tasks; task++) us += job.durationsUs[task];
    const perTask = demand[job.role][job.request];
    for (let r = 0; r < work.length; r++) work[r] += perTask[r] * us;
    jobRoles.push(job.role);
    tasks += job.tasks;
  }
  return { jobRoles: jobRoles.take(), work: new Map(resources.map((name, r) => [name, work[r]])) };

  function isEnough(): boolean {
    if (enough !== null) return work.some((amount, r) => amount >= enough[r]);
    return 'jobs' in sizing.work ? jobRoles.length >= sizing.work.jobs : tasks >= sizing.work.tasks;
  }
}

/** Work of each resource with which the cluster has the wanted load; `null` where the work is given. */
function enoughWork(
  resources: readonly string[],
  kinds: WorkloadModel['agents'],
  sizing: Sizing,
): Float64Array | null {
  if (sizing.follows !== 'work') return null;
  const cluster = clusterOfKinds(kinds, sizing.agents);
  const capacity = clusterCapacity(cluster);
  const us = sizing.load * sizing.spanSeconds * US_PER_SECOND;
  return Float64Array.from(resources, (name) => capacity[cluster.resources.indexOf(name)] * us);
}

/** The smallest cluster that can do the work in the given seconds at full load. */
function clusterFor(model: WorkloadModel, work: Work, seconds: number): Cluster {
  const shares = model.agents.reduce((sum, { share }) => sum + share, 0);
  let count = model.agents.length;
  for (const [name, amount] of work) {
    const perAgent =
      model.agents.reduce((sum, kind) => sum + kind.share * (kind.resources[name] ?? 0), 0) / shares;
    count = Math.max(count, Math.ceil(amount / (perAgent * MILLI) / (seconds * US_PER_SECOND)));
  }
  return clusterOfKinds(model.agents, count);
}

/** Time in which the cluster could do the work, by the resource that takes longest. */
function secondsAtFullLoad(work: Work, cluster: Cluster): number {
  const capacity = clusterCapacity(cluster);
  let us = 0;
  for (const [name, amount] of work) us = Math.max(us, amount / capacity[cluster.resources.indexOf(name)]);
  return us / US_PER_SECOND;
}

/** Submit times by job; a role's jobs arrive by a process of its own. */
function drawSubmits(
  roles: readonly RoleModel[],
  seed: string,
  jobRoles: Int32Array,
  spanSeconds: number,
): Float64Array {
  const counts = new Int32Array(roles.length);
  for (const role of jobRoles) counts[role]++;
  const times = roles.map(({ name, activity }, role) =>
    arrivalTimes(counts[role], spanSeconds, activity, stream(seed, `arrivals/${name}`)),
  );
  const next = new Int32Array(roles.length);
  return Float64Array.from(jobRoles, (role) => times[role][next[role]++]);
}
