/** Messages of the leading master, each to the module that knows it. */
import type { MasterMessage } from '../protocol/internal.ts';
import type { AgentContext } from './context.ts';
import { knowFramework, updateFramework } from './frameworks.ts';
import { drain, killTask, shutDownFramework, shutDownNamed } from './kill.ts';
import { acknowledgeOperation, applyOperation } from './operations.ts';
import { pinged, registered } from './registration.ts';
import { runTask, runTaskGroup } from './run-task.ts';
import { acknowledged, dropMissing } from './updates.ts';

export function masterMessage(agent: AgentContext, message: MasterMessage): void {
  switch (message.type) {
    case 'PING':
      pinged(agent, message.isConnected);
      return;
    case 'REGISTERED':
      registered(agent, message.agentId, message.totalPingTimeoutUs);
      return;
    case 'REREGISTERED':
      registered(agent, message.agentId, message.totalPingTimeoutUs);
      dropUnknown(agent, message.missingTasks);
      return;
    case 'SHUTDOWN':
      shutDown(agent, message.reason);
      return;
    default:
      // Whatever is for a registered agent only; one that is not will be told again.
      if (agent.state.phase === 'running') carryOut(agent, message);
  }
}

function carryOut(agent: AgentContext, message: MasterMessage): void {
  switch (message.type) {
    case 'RUN_TASK':
      runTask(agent, message);
      return;
    case 'RUN_TASK_GROUP':
      runTaskGroup(agent, message);
      return;
    case 'KILL_TASK':
      killTask(agent, message.frameworkId, message.taskId, message.killPolicy);
      return;
    case 'ACKNOWLEDGE':
      acknowledged(agent, message.frameworkId, message.taskId, message.uuid);
      return;
    case 'SHUTDOWN_FRAMEWORK':
      shutDownFramework(agent, message.frameworkId);
      return;
    case 'SHUTDOWN_EXECUTOR':
      shutDownNamed(agent, message.frameworkId, message.executorId);
      return;
    case 'UPDATE_FRAMEWORK':
      updateFramework(agent, message.framework);
      return;
    case 'FRAMEWORK_TO_EXECUTOR': {
      const framework = agent.state.frameworks.get(message.frameworkId.value);
      const connection = framework?.executors.get(message.executorId.value)?.connection ?? null;
      if (connection !== null)
        agent.emit({
          kind: 'executor-event',
          connection,
          event: { type: 'MESSAGE', message: { data: message.data } },
        });
      return;
    }
    case 'APPLY_OPERATION':
      applyOperation(agent, message.operationUuid, message.frameworkId, message.info);
      return;
    case 'ACKNOWLEDGE_OPERATION':
      acknowledgeOperation(agent, message.operationUuid, message.statusUuid);
      return;
    case 'DRAIN':
      drain(agent, message.config);
  }
}

/** Tasks of which the agent never heard are told to be dropped, so that their frameworks know (reference §10.2). */
function dropUnknown(
  agent: AgentContext,
  missing: readonly Extract<MasterMessage, { type: 'REREGISTERED' }>['missingTasks'][number][],
): void {
  for (const { framework: info, taskId } of missing) {
    const framework = knowFramework(agent, info);
    if (framework.tasks.has(taskId.value)) continue;
    dropMissing(agent, framework, taskId, 'REASON_RECONCILIATION', 'Task is unknown to the agent');
  }
}

/** The operator wants this agent to leave: its tasks end, and the master need not wait for it. */
export function unregister(agent: AgentContext): void {
  const { id } = agent.state;
  if (id !== null) agent.tell({ type: 'UNREGISTER', agentId: { value: id } });
  shutDown(agent, 'Agent was told to unregister');
}

function shutDown(agent: AgentContext, reason: string): void {
  const { state } = agent;
  for (const container of state.executorOfContainer.keys())
    agent.emit({ kind: 'destroy-container', container });
  state.phase = 'terminating';
  agent.emit({ kind: 'exit', reason });
}
