/** Runs in a notebook's page or its worker: plays policies over a synthetic workload, as `mesolab simulate` would. */
import { MILLI } from '../../cluster/resources.ts';
import type { Run } from '../../results/run.ts';
import { generateWorkload } from '../../workload/generate/generate.ts';
import { workloadModels } from '../../workload/generate/models.ts';
import type { Workload } from '../../workload/workload.ts';
import { type PolicySettings, playPolicy } from '../play-policy.ts';

export interface PlaySettings extends PolicySettings {
  /** A preset of `mesolab trace generate`. */
  readonly model: string;
  readonly tasks: number;
  readonly agents: number;
  readonly load: number;
  /** As for `simulate --policy`. */
  readonly policies: readonly string[];
  /** Agents are cut into so many equal slots, a resource of its own, for `maxmin:resource=slots`. */
  readonly slots?: number;
  /** Every job is a role of its own, all of weight 1: policies are fair to jobs, not to the model's roles. */
  readonly jobsAsRoles?: boolean;
}

/** What charts read of a run. */
export function play(settings: PlaySettings): Run[] {
  const { model, seed, tasks, agents, load } = settings;
  const found = workloadModels.find(({ name }) => name === model);
  if (!found)
    throw new RangeError(
      `there is no model "${model}"; there are ${workloadModels.map(({ name }) => name).join(', ')}`,
    );
  const generated = generateWorkload(found, seed, { tasks, agents, load });
  const shared = settings.jobsAsRoles ? jobsAsRoles(generated) : generated;
  const workload = settings.slots === undefined ? shared : inSlots(shared, settings.slots);
  return settings.policies.map((policy) => playPolicy(workload, policy, settings));
}

function jobsAsRoles(workload: Workload): Workload {
  const { jobs } = workload;
  const digits = String(jobs.count).length;
  // Padded, so that their order by name is that of submission.
  const roles = Array.from({ length: jobs.count }, (_, job) => `job-${String(job).padStart(digits, '0')}`);
  const role = Int32Array.from({ length: jobs.count }, (_, job) => job);
  return { ...workload, roles, jobs: { ...jobs, role }, weights: new Map() };
}

/**
 * The workload with a resource more, `slots`, for a scheduler that knows nothing else (Hadoop's, in Ghodsi et al., NSDI
 * 2011, §7): a slot is an equal part of the smallest agent. A task takes so many that what it needs is its own, at most all
 * of an agent. What is used of the other resources is measured, and in agents of one size it never limits.
 */
export function inSlots(workload: Workload, slots: number): Workload {
  const { resources, requests } = workload;
  const cluster = workload.cluster!;
  const slotSize = resources.map((name) => {
    const column = cluster.resources.indexOf(name);
    let least = Number.POSITIVE_INFINITY;
    for (let agent = 0; agent < cluster.agentIds.length; agent++)
      least = Math.min(least, cluster.total[agent * cluster.resources.length + column]);
    return least / slots;
  });
  const slotsOf = (request: number) => {
    const needed = slotSize.map((size, r) =>
      size > 0 ? Math.ceil(requests.demand[request * resources.length + r] / size) : 0,
    );
    return MILLI * Math.min(slots, Math.max(1, ...needed));
  };
  return {
    ...workload,
    name: `${workload.name}, ${slots} slots an agent`,
    resources: [...resources, 'slots'],
    requests: { ...requests, demand: withColumn(requests.demand, resources.length, slotsOf) },
    cluster: {
      ...cluster,
      resources: [...cluster.resources, 'slots'],
      total: withColumn(cluster.total, cluster.resources.length, () => MILLI * slots),
    },
  };
}

/** The rows of a table of `width` columns, each with one more at its end. */
function withColumn(table: Float64Array, width: number, cell: (row: number) => number): Float64Array {
  const rows = table.length / width;
  const wider = new Float64Array(rows * (width + 1));
  for (let row = 0; row < rows; row++) {
    wider.set(table.subarray(row * width, (row + 1) * width), row * (width + 1));
    wider[row * (width + 1) + width] = cell(row);
  }
  return wider;
}
