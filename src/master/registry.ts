/** Keys and values of the registry (reference §11.1). */
import type { AgentInfo, DrainInfo } from '../protocol/v1/mesos.ts';
import type { RegistryChange } from './io.ts';

export interface AdmittedAgent {
  readonly info: AgentInfo;
  readonly drainInfo: DrainInfo | null;
  readonly isDeactivated: boolean;
}

/** The leader's MasterInfo. */
export const MASTER_KEY = 'master';

export const AGENT_PREFIX = 'agent/';

export function admitAgent(id: string, agent: AdmittedAgent): RegistryChange {
  return { key: AGENT_PREFIX + id, value: agent };
}
