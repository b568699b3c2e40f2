/** More of the published statistics that presets are shaped on; presets.test.ts has the others. */
import { describe, expect, it } from 'vitest';
import { quantile } from '../../../src/metrics/distribution.ts';
import { alibabaGpuModel, GANG_PART } from '../../../src/workload/generate/alibaba-gpu-model.ts';
import { facebook2010Model } from '../../../src/workload/generate/facebook-2010-model.ts';
import {
  google2011Model,
  MEAN_TASKS_PER_JOB,
  MEDIAN_JOB_SECONDS,
} from '../../../src/workload/generate/google-2011-model.ts';
import { JobDraws } from '../../../src/workload/generate/job-draws.ts';
import type { WorkloadModel } from '../../../src/workload/generate/model.ts';

const JOBS = 100_000;

/** One number for each of many jobs, sorted. */
function figures(
  model: WorkloadModel,
  figure: (job: JobDraws['job'], model: WorkloadModel) => number,
): Float64Array {
  const draws = new JobDraws(model.roles, 'published');
  return Float64Array.from({ length: JOBS }, () => figure(draws.next(), model)).sort();
}
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const asked =
  (resource: string) =>
  (job: JobDraws['job'], { roles }: WorkloadModel) =>
    roles[job.role].requests[job.request][1][resource] ?? 0;

describe('Google 2011', () => {
  it('has 37 tasks in a job on average, and half of the jobs run less than 3 minutes', () => {
    expect(
      Math.abs(mean(figures(google2011Model, ({ tasks }) => tasks)) / MEAN_TASKS_PER_JOB - 1),
    ).toBeLessThan(0.1);
    const seconds = figures(google2011Model, ({ tasks, durationsUs }) => {
      let longest = 0;
      for (let task = 0; task < tasks; task++) longest = Math.max(longest, durationsUs[task]);
      return longest / 1e6;
    });
    expect(Math.abs(quantile(seconds, 0.5) / MEDIAN_JOB_SECONDS - 1)).toBeLessThan(0.15);
  });
});

describe('Facebook 2010', () => {
  it('has jobs of 4,800 maps on average beyond 1,500', () => {
    const large = figures(facebook2010Model, ({ tasks }) => tasks).filter((tasks) => tasks > 1500);
    expect(mean(large) / 4800).toBeCloseTo(1, 1);
  });
});

describe('Alibaba GPU', () => {
  it('has 85 % of its instances in gangs', () => {
    const sizes = figures(alibabaGpuModel, ({ tasks }) => tasks);
    const inGangs = mean(sizes.map((tasks) => (tasks > 1 ? tasks : 0))) / mean(sizes);
    expect(inGangs).toBeCloseTo(GANG_PART, 1);
  });

  it.each([
    ['cpus', 6, 12],
    ['mem', 30_000, 60_000],
    ['gpus', 0.5, 1],
  ])('asks for %s: median %d, 90 %% quantile %d', (resource, median, p90) => {
    const values = figures(alibabaGpuModel, asked(resource));
    expect([quantile(values, 0.5), quantile(values, 0.9)]).toEqual([median, p90]);
  });
});
