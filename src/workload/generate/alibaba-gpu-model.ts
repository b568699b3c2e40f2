/** Machine-learning jobs in the shape of Alibaba's PAI cluster: shared GPUs, gangs, few users with most instances. */
import { diurnal } from './arrivals.ts';
import type { RoleModel, WorkloadModel } from './model.ts';
import { boundedPareto, constant, lognormal, mixture } from './samplers.ts';

/** Median and 90 % quantile of an instance's run time. */
export const MEDIAN_SECONDS = 23 * 60;
export const P90_SECONDS = 4.5 * 3600;
const Z90 = 1.2816;
const sigma = Math.log(P90_SECONDS / MEDIAN_SECONDS) / Z90;

const USER_COUNT = 40;
/** Part of the instances that the top 5 % of users submit. */
export const TOP_USERS_PART = 0.77;
const TOP_USER_COUNT = Math.round(USER_COUNT * 0.05);

const user = (index: number): RoleModel => ({
  name: `user-${String(index).padStart(2, '0')}`,
  weight: 1,
  jobShare:
    index < TOP_USER_COUNT
      ? TOP_USERS_PART / TOP_USER_COUNT
      : (1 - TOP_USERS_PART) / (USER_COUNT - TOP_USER_COUNT),
  activity: diurnal(0.4),
  tasksPerJob: mixture([
    [0.7, constant(1)],
    [0.3, boundedPareto(1.2, 2, 64)],
  ]),
  durationSeconds: lognormal(MEDIAN_SECONDS, sigma),
  durationSpread: constant(1),
  requests: [
    [3, { cpus: 6, mem: 29_696, gpus: 0.25 }],
    [3, { cpus: 6, mem: 29_696, gpus: 0.5 }],
    [3, { cpus: 6, mem: 29_696, gpus: 1 }],
    [1, { cpus: 12, mem: 59_392, gpus: 2 }],
    [2, { cpus: 6, mem: 16_384 }],
  ],
  isGang: true,
});

export const alibabaGpuModel: WorkloadModel = {
  name: 'alibaba-gpu',
  title: 'Training and inference jobs in the shape of Alibaba PAI: shares of GPUs, gangs, skewed users',
  source: 'Weng et al., NSDI 2022 (MLaaS in the Wild), sections 3 and 4',
  shapedOn: [
    'instance run time: median 23 min, 90 % below 4.5 h, as a lognormal',
    'the top 5 % of users submit 77 % of the instances',
    'most jobs are gangs, and most requests are for a part of a GPU; the parts themselves are assumed',
  ],
  roles: Array.from({ length: USER_COUNT }, (_, index) => user(index)),
  agents: [
    { share: 8, resources: { cpus: 96, mem: 524_288, gpus: 2 }, attributes: { gpuModel: 'T4' } },
    { share: 7, resources: { cpus: 64, mem: 524_288, gpus: 2 }, attributes: { gpuModel: 'P100' } },
    { share: 3, resources: { cpus: 96, mem: 393_216, gpus: 8 }, attributes: { gpuModel: 'V100' } },
  ],
  defaults: { tasks: 50_000, agents: 180, load: 0.8 },
};
