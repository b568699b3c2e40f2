/** How large a generated workload is, and what may be chosen. */
import { describe, expect, it } from 'vitest';
import { clusterCapacity } from '../../../src/cluster/cluster.ts';
import { US_PER_SECOND } from '../../../src/cluster/time.ts';
import { demoModel } from '../../../src/workload/generate/demo-model.ts';
import { facebook2010Model } from '../../../src/workload/generate/facebook-2010-model.ts';
import { generateWorkload } from '../../../src/workload/generate/generate.ts';
import type { WorkloadModel } from '../../../src/workload/generate/model.ts';
import { workloadModels } from '../../../src/workload/generate/models.ts';
import type { GenerateOptions } from '../../../src/workload/generate/sizing.ts';
import { withRoleCount } from '../../../src/workload/generate/split-roles.ts';
import type { Workload } from '../../../src/workload/workload.ts';

const HOURS = 3600;
const make = (options: GenerateOptions, model: WorkloadModel = demoModel, seed = 'sizes') =>
  generateWorkload(model, seed, options);

/** Seconds in which the cluster could do all work, by the resource that takes longest. */
function secondsOfWork({ tasks, requests, resources, cluster }: Workload): number {
  const capacity = clusterCapacity(cluster!);
  const seconds = resources.map((name, r) => {
    let work = 0;
    for (let task = 0; task < tasks.count; task++)
      work += requests.demand[tasks.request[task] * resources.length + r] * tasks.durationUs[task];
    return work / capacity[cluster!.resources.indexOf(name)] / US_PER_SECOND;
  });
  return Math.max(...seconds);
}

const lastSubmitSeconds = ({ jobs }: Workload) => jobs.submitUs[jobs.count - 1] / US_PER_SECOND;
const roleCounts = ({ jobs, roles }: Workload) => {
  const counts = roles.map(() => 0);
  for (const role of jobs.role) counts[role]++;
  return new Map(roles.map((role, number) => [role, counts[number]]));
};

describe('the size of a synthetic workload', () => {
  it('follows as a time from tasks, agents and load', () => {
    const workload = make({ tasks: 20_000, agents: 100, load: 0.5 });
    expect(workload.tasks.count).toBeGreaterThanOrEqual(20_000);
    expect(workload.cluster!.agentIds.length).toBe(100);
    expect(lastSubmitSeconds(workload) / (secondsOfWork(workload) / 0.5)).toBeCloseTo(1, 1);
  });

  it('is a number of jobs if that is asked for', () => {
    expect(make({ jobs: 500, agents: 50 }).jobs.count).toBe(500);
  });

  it('follows as work from agents, load and time', () => {
    const workload = make({ agents: 60, load: 0.9, spanSeconds: 5 * HOURS });
    expect(lastSubmitSeconds(workload)).toBeLessThan(5 * HOURS);
    // The last job drawn may exceed the goal.
    expect(secondsOfWork(workload) / (5 * HOURS)).toBeGreaterThanOrEqual(0.9);
    expect(secondsOfWork(workload) / (5 * HOURS)).toBeLessThan(1);
  });

  it('follows as a number of agents from tasks, load and time', () => {
    const workload = make({ tasks: 20_000, load: 0.7, spanSeconds: 2 * HOURS });
    expect(secondsOfWork(workload) / (2 * HOURS)).toBeCloseTo(0.7, 1);
  });

  it('follows as a load from tasks, agents and time', () => {
    const workload = make({ tasks: 5000, agents: 40, spanSeconds: 9 * HOURS });
    expect(lastSubmitSeconds(workload) / HOURS / 9).toBeCloseTo(1, 1);
    expect(workload.cluster!.agentIds.length).toBe(40);
  });

  it('cannot be given from all sides', () => {
    expect(() => make({ tasks: 10, agents: 40, load: 1, spanSeconds: 60 })).toThrow(/leave out/);
    expect(() => make({ tasks: 10, jobs: 10 })).toThrow(/not both/);
  });

  it('has an agent of each kind, and refuses fewer', () => {
    const kinds = demoModel.agents.length;
    const few = make({ tasks: 100, agents: kinds });
    expect(new Set(few.cluster!.attributes.get('gpuModel'))).toContain('V100');
    expect(() => make({ tasks: 100, agents: kinds - 1 })).toThrow(/give --agents 4 or more/);
  });

  it.each(workloadModels.map((model) => [model.name, model] as const))(
    'lets every task of %s fit on some agent',
    (_, model) => {
      const { cluster, requests, resources } = make({ tasks: 2000, agents: 20 }, model);
      const width = cluster!.resources.length;
      for (let q = 0; q < requests.count; q++) {
        const fits = cluster!.agentIds.some((_, agent) =>
          resources.every(
            (name, r) =>
              requests.demand[q * resources.length + r] <=
              cluster!.total[agent * width + cluster!.resources.indexOf(name)],
          ),
        );
        expect(fits).toBe(true);
      }
    },
  );
});

describe('the seed', () => {
  it('decides every bit', () => {
    const options = { tasks: 5000, agents: 50 };
    expect(make(options)).toEqual(make(options));
    expect(make(options, demoModel, 'other').tasks.durationUs).not.toEqual(make(options).tasks.durationUs);
  });

  it('gives the same jobs under another load, only faster', () => {
    const slow = make({ tasks: 3000, agents: 50, load: 0.5 });
    const fast = make({ tasks: 3000, agents: 50, load: 1 });
    const demands = (workload: Workload) => workload.tasks.durationUs.slice().sort();
    expect(demands(fast)).toEqual(demands(slow));
    expect(lastSubmitSeconds(slow) / lastSubmitSeconds(fast)).toBeCloseTo(2, 5);
  });

  it('gives a longer workload that begins with the jobs of a shorter one', () => {
    const durations = (tasks: number) => [...make({ tasks, agents: 50 }).tasks.durationUs].sort();
    const shorter = new Set(durations(1000));
    const longer = new Set(durations(2000));
    expect([...shorter].every((durationUs) => longer.has(durationUs))).toBe(true);
  });
});

describe('the number of roles', () => {
  it('splits roles into teams of equal parts, the busiest first', () => {
    const model = withRoleCount(facebook2010Model, 7);
    expect(model.roles.map(({ name }) => name)).toEqual([
      'ads-1',
      'ads-2',
      'analytics-1',
      'analytics-2',
      'analytics-3',
      'ranking',
      'spam',
    ]);
    const counts = roleCounts(make({ jobs: 20_000, agents: 100 }, model));
    expect(counts.get('ads-1')! / 20_000).toBeCloseTo(0.15, 2);
    expect(counts.get('analytics-3')! / 20_000).toBeCloseTo(0.4 / 3, 2);
    const { weights } = make({ jobs: 10, agents: 100 }, model);
    expect(weights.get('ads-2')).toBe(facebook2010Model.roles[0].weight);
  });

  it('is the number of users where roles are users', () => {
    const model = workloadModels.find(({ name }) => name === 'alibaba-gpu')!;
    expect(withRoleCount(model, 120).roles.length).toBe(120);
    expect(withRoleCount(model, 1).roles.length).toBe(1);
  });

  it('cannot be less than a preset has', () => {
    expect(() => withRoleCount(demoModel, 2)).toThrow(/give --roles 5 or more/);
  });
});
