/** An agent starts (reference §5.4): anew, or with what an earlier run left on disk and in containers. */

import type { AgentOperation } from '../protocol/internal.ts';
import { isTerminal } from '../protocol/task-states.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { AgentInfo, DrainConfig, FrameworkInfo, Resource } from '../protocol/v1/mesos.ts';
import { applyCheckpointed } from '../resources/checkpointed.ts';
import { Resources } from '../resources/resources.ts';
import {
  AGENT_KEY,
  BOOT_KEY,
  DRAIN_KEY,
  EXECUTOR_PREFIX,
  FRAMEWORK_PREFIX,
  OPERATION_PREFIX,
  RESOURCES_KEY,
  type SavedExecutor,
  type SavedTask,
  saveAgent,
  saveBoot,
  TASK_PREFIX,
} from './checkpoint.ts';
import type { AgentContext } from './context.ts';
import { addExecutor, containerEnded, destroy, tasksOf } from './executors.ts';
import { addFramework, forgetFramework } from './frameworks.ts';
import type { CheckpointEntries } from './io.ts';
import { keepOperation } from './operations.ts';
import { reconfigurationProblem } from './reconfiguration.ts';
import { register } from './registration.ts';
import type { ExecutorRecord, FrameworkRecord } from './state.ts';
import { agentStatus, enterUpdate, newTask } from './updates.ts';

export function recover(
  agent: AgentContext,
  entries: CheckpointEntries,
  liveContainers: readonly string[],
  bootId: string,
): void {
  const { state } = agent;
  const known = entries[AGENT_KEY] as AgentInfo | undefined;
  state.id = known?.id?.value ?? null;
  if (known !== undefined && reconfigurationProblem(known, agent.info, 'equal') !== null)
    agent.save([saveAgent({ ...agent.info, id: known.id })]);
  state.drain = (entries[DRAIN_KEY] as DrainConfig | null | undefined) ?? null;
  state.total = applyCheckpointed(
    Resources.of(agent.info.resources),
    Resources.of(entries[RESOURCES_KEY] as readonly Resource[] | undefined),
  );
  if (entries[BOOT_KEY] !== bootId) agent.save([saveBoot(bootId)]);
  const saved = Object.entries(entries);
  for (const [key, value] of saved)
    if (key.startsWith(OPERATION_PREFIX)) keepOperation(agent, value as AgentOperation);
  for (const [key, value] of saved)
    if (key.startsWith(FRAMEWORK_PREFIX))
      addFramework(agent, key.slice(FRAMEWORK_PREFIX.length), value as FrameworkInfo);
  for (const [key, value] of saved)
    if (key.startsWith(EXECUTOR_PREFIX)) recoverExecutor(agent, key, value as SavedExecutor);
  for (const [key, value] of saved)
    if (key.startsWith(TASK_PREFIX)) recoverTask(agent, key, value as SavedTask);

  const live = new Set(liveContainers);
  for (const container of liveContainers)
    if (!state.executorOfContainer.has(container)) agent.emit({ kind: 'destroy-container', container });
  for (const executor of [...state.executorOfContainer.values()])
    if (!live.has(executor.container))
      containerEnded(agent, executor.container, {
        status: null,
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: 'Executor did not outlive the agent',
        limitation: null,
      });
  for (const framework of [...state.frameworks.values()]) {
    dropOrphans(agent, framework);
    forgetFramework(agent, framework);
  }
  state.phase = 'recovering';
  if (state.executorOfContainer.size === 0) {
    finishRecovery(agent);
    return;
  }
  const dueUs = agent.nowUs + agent.flags.executorReregistrationTimeoutUs;
  state.recoveryTimer = agent.timers.set(dueUs, () => finishRecovery(agent));
}

/** All executors are back: there is nothing to wait for. */
export function finishRecoveryIfBack(agent: AgentContext): void {
  if (agent.state.phase !== 'recovering') return;
  for (const { phase } of agent.state.executorOfContainer.values()) if (phase === 'registering') return;
  finishRecovery(agent);
}

function finishRecovery(agent: AgentContext): void {
  const { state } = agent;
  state.recoveryTimer = cancelTimer(state.recoveryTimer);
  for (const executor of state.executorOfContainer.values())
    if (executor.phase === 'registering') giveUp(agent, executor);
  state.phase = 'disconnected';
  register(agent);
}

function giveUp(agent: AgentContext, executor: ExecutorRecord): void {
  const reason = 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT';
  const message = 'Executor did not come back after the agent restarted';
  for (const task of tasksOf(executor))
    if (!isTerminal(task.state))
      enterUpdate(agent, task, agentStatus(agent, task, 'TASK_GONE', reason, message));
  destroy(agent, executor, 'TASK_GONE', reason, message);
}

function recoverExecutor(agent: AgentContext, key: string, saved: SavedExecutor): void {
  const [, frameworkId] = key.split('/');
  const framework = agent.state.frameworks.get(frameworkId);
  if (framework !== undefined) addExecutor(agent, framework, saved);
}

function recoverTask(agent: AgentContext, key: string, saved: SavedTask): void {
  const [, frameworkId] = key.split('/');
  const framework = agent.state.frameworks.get(frameworkId);
  if (framework === undefined) return;
  const executor = saved.executorId === null ? null : (framework.executors.get(saved.executorId) ?? null);
  const task = newTask(framework, saved.info, executor);
  task.updates.push(...saved.updates);
  task.statuses.push(...saved.statuses);
  for (const uuid of saved.received) task.received.add(uuid);
  task.state = saved.state;
  if (isTerminal(task.state)) task.phase = 'terminated';
  else if (saved.isLaunched) task.phase = 'launched';
}

/** Tasks whose executor never came to be, or is known to be gone. */
function dropOrphans(agent: AgentContext, framework: FrameworkRecord): void {
  for (const task of framework.tasks.values())
    if (task.executor === null && !isTerminal(task.state))
      enterUpdate(
        agent,
        task,
        agentStatus(
          agent,
          task,
          'TASK_DROPPED',
          'REASON_AGENT_RESTARTED',
          'Agent restarted before the launch',
        ),
      );
}
