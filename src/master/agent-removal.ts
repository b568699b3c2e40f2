/** Agents leave the books (reference §10.3): unreachable, gone by an operator's word, unregistered, or replaced. */
import { isTerminal, stateFor } from '../protocol/task-states.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { TaskState, TaskStatusReason } from '../protocol/v1/mesos.ts';
import type { MasterContext } from './context.ts';
import { removeExecutor } from './executors.ts';
import { rescindInverseOffer } from './inverse-offers.ts';
import { rescindOffer } from './offers.ts';
import { abandonOperation } from './operations.ts';
import { tellAgentRemoved } from './operator-events.ts';
import { makeGone, makeUnreachable, removeAgent } from './registry.ts';
import { sendEvent } from './send.ts';
import type { AgentRecord, KnownAgent } from './state.ts';
import { masterStatus, removeTask, updateTask } from './tasks.ts';

/** Its tasks may come back with it. */
export function markUnreachable(master: MasterContext, agent: AgentRecord, message: string): void {
  const sinceUs = master.nowUs;
  agent.transition = 'unreachable';
  const { info, drainInfo, isDeactivated } = agent;
  master.registrar.commit(makeUnreachable(agent.id, { info, drainInfo, isDeactivated, sinceUs }), () => {
    master.counters.add('slave_unreachable_completed');
    master.counters.add('slave_removals');
    master.counters.add('slave_removals/reason_unhealthy');
    master.state.unreachableAgents.set(agent.id, { ...known(agent), sinceUs });
    endTasks(
      master,
      agent,
      'TASK_UNREACHABLE',
      'REASON_AGENT_REMOVED',
      `Agent ${agent.id}: ${message}`,
      sinceUs,
    );
    for (const operation of agent.operations) abandonOperation(master, operation, 'OPERATION_UNREACHABLE');
    takeOut(master, agent);
  });
}

/** One that was admitted by an earlier leader and has not come back. */
export function markRecoveredUnreachable(master: MasterContext, agent: KnownAgent): void {
  const id = agent.id.value;
  const sinceUs = master.nowUs;
  const { info, drainInfo, isDeactivated } = agent;
  if (info === null) return;
  master.registrar.commit(makeUnreachable(id, { info, drainInfo, isDeactivated, sinceUs }), () => {
    const { state } = master;
    if (!state.recoveredAgents.delete(id)) return;
    master.counters.add('recovery_slave_removals');
    state.unreachableAgents.set(id, { ...agent, sinceUs, removal: null });
    tellFailure(master, id);
  });
}

/** For good: it may never register again. @param then what follows when it is so */
export function markGone(master: MasterContext, agent: AgentRecord, then: () => void): void {
  const sinceUs = master.nowUs;
  agent.transition = 'gone';
  master.registrar.commit(makeGone(agent.id, sinceUs), () => {
    master.counters.add('slave_removals');
    master.state.goneAgents.set(agent.id, { ...known(agent), sinceUs });
    if (agent.link !== null)
      master.emit({
        kind: 'agent-message',
        link: agent.link,
        message: { type: 'SHUTDOWN', reason: 'the agent was marked gone' },
      });
    endTasks(
      master,
      agent,
      'TASK_GONE_BY_OPERATOR',
      'REASON_AGENT_REMOVED_BY_OPERATOR',
      `Agent ${agent.id} marked gone by an operator`,
      null,
    );
    for (const operation of agent.operations)
      abandonOperation(master, operation, 'OPERATION_GONE_BY_OPERATOR');
    takeOut(master, agent);
    then();
  });
}

/** One that is not registered now. */
export function markKnownGone(master: MasterContext, agent: KnownAgent, then: () => void): void {
  const id = agent.id.value;
  const sinceUs = master.nowUs;
  master.registrar.commit(makeGone(id, sinceUs), () => {
    const { state } = master;
    cancelTimer(agent.removal);
    state.recoveredAgents.delete(id);
    state.unreachableAgents.delete(id);
    state.goneAgents.set(id, { ...agent, sinceUs, removal: null });
    for (const framework of state.frameworks.values())
      for (const task of framework.unreachableTasks.values())
        if (task.agentId.value === id) {
          framework.unreachableTasks.delete(task.id);
          const state = stateFor(framework.isPartitionAware, 'TASK_GONE_BY_OPERATOR');
          const status = masterStatus(
            master,
            task,
            state,
            'REASON_AGENT_REMOVED_BY_OPERATOR',
            `Agent ${id} marked gone by an operator`,
          );
          task.state = state;
          framework.completedTasks.push(task);
          sendEvent(master, framework, { type: 'UPDATE', update: { status } });
        }
    tellFailure(master, id);
    then();
  });
}

/** Unregistered, shut down for maintenance, or replaced: its tasks are lost. */
export function removeAgentNow(
  master: MasterContext,
  agent: AgentRecord,
  message: string,
  cause: 'registered' | 'unregistered',
): void {
  agent.transition = 'removing';
  master.registrar.commit([removeAgent(agent.id)], () => {
    master.counters.add('slave_removals');
    master.counters.add(`slave_removals/reason_${cause}`);
    endTasks(master, agent, 'TASK_GONE', 'REASON_AGENT_REMOVED', message, null);
    for (const operation of agent.operations)
      abandonOperation(master, operation, 'OPERATION_GONE_BY_OPERATOR');
    takeOut(master, agent);
  });
}

/** Gone with its agent's process (reference §2.4, checkpoint): the framework does not let tasks outlive it. */
export function loseTasksWithoutCheckpoint(master: MasterContext, agent: AgentRecord): void {
  for (const task of agent.tasks) {
    if (task.framework.info.checkpoint) continue;
    endTask(master, task, 'TASK_LOST', 'REASON_AGENT_DISCONNECTED', `Agent ${agent.id} disconnected`, null);
  }
  for (const [framework, executors] of agent.executors)
    if (!framework.info.checkpoint)
      for (const executor of executors.values()) removeExecutor(master, executor);
}

function known(agent: AgentRecord): Omit<KnownAgent, 'sinceUs'> {
  const { wireId: id, info, drainInfo, isDeactivated } = agent;
  return { id, info, drainInfo, isDeactivated, removal: null };
}

function endTasks(
  master: MasterContext,
  agent: AgentRecord,
  state: TaskState,
  reason: TaskStatusReason,
  message: string,
  unreachableUs: number | null,
): void {
  for (const task of agent.tasks) endTask(master, task, state, reason, message, unreachableUs);
}

function endTask(
  master: MasterContext,
  task: Parameters<typeof updateTask>[1],
  state: TaskState,
  reason: TaskStatusReason,
  message: string,
  unreachableUs: number | null,
): void {
  if (isTerminal(task.state)) {
    removeTask(master, task);
    return;
  }
  const told = stateFor(task.framework.isPartitionAware, state);
  const extra = unreachableUs === null ? {} : { unreachable_time: { nanoseconds: unreachableUs * 1000 } };
  const status = masterStatus(master, task, told, reason, message, extra);
  updateTask(master, task, status, told);
  removeTask(master, task, unreachableUs !== null);
  sendEvent(master, task.framework, { type: 'UPDATE', update: { status } });
}

function takeOut(master: MasterContext, agent: AgentRecord): void {
  const { state } = master;
  cancelTimer(agent.pingTimer);
  cancelTimer(agent.reregisterTimer);
  cancelTimer(agent.removal);
  for (const executors of agent.executors.values())
    for (const executor of executors.values()) removeExecutor(master, executor);
  for (const offer of agent.offers) rescindOffer(master, offer);
  for (const inverseOffer of agent.inverseOffers) rescindInverseOffer(master, inverseOffer);
  master.allocator.removeAgent(agent.id);
  if (agent.link !== null) state.agentOfLink.delete(agent.link);
  agent.link = null;
  if (agent.address !== null && state.agentOfAddress.get(agent.address) === agent)
    state.agentOfAddress.delete(agent.address);
  state.draining.delete(agent);
  state.agents.delete(agent.id);
  tellFailure(master, agent.id);
}

/** All frameworks are told, also those without tasks there. */
function tellFailure(master: MasterContext, id: string): void {
  for (const framework of master.state.frameworks.values())
    sendEvent(master, framework, { type: 'FAILURE', failure: { agent_id: { value: id } } });
  tellAgentRemoved(master, id);
}
