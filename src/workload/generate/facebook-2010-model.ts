/** MapReduce jobs in the sizes of Facebook's production cluster. */
import { steady } from './arrivals.ts';
import type { RoleModel, WorkloadModel } from './model.ts';
import { constant, lognormal, mixture, type Sampler, uniformInteger } from './samplers.ts';

/**
 * Map tasks of a job by bin: part of the jobs (they sum to 1.01 by the table's rounding), and the range. The last bin is
 * open; its end puts the mean at 4,800, the size that stands for it in the paper's benchmark.
 */
export const MAP_BINS: readonly (readonly [part: number, least: number, most: number])[] = [
  [0.39, 1, 1],
  [0.16, 2, 2],
  [0.14, 3, 20],
  [0.09, 21, 60],
  [0.06, 61, 150],
  [0.06, 151, 300],
  [0.04, 301, 500],
  [0.04, 501, 1500],
  [0.03, 1501, 8099],
];

const maps: Sampler = mixture(
  MAP_BINS.map(([part, least, most]) => [part, uniformInteger(least, most)] as const),
);

const team = (name: string, weight: number, jobShare: number, mem: number): RoleModel => ({
  name,
  weight,
  jobShare,
  activity: steady,
  tasksPerJob: maps,
  durationSeconds: lognormal(20, 0.8),
  durationSpread: lognormal(1, 0.4),
  requests: [
    [7, { cpus: 1, mem }],
    [3, { cpus: 2, mem }],
  ],
});

export const facebook2010Model: WorkloadModel = {
  name: 'facebook-2010',
  title: 'MapReduce jobs in the size bins of Facebook’s production cluster, several teams',
  source: 'Zaharia et al., EuroSys 2010, table 1 (Facebook, October 2009)',
  shapedOn: [
    'map tasks per job: the nine bins of table 1',
    'Poisson arrivals; the paper’s mean of 14 s between jobs follows from agents and load instead',
    'durations and memory are assumed: lognormal around 20 s, and one team with tasks of much memory',
  ],
  roles: [
    team('ads', 2, 3, 1536),
    team('analytics', 1, 4, 1536),
    team('ranking', 1, 2, 6144),
    { ...team('spam', 1, 1, 1024), durationSeconds: constant(15) },
  ],
  agents: [{ share: 1, resources: { cpus: 8, mem: 16_384 } }],
  defaults: { tasks: 200_000, agents: 100, load: 0.85 },
};
