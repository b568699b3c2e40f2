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
  /** Agents are cut into so many equal slots, and a task takes as many as it needs of the resource it needs most. */
  readonly slots?: number;
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
  const workload = settings.slots === undefined ? generated : inSlots(generated, settings.slots);
  return settings.policies.map((policy) => playPolicy(workload, policy, settings));
}

/**
 * The workload as a scheduler of slots sees it (Hadoop's, in Ghodsi et al., NSDI 2011, §7): a slot is an equal part of the
 * smallest agent. Tasks keep what they need by taking several slots, at most all of an agent.
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
  const demand = Float64Array.from({ length: requests.count }, (_, request) => {
    const needed = slotSize.map((size, r) =>
      Math.ceil(requests.demand[request * resources.length + r] / size),
    );
    return MILLI * Math.min(slots, Math.max(1, ...needed));
  });
  return {
    ...workload,
    name: `${workload.name}, ${slots} slots an agent`,
    resources: ['slots'],
    requests: { ...requests, demand },
    cluster: {
      ...cluster,
      resources: ['slots'],
      total: new Float64Array(cluster.agentIds.length).fill(MILLI * slots),
    },
  };
}
