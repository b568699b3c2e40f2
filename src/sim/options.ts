/** Everything that a replay depends on besides the workload. */
import type { Cluster } from '../cluster/cluster.ts';
import type { ResourceAmounts } from '../cluster/resources.ts';
import type { Policy } from '../policies/policy.ts';
import type { ProtocolOptions } from './protocol/options.ts';

export interface ReplayOptions {
  readonly seed: string;
  readonly cluster: Cluster;
  readonly policy: Policy;
  /** By role, also for inner nodes of the role tree; roles not named have weight 1. */
  readonly weights: ReadonlyMap<string, number>;
  /** Most that a role (or subtree) may hold, natural units; resources not named are unlimited. */
  readonly limits: ReadonlyMap<string, ResourceAmounts>;
  /** What a role is guaranteed: it is served before others while it holds less. */
  readonly guarantees: ReadonlyMap<string, ResourceAmounts>;
  readonly model: AllocationModel;
  /** Agents fail and recover by a seeded model; `null`: only as the cluster's events say. */
  readonly failures: FailureModel | null;
  /** Stop at this virtual time; Infinity: when all tasks have ended. */
  readonly untilUs: number;
  /** Verify conservation after every event (test builds: slow). */
  readonly isChecked: boolean;
}

export type AllocationModel =
  | { readonly kind: 'placement' }
  | {
      /** Two-level: the allocator offers all free resources of agents, frameworks (one a role) accept or decline. */
      readonly kind: 'offers';
      /** Time between allocation cycles (Mesos `--allocation_interval`). */
      readonly intervalUs: number;
      /** How long a framework thinks about its offers, holding them. */
      readonly decisionUs: number;
      /** Of roles whose frameworks think for another time. */
      readonly roleDecisionUs?: ReadonlyMap<string, number>;
      /** An offer held longer is rescinded (Mesos `--offer_timeout`); Infinity: never. */
      readonly holdUs: number;
      /** A declined agent's resources are not offered again to the framework for so long (Mesos `refuse_seconds`). */
      readonly refuseUs: number;
    }
  | {
      /** Schedulers decide in parallel on the whole cluster's state, and claim what they chose (Omega). */
      readonly kind: 'shared-state';
      readonly schedulers: 'role' | 'one';
      readonly jobUs: number;
      readonly roleJobUs: ReadonlyMap<string, number>;
      readonly taskUs: number;
    }
  | {
      /** The real master, agents and schedulers exchange messages in a simulated world; times as for offers. */
      readonly kind: 'protocol';
      readonly intervalUs: number;
      readonly holdUs: number;
      readonly refuseUs: number;
      readonly world: ProtocolOptions;
    };

/** Exponential times to failure and to repair of each agent, drawn from the run's seed. */
export interface FailureModel {
  readonly meanTimeToFailureUs: number;
  readonly meanTimeToRepairUs: number;
}
