/** Frameworks come, lose their stream, and are removed (reference §2.3). */
import type { FrameworkTerms } from '../allocator/hierarchical/terms.ts';
import { capabilitiesOf, rolesOf } from '../protocol/capabilities.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { FrameworkInfo } from '../protocol/v1/mesos.ts';
import type { OfferConstraints } from '../protocol/v1/scheduler.ts';
import type { MasterContext } from './context.ts';
import { removeExecutor } from './executors.ts';
import { discardInverseOffer, rescindInverseOffer } from './inverse-offers.ts';
import { rescindOffer, returnOffer } from './offers.ts';
import { tellFrameworkAdded, tellFrameworkRemoved } from './operator-events.ts';
import { sendAgent } from './send.ts';
import { type AgentRecord, FrameworkRecord } from './state.ts';
import { closeStream } from './streams.ts';
import { masterStatus, removeTask, updateTask } from './tasks.ts';
import { holdsResources } from './usage.ts';

/** Takes over a description whose id is the framework's. */
export function describe(framework: FrameworkRecord, info: FrameworkInfo): void {
  framework.info = info;
  framework.roles = rolesOf(info);
  framework.capabilities = capabilitiesOf(info);
  framework.isPartitionAware = framework.capabilities.has('PARTITION_AWARE');
}

export function termsOf(framework: FrameworkRecord): FrameworkTerms {
  return {
    roles: framework.roles,
    capabilities: framework.capabilities,
    offerFilters: framework.info.offer_filters ?? {},
    offerConstraints: framework.offerConstraints,
  };
}

/** @param info with the id */
export function addFramework(
  master: MasterContext,
  info: FrameworkInfo,
  start: {
    readonly connection: 'recovered' | 'active';
    readonly suppressedRoles: ReadonlySet<string>;
    readonly offerConstraints: OfferConstraints | null;
  },
): FrameworkRecord {
  const framework = new FrameworkRecord(info.id!.value, master.flags);
  describe(framework, info);
  framework.connection = start.connection;
  framework.suppressedRoles = start.suppressedRoles;
  framework.offerConstraints = start.offerConstraints;
  framework.registeredUs = master.nowUs;
  master.state.frameworks.set(framework.id, framework);
  master.allocator.addFramework(framework.id, termsOf(framework), {
    used: new Map(),
    isActive: start.connection === 'active',
    suppressedRoles: start.suppressedRoles,
  });
  tellFrameworkAdded(master, framework);
  return framework;
}

/** Its stream is gone: it gets no offers, and is removed unless it is back within its failover timeout. */
export function disconnectFramework(master: MasterContext, framework: FrameworkRecord): void {
  framework.connection = 'disconnected';
  framework.stream = null;
  framework.heartbeatTimer = cancelTimer(framework.heartbeatTimer);
  master.allocator.deactivateFramework(framework.id);
  for (const offer of framework.offers) rescindOffer(master, offer);
  for (const inverseOffer of framework.inverseOffers) rescindInverseOffer(master, inverseOffer);
  const timeoutUs = Math.round((framework.info.failover_timeout ?? 0) * 1e6);
  framework.failoverTimer = master.timers.set(master.nowUs + timeoutUs, () =>
    removeFramework(master, framework),
  );
}

/** Torn down: its tasks and executors are ended, and its id is never used again. */
export function removeFramework(master: MasterContext, framework: FrameworkRecord): void {
  const { state, allocator } = master;
  if (framework.connection === 'active') allocator.deactivateFramework(framework.id);
  framework.failoverTimer = cancelTimer(framework.failoverTimer);
  framework.heartbeatTimer = cancelTimer(framework.heartbeatTimer);
  for (const agent of agentsOf(master, framework))
    sendAgent(master, agent, { type: 'SHUTDOWN_FRAMEWORK', frameworkId: framework.wireId });
  for (const offer of framework.offers) returnOffer(master, offer, null);
  for (const inverseOffer of framework.inverseOffers) discardInverseOffer(master, inverseOffer);
  for (const task of framework.tasks.values()) {
    if (holdsResources(task.state)) {
      const status = masterStatus(
        master,
        task,
        'TASK_KILLED',
        'REASON_FRAMEWORK_REMOVED',
        `Framework ${framework.id} removed`,
      );
      updateTask(master, task, status, 'TASK_KILLED');
    }
    removeTask(master, task);
  }
  for (const task of framework.unreachableTasks.values()) framework.completedTasks.push(task);
  framework.unreachableTasks.clear();
  for (const executors of framework.executors.values())
    for (const executor of executors.values()) removeExecutor(master, executor);
  for (const operation of framework.operations) operation.framework = null;
  framework.operations.clear();
  framework.operationsById.clear();
  if (framework.stream !== null) closeStream(master, framework);
  framework.connection = 'disconnected';
  framework.unregisteredUs = master.nowUs;
  allocator.removeFramework(framework.id);
  state.frameworks.delete(framework.id);
  state.completedFrameworks.set(framework.id, framework);
  tellFrameworkRemoved(master, framework);
}

/** Agents where the framework has tasks or executors: all others have nothing of it to change. */
export function agentsOf(master: MasterContext, framework: FrameworkRecord): ReadonlySet<AgentRecord> {
  const agents = new Set<AgentRecord>(framework.executors.keys());
  for (const task of framework.tasks.values()) {
    const agent = master.state.agents.get(task.agentId.value);
    if (agent !== undefined) agents.add(agent);
  }
  return agents;
}
