/** Machine-learning jobs in the shape of Alibaba's PAI cluster: shared GPUs, gangs, few users with most instances. */
import { diurnal } from './arrivals.ts';
import type { RoleModel, WorkloadModel } from './model.ts';
import { boundedPareto, constant, lognormal, mixture } from './samplers.ts';

/** Median and 90 % quantile of an instance's run time. */
export const MEDIAN_SECONDS = 23 * 60;
export const P90_SECONDS = 4.5 * 3600;
/** 90 % quantile of the standard normal distribution. */
const Z90 = 1.2816;
const SIGMA = Math.log(P90_SECONDS / MEDIAN_SECONDS) / Z90;

const USER_COUNT = 40;
/** Part of the users who submit `TOP_USERS_PART` of the instances. */
const TOP_USERS = 0.05;
export const TOP_USERS_PART = 0.77;
/** Part of the instances that start with others or not at all. */
export const GANG_PART = 0.85;

/** What instances ask for, by part of the jobs. Quantiles are in `shapedOn`; the parts between them are assumed. */
const REQUESTS: RoleModel['requests'] = [
  [10, { cpus: 6, mem: 30_000 }],
  [25, { cpus: 6, mem: 30_000, gpus: 0.25 }],
  [30, { cpus: 6, mem: 30_000, gpus: 0.5 }],
  [19, { cpus: 6, mem: 30_000, gpus: 1 }],
  [13, { cpus: 12, mem: 60_000, gpus: 1 }],
  [3, { cpus: 12, mem: 60_000, gpus: 2 }],
];

/** 0.7 × 1 task and 0.3 × 13 tasks on average: 85 % of instances are in gangs. */
const tasksPerJob = mixture([
  [0.7, constant(1)],
  [0.3, boundedPareto(0.65, 2, 128)],
]);

function users(count: number): RoleModel[] {
  const top = Math.max(1, Math.round(count * TOP_USERS));
  const digits = String(count - 1).length;
  return Array.from({ length: count }, (_, user) => ({
    name: `user-${String(user).padStart(digits, '0')}`,
    weight: 1,
    jobShare: count === top ? 1 : user < top ? TOP_USERS_PART / top : (1 - TOP_USERS_PART) / (count - top),
    activity: diurnal(0.4),
    tasksPerJob,
    durationSeconds: lognormal(MEDIAN_SECONDS, SIGMA),
    durationSpread: constant(1),
    requests: REQUESTS,
    isGang: true,
  }));
}

export const alibabaGpuModel: WorkloadModel = {
  name: 'alibaba-gpu',
  title: 'Training and inference jobs in the shape of Alibaba PAI: shares of GPUs, gangs, skewed users',
  source: 'Weng et al., NSDI 2022 (MLaaS in the Wild), section 3; machine counts of cluster-trace-gpu-v2020',
  shapedOn: [
    'instance run time: median 23 min, 90 % below 4.5 h, as a lognormal',
    'the top 5 % of users submit 77 % of the instances; 85 % of the instances are in gangs',
    'requests: median 6 vCPUs, 29 GiB and half a GPU, 90 % quantile 12 vCPUs, 59 GiB and one GPU',
    'GPU machines by kind: 798 P100, 497 T4, 280 older, 135 and 104 V100; their CPUs and memory are assumed in part',
  ],
  roles: users(USER_COUNT),
  rolesFor: users,
  agents: [
    { share: 798, resources: { cpus: 64, mem: 524_288, gpus: 2 }, attributes: { gpuModel: 'P100' } },
    { share: 497, resources: { cpus: 96, mem: 524_288, gpus: 2 }, attributes: { gpuModel: 'T4' } },
    { share: 280, resources: { cpus: 64, mem: 524_288, gpus: 8 }, attributes: { gpuModel: 'MISC' } },
    { share: 135, resources: { cpus: 96, mem: 393_216, gpus: 8 }, attributes: { gpuModel: 'V100M32' } },
    { share: 104, resources: { cpus: 96, mem: 393_216, gpus: 8 }, attributes: { gpuModel: 'V100' } },
  ],
  defaults: { tasks: 50_000, agents: 180, load: 0.8 },
};
