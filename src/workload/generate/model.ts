/** What a synthetic workload is made from. */
import type { ResourceAmounts } from '../../cluster/resources.ts';
import type { Activity } from './arrivals.ts';
import type { Sampler } from './samplers.ts';

export interface WorkloadModel {
  readonly name: string;
  readonly title: string;
  /** The publication whose statistics it is shaped on, and which ones. */
  readonly source: string;
  readonly shapedOn: readonly string[];
  readonly roles: readonly RoleModel[];
  readonly agents: readonly AgentModel[];
  readonly defaults: GenerateOptions;
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
  /** Factor of each task's duration around its job's. */
  readonly durationSpread: Sampler;
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

export interface GenerateOptions {
  /** At least so many tasks: jobs are drawn until there are. */
  readonly tasks: number;
  readonly agents: number;
  /** Work of the resource most in demand ÷ its capacity over the time of arrivals. */
  readonly load: number;
}
