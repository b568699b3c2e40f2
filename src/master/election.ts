/** From standby to leader (reference §11.3): the registry is read, this master written into it, and then it serves. */
import { whenAllowed } from './agent-health.ts';
import { markRecoveredUnreachable } from './agent-removal.ts';
import type { MasterContext } from './context.ts';
import type { RegistryChange, RegistryEntries } from './io.ts';
import { applyQuota } from './quota.ts';
import {
  type AbsentAgent,
  type AdmittedAgent,
  AGENT_PREFIX,
  GONE_PREFIX,
  MAINTENANCE_KEY,
  MASTER_KEY,
  type Maintenance,
  QUOTA_PREFIX,
  REGISTRY_VERSION,
  UNREACHABLE_PREFIX,
  VERSION_KEY,
  WEIGHTS_KEY,
} from './registry.ts';
import type { KnownAgent } from './state.ts';

export function elected(master: MasterContext, entries: RegistryEntries): void {
  const { state, allocator, flags } = master;
  if (state.phase !== 'standby') return;
  const version = entries[VERSION_KEY] ?? REGISTRY_VERSION;
  if (Number(version) > REGISTRY_VERSION) {
    master.emit({
      kind: 'abort',
      reason: `a newer mesolab wrote the registry (layout ${version}, this one knows ${REGISTRY_VERSION}); upgrade this master`,
    });
    return;
  }
  state.phase = 'recovering';
  state.leader = master.info;
  state.electedUs = master.nowUs;
  for (const [key, value] of Object.entries(entries)) readEntry(master, key, value);
  const weights = state.weights.size > 0 ? state.weights : Object.entries(flags.weights);
  for (const [role, weight] of weights) {
    state.weights.set(role, weight);
    allocator.setWeight(role, weight);
  }
  state.recoveredAtElection = state.recoveredAgents.size;
  if (state.quotas.size > 0 && state.recoveredAtElection > 0) {
    state.isPaused = true;
    allocator.pause();
  }
  const claim = [
    { key: MASTER_KEY, value: master.info },
    ...(entries[VERSION_KEY] === undefined ? [{ key: VERSION_KEY, value: REGISTRY_VERSION }] : []),
  ];
  master.registrar.commit(claim, () => {
    state.phase = 'leading';
    master.timers.set(master.nowUs + flags.allocatorRecoveryTimeoutUs, () => {
      if (!state.isPaused) return;
      state.isPaused = false;
      allocator.resume();
    });
    master.timers.set(master.nowUs + flags.agentReregisterTimeoutUs, () => giveUpMissing(master));
    scheduleGarbageCollection(master);
  });
}

function readEntry(master: MasterContext, key: string, value: unknown): void {
  const { state } = master;
  const after = (prefix: string) => (key.startsWith(prefix) ? key.slice(prefix.length) : null);
  const admitted = after(AGENT_PREFIX);
  if (admitted !== null) {
    const { info, drainInfo, isDeactivated } = value as AdmittedAgent;
    state.recoveredAgents.set(admitted, {
      id: { value: admitted },
      info,
      sinceUs: null,
      drainInfo,
      isDeactivated,
      removal: null,
    });
  }
  const unreachable = after(UNREACHABLE_PREFIX);
  if (unreachable !== null)
    state.unreachableAgents.set(unreachable, {
      ...(value as AbsentAgent),
      id: { value: unreachable },
      removal: null,
    });
  const gone = after(GONE_PREFIX);
  if (gone !== null) {
    const { sinceUs } = value as Pick<AbsentAgent, 'sinceUs'>;
    const nothing = { info: null, drainInfo: null, isDeactivated: false, removal: null };
    state.goneAgents.set(gone, { id: { value: gone }, sinceUs, ...nothing });
  }
  if (key === WEIGHTS_KEY)
    for (const [role, weight] of Object.entries(value as Record<string, number>))
      state.weights.set(role, weight);
  if (key === MAINTENANCE_KEY) state.maintenance = value as Maintenance;
  const quotaRole = after(QUOTA_PREFIX);
  if (quotaRole !== null) applyQuota(master, quotaRole, value as Parameters<typeof applyQuota>[2]);
}

/** Agents that have not come back since the election are unreachable, one by one as the limit allows. */
function giveUpMissing(master: MasterContext): void {
  const { state, flags } = master;
  const missing = [...state.recoveredAgents.values()];
  if (missing.length > flags.recoveryAgentRemovalLimit * state.recoveredAtElection) {
    master.emit({
      kind: 'abort',
      reason: `${missing.length} of ${state.recoveredAtElection} agents did not come back, more than --recovery_agent_removal_limit allows`,
    });
    return;
  }
  for (const agent of missing) {
    const removal = whenAllowed(master, () => giveUp(master, agent.id.value));
    state.recoveredAgents.set(agent.id.value, { ...agent, removal });
  }
}

function giveUp(master: MasterContext, id: string): void {
  const agent = master.state.recoveredAgents.get(id);
  if (agent !== undefined && !master.state.reregistering.has(id)) markRecoveredUnreachable(master, agent);
}

/** Lists of unreachable and gone agents are kept short (reference §10.3, last line). */
function scheduleGarbageCollection(master: MasterContext): void {
  const { state, flags } = master;
  master.timers.set(master.nowUs + flags.registryGcIntervalUs, () => {
    const changes = [
      ...collect(master, state.unreachableAgents, UNREACHABLE_PREFIX),
      ...collect(master, state.goneAgents, GONE_PREFIX),
    ];
    for (const change of changes) master.registrar.commit([change], () => {});
    scheduleGarbageCollection(master);
  });
}

/** Too old ones, and the oldest of too many: they were entered in order of time. */
function collect(
  master: MasterContext,
  agents: Map<string, KnownAgent>,
  prefix: string,
): readonly RegistryChange[] {
  const { registryMaxAgentAgeUs, registryMaxAgentCount } = master.flags;
  const changes: RegistryChange[] = [];
  for (const [id, { sinceUs }] of agents) {
    const isTooOld = master.nowUs - (sinceUs ?? 0) > registryMaxAgentAgeUs;
    if (!isTooOld && agents.size <= registryMaxAgentCount) break;
    if (master.state.reregistering.has(id)) continue;
    agents.delete(id);
    changes.push({ key: prefix + id, value: null });
  }
  return changes;
}
