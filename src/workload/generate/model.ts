/** What a synthetic workload is made from. */
import type { ResourceAmounts } from '../../cluster/resources.ts';
import type { Activity } from './arrivals.ts';
import type { Sampler } from './samplers.ts';
import type { GenerateOptions } from './sizing.ts';

export interface WorkloadModel {
  readonly name: string;
  readonly title: string;
  /** The publication whose statistics it is shaped on. */
  readonly source: string;
  /** Which statistics, and what is assumed where the publication is silent. */
  readonly shapedOn: readonly string[];
  readonly roles: readonly RoleModel[];
  /** The same jobs among so many roles; left out: roles are split into teams (`splitRoles`). */
  readonly rolesFor?: (count: number) => RoleModel[];
  readonly agents: readonly AgentModel[];
  readonly defaults: Required<Pick<GenerateOptions, 'tasks' | 'agents' | 'load'>>;
}

export interface RoleModel {
  readonly name: string;
  readonly weight: number;
  /** Part of all jobs, relative to the other roles'. */
  readonly jobShare: number;
  readonly activity: Activity;
  readonly tasksPerJob: Sampler;
  /** Median of a job's tasks; each task varies around it. */
  readonly durationSeconds: Sampler;
  /** Factor of each task's duration around its job's; of a gang one factor for all, since its tasks end together. */
  readonly durationSpread: Sampler;
  /** No task runs longer; left out: no bound. */
  readonly longestSeconds?: number;
  /** What a task asks for, natural units, with weights; all tasks of a job ask for the same. */
  readonly requests: readonly (readonly [weight: number, amounts: ResourceAmounts])[];
  readonly priority?: number;
  readonly isGang?: boolean;
}

export interface AgentModel {
  /** Part of all agents, relative to the other kinds. */
  readonly share: number;
  readonly resources: ResourceAmounts;
  readonly attributes?: Readonly<Record<string, string>>;
}
