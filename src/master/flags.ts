/** Settings of a master (reference §17), with Mesos's defaults. */

import { US_PER_SECOND } from '../cluster/time.ts';
import type { Acls } from '../protocol/acls.ts';

const MINUTE_US = 60 * US_PER_SECOND;

export interface MasterFlags {
  readonly allocationIntervalUs: number;
  /** Offers are rescinded after that long; `null`: never. */
  readonly offerTimeoutUs: number | null;
  readonly agentPingTimeoutUs: number;
  readonly maxAgentPingTimeouts: number;
  readonly agentReregisterTimeoutUs: number;
  /** At most `agents` are marked unreachable in each `perUs`; `null`: no limit. */
  readonly agentRemovalRateLimit: { readonly agents: number; readonly perUs: number } | null;
  /** Share of the recovered agents, 0 to 1, beyond which the master aborts rather than mark them unreachable. */
  readonly recoveryAgentRemovalLimit: number;
  readonly registryStoreTimeoutUs: number;
  readonly registryGcIntervalUs: number;
  readonly registryMaxAgentAgeUs: number;
  readonly registryMaxAgentCount: number;
  /** With quota set, nothing is offered after an election until this share of the known agents is back… */
  readonly allocatorAgentRecoveryFactor: number;
  /** …or this time is over. */
  readonly allocatorRecoveryTimeoutUs: number;
  /** Roles that frameworks may have; `null`: any. */
  readonly roles: readonly string[] | null;
  /** Weights until an operator sets some. */
  readonly weights: Readonly<Record<string, number>>;
  /** Whether frameworks may run as root. */
  readonly rootSubmissions: boolean;
  /** `null`: everybody may do everything. */
  readonly acls: Acls | null;
  readonly requireAgentDomain: boolean;
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasksPerFramework: number;
  readonly maxUnreachableTasksPerFramework: number;
  readonly maxOperatorEventStreamSubscribers: number;
}

export const DEFAULT_FLAGS: MasterFlags = {
  allocationIntervalUs: US_PER_SECOND,
  offerTimeoutUs: null,
  agentPingTimeoutUs: 15 * US_PER_SECOND,
  maxAgentPingTimeouts: 5,
  agentReregisterTimeoutUs: 10 * MINUTE_US,
  agentRemovalRateLimit: null,
  recoveryAgentRemovalLimit: 1,
  registryStoreTimeoutUs: 20 * US_PER_SECOND,
  registryGcIntervalUs: 15 * MINUTE_US,
  registryMaxAgentAgeUs: 14 * 24 * 60 * MINUTE_US,
  registryMaxAgentCount: 102_400,
  allocatorAgentRecoveryFactor: 0.8,
  allocatorRecoveryTimeoutUs: 10 * MINUTE_US,
  roles: null,
  weights: {},
  rootSubmissions: true,
  acls: null,
  requireAgentDomain: false,
  maxCompletedFrameworks: 50,
  maxCompletedTasksPerFramework: 1000,
  maxUnreachableTasksPerFramework: 1000,
  maxOperatorEventStreamSubscribers: 1000,
};

/** Constant in Mesos: of schedulers' and of operators' streams. */
export const HEARTBEAT_US = 15 * US_PER_SECOND;
