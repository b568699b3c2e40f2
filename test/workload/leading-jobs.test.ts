import { describe, expect, it } from 'vitest';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import { firstJobs, jobsSubmittedBefore } from '../../src/workload/leading-jobs.ts';
import { scaleArrivals } from '../../src/workload/scale-arrivals.ts';
import { OUTCOME_KILLED, type Workload } from '../../src/workload/workload.ts';

/** Adds jobs 0 … count − 1, one every 10 s; each differs from the others in role, request and stages. */
function workloadOf(count: number): Workload {
  const builder = new WorkloadBuilder('trace');
  const roles = ['web', 'ads', 'ml'];
  for (let job = 0; job < count; job++) {
    builder.job({ id: `job ${job}`, role: roles[job % 3], submitUs: job * 10e6, maxPerAgent: job });
    builder.stage();
    builder.tasks(job + 1, builder.request({ cpus: job + 1, mem: 64 }), 5e6);
    if (job % 2 === 1) {
      builder.stage([0]);
      builder.tasks(2, builder.request({ cpus: 1 }), 1e6, job === 3 ? OUTCOME_KILLED : undefined);
    }
  }
  return builder.finish();
}

describe('the first jobs of a workload', () => {
  // Expected: what a builder makes of the first jobs alone, apart from optional columns that later jobs brought in.
  it.each([2, 4, 5])('are as if the trace held no others (%i of 6)', (count) => {
    const part = firstJobs(workloadOf(6), count);
    const alone = workloadOf(count);
    const outcome = part.tasks.outcome?.some((value) => value !== 0) ? part.tasks.outcome : null;
    expect({ ...part, tasks: { ...part.tasks, outcome } }).toEqual(alone);
  });

  it('are all jobs where there are no more', () => {
    const workload = workloadOf(3);
    expect(firstJobs(workload, 3)).toBe(workload);
    expect(firstJobs(workload, 99)).toBe(workload);
  });

  it('may be none', () => {
    const none = firstJobs(workloadOf(3), 0);
    expect([none.jobs.count, none.stages.count, none.tasks.count, none.roles, none.requests.count]).toEqual([
      0,
      0,
      0,
      [],
      0,
    ]);
  });

  it('may be chosen by submit time, the bound itself left out', () => {
    const workload = workloadOf(6);
    expect(jobsSubmittedBefore(workload, 20e6)).toEqual(firstJobs(workload, 2));
    expect(jobsSubmittedBefore(workload, 20e6 + 1)).toEqual(firstJobs(workload, 3));
    expect(jobsSubmittedBefore(workload, 1e9)).toBe(workload);
  });
});

describe('scaling arrivals', () => {
  it('divides submit times by the load, in whole microseconds, and nothing else', () => {
    const workload = workloadOf(4);
    const scaled = scaleArrivals(workload, 1.5);
    expect([...scaled.jobs.submitUs]).toEqual([0, 6666667, 13333333, 20000000]);
    expect(scaled.tasks).toEqual(workload.tasks);
    expect([...workload.jobs.submitUs]).toEqual([0, 10e6, 20e6, 30e6]);
  });
});
