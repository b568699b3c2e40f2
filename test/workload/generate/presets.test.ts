/** Presets have the statistics they name. */
import { expect, test } from 'vitest';
import { clusterCapacity } from '../../../src/cluster/cluster.ts';
import { quantile } from '../../../src/metrics/distribution.ts';
import {
  MEDIAN_SECONDS,
  P90_SECONDS,
  TOP_USERS_PART,
} from '../../../src/workload/generate/alibaba-gpu-model.ts';
import { MAP_BINS } from '../../../src/workload/generate/facebook-2010-model.ts';
import { generateWorkload } from '../../../src/workload/generate/generate.ts';
import { SINGLE_TASK_PART } from '../../../src/workload/generate/google-2011-model.ts';
import { workloadModels } from '../../../src/workload/generate/models.ts';
import { jobTasks, type Workload } from '../../../src/workload/workload.ts';

const made = (name: string) => {
  const model = workloadModels.find((candidate) => candidate.name === name)!;
  return generateWorkload(model, 'statistics', model.defaults);
};
const sizes = (workload: Workload) =>
  Array.from({ length: workload.jobs.count }, (_, job) => {
    const [first, end] = jobTasks(workload, job);
    return end - first;
  });

test('Google 2011: three jobs in four have one task, machines are of the kinds of the trace', () => {
  const workload = made('google-2011');
  const single = sizes(workload).filter((size) => size === 1).length / workload.jobs.count;
  expect(single).toBeGreaterThan(SINGLE_TASK_PART - 0.02);
  expect(single).toBeLessThan(SINGLE_TASK_PART + 0.02);
  const halves = workload.cluster!.agentIds.filter(
    (_, agent) => workload.cluster!.total[agent * 2] === 16_000,
  ).length;
  expect(halves / workload.cluster!.agentIds.length).toBeCloseTo((6732 + 3863 + 1001 + 52) / 12_569, 2);
});

test('Facebook 2010: jobs fall into the bins of the paper', () => {
  const workload = made('facebook-2010');
  const counts = sizes(workload);
  const sum = MAP_BINS.reduce((total, [part]) => total + part, 0);
  for (const [part, least, most] of MAP_BINS) {
    const found = counts.filter((size) => size >= least && size <= most).length / counts.length;
    expect(Math.abs(found - part / sum)).toBeLessThan(0.035);
  }
});

test('Alibaba GPU: run times have the median and tail of the paper, few users most of the jobs', () => {
  const workload = made('alibaba-gpu');
  const jobSeconds = Float64Array.from(
    { length: workload.jobs.count },
    (_, job) => workload.tasks.durationUs[jobTasks(workload, job)[0]] / 1e6,
  ).sort();
  expect(quantile(jobSeconds, 0.5) / MEDIAN_SECONDS).toBeCloseTo(1, 1);
  expect(Math.abs(quantile(jobSeconds, 0.9) / P90_SECONDS - 1)).toBeLessThan(0.1);
  const top = workload.jobs.role.filter((role) => role < 2).length / workload.jobs.count;
  expect(top).toBeCloseTo(TOP_USERS_PART, 1);
});

for (const model of workloadModels) {
  test(`${model.name}: demand meets the load, and the seed decides`, () => {
    const options = { ...model.defaults, tasks: 20_000 };
    const workload = generateWorkload(model, 'a', options);
    const capacity = clusterCapacity(workload.cluster!);
    const width = workload.resources.length;
    const work = new Float64Array(width);
    for (let task = 0; task < workload.tasks.count; task++) {
      for (let r = 0; r < width; r++)
        work[r] +=
          workload.requests.demand[workload.tasks.request[task] * width + r] *
          workload.tasks.durationUs[task];
    }
    const spanUs = workload.jobs.submitUs[workload.jobs.count - 1];
    const load = Math.max(
      ...work.map(
        (sum, r) => sum / (capacity[workload.cluster!.resources.indexOf(workload.resources[r])] * spanUs),
      ),
    );
    expect(load / options.load).toBeGreaterThan(0.98);
    expect(load / options.load).toBeLessThan(1.1);
    expect(generateWorkload(model, 'a', options)).toEqual(workload);
    expect(generateWorkload(model, 'b', options)).not.toEqual(workload);
  });
}
