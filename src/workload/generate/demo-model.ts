/** The bundled workload: roles that want different resources, with times of plenty and of contention. */
import { bursts, diurnal, steady } from './arrivals.ts';
import type { WorkloadModel } from './model.ts';
import { boundedPareto, constant, lognormal, mixture, uniformInteger } from './samplers.ts';

/** A replay should end soon after the last arrival. */
const LONGEST_SECONDS = 3600;

export const demoModel: WorkloadModel = {
  name: 'demo',
  title:
    'Five weighted roles on 1,000 agents: services, analytics, a greedy batch role, training on GPUs, research',
  source:
    'ours; job sizes after Zaharia et al., EuroSys 2010, durations after Reiss et al., SoCC 2012, GPU shares after Weng et al., NSDI 2022',
  shapedOn: [
    'many one-task jobs and a heavy tail of large ones; minutes of median run time, an hour at most',
    'a greedy role whose bursts of large jobs fill the cluster three times',
    'roles of weights 1 and 3 that want the same memory at the same time, so that weights show',
  ],
  roles: [
    {
      name: 'services',
      weight: 4,
      jobShare: 10,
      activity: diurnal(0.5),
      tasksPerJob: mixture([
        [8, constant(1)],
        [2, uniformInteger(2, 12)],
      ]),
      durationSeconds: lognormal(400, 0.9),
      durationSpread: lognormal(1, 0.2),
      longestSeconds: LONGEST_SECONDS,
      requests: [
        [3, { cpus: 1, mem: 2048 }],
        [2, { cpus: 2, mem: 8192 }],
      ],
      priority: 9,
    },
    {
      name: 'analytics',
      weight: 3,
      jobShare: 5,
      activity: bursts(
        [
          [0.12, 0.22],
          [0.42, 0.6],
        ],
        0.1,
      ),
      tasksPerJob: boundedPareto(0.8, 4, 800),
      durationSeconds: lognormal(300, 1),
      durationSpread: lognormal(1, 0.4),
      longestSeconds: LONGEST_SECONDS,
      requests: [
        [2, { cpus: 1, mem: 12_288 }],
        [1, { cpus: 1, mem: 20_480 }],
      ],
      priority: 4,
    },
    {
      name: 'batch',
      weight: 1,
      jobShare: 1,
      activity: bursts(
        [
          [0.12, 0.2],
          [0.45, 0.55],
          [0.75, 0.8],
        ],
        0.05,
      ),
      tasksPerJob: boundedPareto(0.8, 20, 1500),
      durationSeconds: lognormal(700, 0.7),
      durationSpread: lognormal(1, 0.3),
      longestSeconds: LONGEST_SECONDS,
      requests: [
        [2, { cpus: 2, mem: 2048 }],
        [1, { cpus: 4, mem: 4096 }],
      ],
    },
    {
      name: 'training',
      weight: 2,
      jobShare: 1,
      activity: steady,
      tasksPerJob: mixture([
        [6, constant(1)],
        [3, constant(4)],
        [1, constant(8)],
      ]),
      durationSeconds: lognormal(1400, 1.1),
      durationSpread: constant(1),
      longestSeconds: LONGEST_SECONDS,
      requests: [
        [4, { cpus: 4, mem: 16_384, gpus: 0.5 }],
        [3, { cpus: 8, mem: 32_768, gpus: 1 }],
        [1, { cpus: 12, mem: 65_536, gpus: 2 }],
      ],
      priority: 4,
      isGang: true,
    },
    {
      name: 'research',
      weight: 1,
      jobShare: 6,
      activity: bursts(
        [
          [0.1, 0.25],
          [0.4, 0.65],
        ],
        0.15,
      ),
      tasksPerJob: boundedPareto(0.9, 2, 300),
      durationSeconds: lognormal(300, 1.3),
      durationSpread: lognormal(1, 0.3),
      longestSeconds: LONGEST_SECONDS,
      requests: [
        [3, { cpus: 1, mem: 4096 }],
        [1, { cpus: 4, mem: 16_384 }],
        [1, { cpus: 2, mem: 8192, gpus: 0.25 }],
      ],
    },
  ],
  agents: [
    { share: 8, resources: { cpus: 16, mem: 65_536 }, attributes: { zone: 'a' } },
    { share: 6, resources: { cpus: 16, mem: 65_536 }, attributes: { zone: 'b' } },
    { share: 4, resources: { cpus: 32, mem: 131_072 }, attributes: { zone: 'b' } },
    { share: 2, resources: { cpus: 32, mem: 262_144, gpus: 4 }, attributes: { zone: 'a', gpuModel: 'V100' } },
  ],
  defaults: { tasks: 110_000, agents: 1000, load: 0.9 },
};
