/** A synthetic workload from a model and a seed: the same model, options and seed give the same bits. */
import { type AgentDescription, buildCluster, type Cluster, clusterCapacity } from '../../cluster/cluster.ts';
import { toMilli } from '../../cluster/resources.ts';
import { stream } from '../../cluster/streams.ts';
import { secondsToUs, US_PER_SECOND } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import type { Workload } from '../workload.ts';
import { arrivalTimes } from './arrivals.ts';
import type { AgentModel, GenerateOptions, RoleModel, WorkloadModel } from './model.ts';
import { chooser } from './samplers.ts';

interface DrawnJob {
  readonly role: number;
  readonly amounts: Readonly<Record<string, number>>;
  /** Whole microseconds. */
  readonly durationsUs: Float64Array;
}

/**
 * Draws jobs until there are enough tasks, then spreads their arrivals over the time in which the cluster could do the
 * work at the wanted load.
 */
export function generateWorkload(model: WorkloadModel, seed: string, options: GenerateOptions): Workload {
  const cluster = generateCluster(model.agents, options.agents);
  const jobs = drawJobs(model, seed, options.tasks);
  const span = spanSeconds(jobs, cluster, options.load);
  const submits = drawSubmits(model, seed, jobs, span);
  const builder = new WorkloadBuilder(model.name);
  jobs.forEach(({ role, amounts, durationsUs }, job) => {
    const { name, priority, isGang } = model.roles[role];
    builder.job({
      role: name,
      submitUs: secondsToUs(submits[job]),
      priority: priority ?? 0,
      isGang: (isGang ?? false) && durationsUs.length > 1,
    });
    const request = builder.request(amounts);
    for (const durationUs of durationsUs) builder.tasks(1, request, durationUs);
  });
  return builder.finish(cluster, new Map(model.roles.map(({ name, weight }) => [name, weight])));
}

function drawJobs({ roles }: WorkloadModel, seed: string, taskCount: number): DrawnJob[] {
  const chooseRole = chooser(roles.map((role, index) => [role.jobShare, index] as const));
  const chooseRequest = roles.map(({ requests }) => chooser(requests));
  const streams = {
    roles: stream(seed, 'roles'),
    sizes: stream(seed, 'sizes'),
    durations: stream(seed, 'durations'),
    requests: stream(seed, 'requests'),
  };
  const jobs: DrawnJob[] = [];
  for (let tasks = 0; tasks < taskCount; ) {
    const role = chooseRole(streams.roles);
    const size = Math.max(1, Math.round(roles[role].tasksPerJob(streams.sizes)));
    const durationsUs = drawDurations(roles[role], size, streams.durations);
    jobs.push({ role, amounts: chooseRequest[role](streams.requests), durationsUs });
    tasks += size;
  }
  return jobs;
}

/** Tasks of a gang run equally long: they end together. */
function drawDurations(role: RoleModel, size: number, random: () => number): Float64Array {
  const seconds = role.durationSeconds(random);
  const factor = role.isGang ? role.durationSpread(random) : 0;
  return Float64Array.from({ length: size }, () =>
    Math.max(US_PER_SECOND, secondsToUs(seconds * (factor || role.durationSpread(random)))),
  );
}

function drawSubmits(
  model: WorkloadModel,
  seed: string,
  jobs: readonly DrawnJob[],
  span: number,
): Float64Array {
  const submits = new Float64Array(jobs.length);
  model.roles.forEach(({ name, activity }, role) => {
    const own = jobs.flatMap((job, index) => (job.role === role ? [index] : []));
    const times = arrivalTimes(own.length, span, activity, stream(seed, `arrivals/${name}`));
    own.forEach((job, i) => {
      submits[job] = times[i];
    });
  });
  return submits;
}

/** Time in which the cluster could do the work at the load, by the resource that takes longest. */
function spanSeconds(jobs: readonly DrawnJob[], cluster: Cluster, load: number): number {
  const capacity = clusterCapacity(cluster);
  const work = new Float64Array(capacity.length);
  for (const { amounts, durationsUs } of jobs) {
    const us = durationsUs.reduce((sum, durationUs) => sum + durationUs, 0);
    cluster.resources.forEach((name, r) => {
      work[r] += toMilli(amounts[name] ?? 0) * us;
    });
  }
  let span = 0;
  for (let r = 0; r < work.length; r++) if (capacity[r] > 0) span = Math.max(span, work[r] / capacity[r]);
  return span / US_PER_SECOND / load;
}

/** Agents of every kind in proportion, by largest remainder, kinds interleaved as little as their order says. */
function generateCluster(kinds: readonly AgentModel[], count: number): Cluster {
  const sum = kinds.reduce((total, { share }) => total + share, 0);
  const exact = kinds.map(({ share }) => (share / sum) * count);
  const counts = exact.map(Math.floor);
  const byRemainder = [...kinds.keys()].sort(
    (a, b) => exact[b] - counts[b] - (exact[a] - counts[a]) || a - b,
  );
  const missing = count - counts.reduce((total, n) => total + n, 0);
  for (const kind of byRemainder.slice(0, missing)) counts[kind]++;
  const agents: AgentDescription[] = [];
  kinds.forEach(({ resources, attributes }, kind) => {
    for (let i = 0; i < counts[kind]; i++) {
      agents.push({ id: `agent-${agents.length}`, resources, ...(attributes ? { attributes } : {}) });
    }
  });
  return buildCluster(agents);
}
