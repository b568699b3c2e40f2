/** What a workload says, apart from how its requests, groups and resources are numbered. */

import type { Cluster } from '../../../src/cluster/cluster.ts';
import { MILLI } from '../../../src/cluster/resources.ts';
import { jobId, type Workload } from '../../../src/workload/workload.ts';

export function meaningOf(workload: Workload): unknown {
  const { jobs, weights, cluster, roles } = workload;
  const groups = new Map<number, number>();
  return {
    weights,
    cluster: cluster && clusterMeaning(cluster),
    jobs: Array.from({ length: jobs.count }, (_, job) => {
      const most = jobs.maxPerAgent?.[job] ?? 0;
      const group = jobs.spreadGroup?.[job] ?? 0;
      if (most > 0 && !groups.has(group)) groups.set(group, job);
      return {
        id: jobId(workload, job),
        role: roles[jobs.role[job]],
        submitUs: jobs.submitUs[job],
        priority: jobs.priority[job],
        isGang: jobs.isGang[job],
        estimateUs: jobs.estimateUs[job],
        most,
        // Groups are told by the first job in them.
        group: most > 0 ? groups.get(group) : null,
        stages: stagesOf(workload, job),
      };
    }),
  };
}

function stagesOf({ jobs, stages, tasks, requests, resources }: Workload, job: number): unknown[] {
  const found: unknown[] = [];
  for (let stage = jobs.firstStage[job]; stage < jobs.firstStage[job + 1]; stage++) {
    const { precedence } = stages;
    const after = precedence
      ? [...precedence.after.slice(precedence.firstAfter[stage], precedence.firstAfter[stage + 1])]
      : [];
    const ofStage: unknown[] = [];
    for (let task = stages.firstTask[stage]; task < stages.firstTask[stage + 1]; task++) {
      const request = tasks.request[task];
      const demand = requests.demand.slice(request * resources.length, (request + 1) * resources.length);
      ofStage.push({
        durationUs: tasks.durationUs[task],
        outcome: tasks.outcome?.[task] ?? 0,
        demand: amountsOf(resources, demand),
        constraints: requests.constraints[request],
      });
    }
    found.push({ after: after.map((other) => other - jobs.firstStage[job]), tasks: ofStage });
  }
  return found;
}

function clusterMeaning({ resources, agentIds, total, attributes, absent, events }: Cluster): unknown {
  return {
    events: events.map((event) => ({ ...event, total: event.total && amountsOf(resources, event.total) })),
    agents: agentIds.map((id, agent) => ({
      id,
      amounts: amountsOf(resources, total.slice(agent * resources.length, (agent + 1) * resources.length)),
      attributes: [...attributes].flatMap(([key, values]) =>
        values[agent] === null ? [] : [[key, values[agent]]],
      ),
      isAbsent: absent.has(agent),
    })),
  };
}

/** Amounts other than 0. */
function amountsOf(resources: readonly string[], thousandths: Float64Array): Record<string, number> {
  const amounts = resources.map((name, r) => [name, thousandths[r] / MILLI] as const);
  return Object.fromEntries(amounts.filter(([, amount]) => amount !== 0));
}
