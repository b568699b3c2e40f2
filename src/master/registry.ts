/** Keys and values of the registry (reference §11.1): what must outlive every master. */
import type { Schedule } from '../protocol/v1/maintenance.ts';
import type { AgentInfo, DrainInfo, MachineID } from '../protocol/v1/mesos.ts';
import type { QuotaConfig } from '../protocol/v1/quota.ts';
import type { RegistryChange } from './io.ts';

export interface AdmittedAgent {
  readonly info: AgentInfo;
  readonly drainInfo: DrainInfo | null;
  readonly isDeactivated: boolean;
}

/** An agent that is unreachable or gone; of gone ones nothing but the time is kept. */
export interface AbsentAgent extends AdmittedAgent {
  readonly sinceUs: number;
}

export interface Maintenance {
  readonly schedule: Schedule;
  readonly downMachines: readonly MachineID[];
}

/** Layout of all of this; absent: 1. */
export const VERSION_KEY = 'version';
export const REGISTRY_VERSION = 1;
/** The leader's MasterInfo. */
export const MASTER_KEY = 'master';
export const AGENT_PREFIX = 'agent/';
export const UNREACHABLE_PREFIX = 'unreachable/';
export const GONE_PREFIX = 'gone/';
export const WEIGHTS_KEY = 'weights';
export const QUOTA_PREFIX = 'quota/';
export const MAINTENANCE_KEY = 'maintenance';

export function admitAgent(id: string, agent: AdmittedAgent): RegistryChange {
  return { key: AGENT_PREFIX + id, value: agent };
}

/** Admitted, unreachable or neither → admitted. */
export function readmitAgent(id: string, agent: AdmittedAgent): readonly RegistryChange[] {
  return [admitAgent(id, agent), { key: UNREACHABLE_PREFIX + id, value: null }];
}

export function makeUnreachable(id: string, agent: AbsentAgent): readonly RegistryChange[] {
  return [
    { key: AGENT_PREFIX + id, value: null },
    { key: UNREACHABLE_PREFIX + id, value: agent },
  ];
}

export function makeGone(id: string, sinceUs: number): readonly RegistryChange[] {
  return [
    { key: AGENT_PREFIX + id, value: null },
    { key: UNREACHABLE_PREFIX + id, value: null },
    { key: GONE_PREFIX + id, value: { sinceUs } },
  ];
}

export function removeAgent(id: string): RegistryChange {
  return { key: AGENT_PREFIX + id, value: null };
}

export function storeWeights(weights: ReadonlyMap<string, number>): RegistryChange {
  return { key: WEIGHTS_KEY, value: Object.fromEntries(weights) };
}

/** @param config null: the default */
export function storeQuota(role: string, config: QuotaConfig | null): RegistryChange {
  return { key: QUOTA_PREFIX + role, value: config };
}

export function storeMaintenance(maintenance: Maintenance): RegistryChange {
  return { key: MAINTENANCE_KEY, value: maintenance };
}
