/** A cell in the shape of Google's 2011 trace. */
import { diurnal, steady } from './arrivals.ts';
import type { WorkloadModel } from './model.ts';
import { boundedPareto, constant, lognormal, mixture } from './samplers.ts';

/** Capacity of the largest machine, to which the trace is normalised; the trace does not tell it. */
const CPUS = 32;
const MEM_MIB = 131_072;

/** Part of jobs that have a single task. */
export const SINGLE_TASK_PART = 0.75;
/** 25.4 million tasks in 672,000 jobs. */
export const MEAN_TASKS_PER_JOB = 37;
/** Half of the jobs run shorter. */
export const MEDIAN_JOB_SECONDS = 180;

/** The tail is chosen so that the mean is met: 0.75 + 0.25 × 142. */
const tasksPerJob = mixture([
  [SINGLE_TASK_PART, constant(1)],
  [1 - SINGLE_TASK_PART, boundedPareto(0.5, 2, 10_000)],
]);

export const google2011Model: WorkloadModel = {
  name: 'google-2011',
  title: 'A Borg cell in the shape of Google’s 2011 trace: machine kinds, single-task jobs, heavy tails',
  source:
    'Reiss et al., SoCC 2012, table 1, and ISTC-CC-TR-12-101 (2012); totals of the trace clusterdata-2011-2',
  shapedOn: [
    'machine kinds and their numbers: table 1 (kinds of fewer than 50 machines left out)',
    'three jobs in four have one task; half of the jobs run less than 3 minutes',
    'tasks per job: mean 37, from the totals of the trace, by a Pareto tail up to 10,000',
    'three priority groups, gratis, other and production; their parts, requests and longer durations are assumed, and the largest machine to have 32 cores and 128 GiB',
  ],
  roles: [
    {
      name: 'gratis',
      weight: 1,
      jobShare: 0.55,
      activity: diurnal(0.5),
      tasksPerJob,
      durationSeconds: lognormal(150, 1.3),
      durationSpread: lognormal(1, 0.3),
      requests: [
        [5, { cpus: 0.4, mem: 1024 }],
        [3, { cpus: 0.8, mem: 2048 }],
        [2, { cpus: 2, mem: 2048 }],
      ],
    },
    {
      name: 'other',
      weight: 2,
      jobShare: 0.4,
      activity: diurnal(0.4),
      tasksPerJob,
      durationSeconds: lognormal(200, 1.5),
      durationSpread: lognormal(1, 0.3),
      requests: [
        [4, { cpus: 0.4, mem: 1024 }],
        [4, { cpus: 1, mem: 4096 }],
        [2, { cpus: 4, mem: 8192 }],
      ],
      priority: 4,
    },
    {
      name: 'production',
      weight: 8,
      jobShare: 0.05,
      activity: steady,
      tasksPerJob,
      durationSeconds: lognormal(3600, 1.2),
      durationSpread: lognormal(1, 0.1),
      requests: [
        [5, { cpus: 1, mem: 4096 }],
        [3, { cpus: 2, mem: 16_384 }],
      ],
      priority: 9,
    },
  ],
  agents: [
    { share: 6732, resources: { cpus: CPUS / 2, mem: MEM_MIB / 2 }, attributes: { platform: 'B' } },
    { share: 3863, resources: { cpus: CPUS / 2, mem: MEM_MIB / 4 }, attributes: { platform: 'B' } },
    { share: 1001, resources: { cpus: CPUS / 2, mem: (MEM_MIB * 3) / 4 }, attributes: { platform: 'B' } },
    { share: 795, resources: { cpus: CPUS, mem: MEM_MIB }, attributes: { platform: 'C' } },
    { share: 126, resources: { cpus: CPUS / 4, mem: MEM_MIB / 4 }, attributes: { platform: 'A' } },
    { share: 52, resources: { cpus: CPUS / 2, mem: MEM_MIB / 8 }, attributes: { platform: 'B' } },
  ],
  defaults: { tasks: 500_000, agents: 1250, load: 0.8 },
};
