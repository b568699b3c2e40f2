/** How the policies divide a pool between users: in fractions of tasks (the theory), and in whole tasks (the engine). */
import { type AllocationProblem, allocationProblem } from '../../policies/divisible/allocation-problem.ts';
import { assetFairness } from '../../policies/divisible/asset-fairness.ts';
import { ceei } from '../../policies/divisible/ceei.ts';
import { drf } from '../../policies/divisible/drf.ts';
import { maxMin } from '../../policies/divisible/max-min.ts';
import { parsePolicy } from '../../policies/registry.ts';
import { fillCluster } from './fill-cluster.ts';

export interface PoolUser {
  readonly name: string;
  /** CPUs and memory of one task, both positive. */
  readonly demand: readonly [cpus: number, mem: number];
  readonly weight: number;
}

export interface Division {
  readonly policy: string;
  /** Tasks by user. */
  readonly tasks: readonly number[];
  /** Whole tasks by user, which the simulator starts on one agent as large as the pool. */
  readonly wholeTasks: readonly number[];
}

interface DivisionPolicy {
  readonly title: string;
  readonly divide: (problem: AllocationProblem) => Float64Array;
  /** As for `simulate --policy`. */
  readonly specification: string;
}

const PLAIN_DRF: DivisionPolicy = { title: 'DRF', divide: drf, specification: 'drf' };

const WEIGHTED: readonly DivisionPolicy[] = [
  { title: 'weighted DRF', divide: drf, specification: 'wdrf' },
  { title: 'asset fairness', divide: assetFairness, specification: 'asset' },
  { title: 'CEEI', divide: ceei, specification: 'ceei' },
  {
    title: 'max-min of CPUs',
    divide: (problem) => maxMin(problem, 0),
    specification: 'maxmin:resource=cpus',
  },
  {
    title: 'max-min of memory',
    divide: (problem) => maxMin(problem, 1),
    specification: 'maxmin:resource=mem',
  },
];

/** Under every policy; plain DRF takes all users as equal. */
export function divide(pool: readonly [cpus: number, mem: number], users: readonly PoolUser[]): Division[] {
  const equals = users.map((user) => ({ ...user, weight: 1 }));
  return [divisionOf(PLAIN_DRF, pool, equals), ...WEIGHTED.map((policy) => divisionOf(policy, pool, users))];
}

/** Tasks that a user's part of every resource, by weight, has room for: what sharing must at least give it. */
export function tasksAlone(pool: readonly number[], users: readonly PoolUser[], user: number): number {
  const part = users[user].weight / users.reduce((sum, { weight }) => sum + weight, 0);
  return Math.min(...pool.map((amount, r) => (part * amount) / users[user].demand[r]));
}

function divisionOf(
  { title, divide, specification }: DivisionPolicy,
  pool: readonly [cpus: number, mem: number],
  users: readonly PoolUser[],
): Division {
  const agent = { cpus: pool[0], mem: pool[1] };
  const roles = users.map(({ name, demand: [cpus, mem], weight }) => ({ name, weight, task: { cpus, mem } }));
  return {
    policy: title,
    tasks: [...divide(allocationProblem(pool, users))],
    wholeTasks: fillCluster(parsePolicy(specification), [agent], roles).running,
  };
}
