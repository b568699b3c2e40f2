/**
 * Agents come back (reference §10.2): those still in the books are compared with what they report; those known from the
 * registry only, unreachable or unknown are taken in with all that they run.
 */
import type { AgentMessage } from '../protocol/internal.ts';
import { isTerminal } from '../protocol/task-states.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { ExecutorInfo, FrameworkInfo, Task } from '../protocol/v1/mesos.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { Resources } from '../resources/resources.ts';
import { beginPings } from './agent-health.ts';
import { admissionProblem, isIgnored, readAgent, refuse, replaceFormer } from './agent-registration.ts';
import { agentTermsOf, connectAgent, describeAgent, disconnectAgent } from './agents.ts';
import type { MasterContext } from './context.ts';
import { beginDrain } from './draining.ts';
import { addExecutor, findExecutor, removeExecutor } from './executors.ts';
import { addFramework } from './frameworks.ts';
import { unavailabilityOf } from './machines.ts';
import { rescindOffer } from './offers.ts';
import { addOperation, dropLostOperation } from './operations.ts';
import { tellAgentAdded } from './operator-events.ts';
import { readmitAgent } from './registry.ts';
import { sendAgent, sendEvent } from './send.ts';
import type { AgentRecord, FrameworkRecord, TaskRecord } from './state.ts';
import { addTask, masterStatus } from './tasks.ts';
import { usedOn } from './usage.ts';

type Report = AgentMessage & { readonly type: 'REREGISTER' };

export function reregisterAgent(master: MasterContext, link: string, report: Report): void {
  master.counters.add('messages_reregister_slave');
  const { state } = master;
  const id = report.info.id?.value;
  if (id === undefined) {
    refuse(master, link, 'an agent that comes back needs its id');
    return;
  }
  const known = state.agents.get(id);
  if (state.goneAgents.has(id)) {
    refuse(master, link, 'the agent was marked gone');
    return;
  }
  if (isIgnored(master, report.info)) return;
  const problem = admissionProblem(master, report);
  if (problem !== null) {
    refuse(master, link, problem);
    return;
  }
  const agent = readReport(master, link, id, report);
  if (agent === null) return;
  if (known !== undefined) {
    // It comes again when what is under way with it has ended.
    if (known.transition === 'none') reconcileAgent(master, known, link, report);
    return;
  }
  if (state.reregistering.has(id)) {
    state.reregistering.set(id, link);
    return;
  }
  const before = state.recoveredAgents.get(id) ?? state.unreachableAgents.get(id);
  const wasRecovered = state.recoveredAgents.has(id);
  agent.drainInfo = before?.drainInfo ?? null;
  agent.isDeactivated = before?.isDeactivated ?? false;
  state.reregistering.set(id, link);
  const { info, drainInfo, isDeactivated } = agent;
  master.registrar.commit(readmitAgent(id, { info, drainInfo, isDeactivated }), () => {
    const present = state.reregistering.get(id) ?? null;
    state.reregistering.delete(id);
    state.unreachableAgents.delete(id);
    forgetRecovered(master, id);
    takeIn(master, agent, link, report, wasRecovered);
    if (present !== link) disconnectAgent(master, agent);
  });
}

/** Reads all resources of a report before anything of it is believed; an agent whose report cannot be is told to shut down. */
function readReport(master: MasterContext, link: string, id: string, report: Report): AgentRecord | null {
  try {
    for (const { resources } of report.tasks) Resources.of(resources);
    for (const { resources } of report.executors) Resources.of(resources);
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    refuse(master, link, error.message);
    return null;
  }
  return readAgent(master, link, id, report);
}

/** It is back; with the last but a few, offers may begin after an election. */
export function forgetRecovered(master: MasterContext, id: string): void {
  const { state, allocator, flags } = master;
  const agent = state.recoveredAgents.get(id);
  if (agent === undefined) return;
  cancelTimer(agent.removal);
  state.recoveredAgents.delete(id);
  const back = state.recoveredAtElection - state.recoveredAgents.size;
  if (state.isPaused && back >= flags.allocatorAgentRecoveryFactor * state.recoveredAtElection) {
    state.isPaused = false;
    allocator.resume();
  }
}

function takeIn(
  master: MasterContext,
  agent: AgentRecord,
  link: string,
  report: Report,
  wasRecovered: boolean,
): void {
  const { state, allocator } = master;
  agent.reregisteredUs = master.nowUs;
  agent.registeredUs = master.nowUs;
  agent.unavailability = unavailabilityOf(master, agent.info);
  state.agents.set(agent.id, agent);
  replaceFormer(master, link, agent);
  connectAgent(master, agent, link);
  master.counters.add('slave_reregistrations');
  tellAgentAdded(master, agent);
  const frameworks = reportedFrameworks(master, report);
  for (const info of report.executors) {
    const framework = frameworks.get(info.framework_id?.value ?? '');
    if (framework !== undefined) addExecutor(agent, framework, info, Resources.of(info.resources));
  }
  const tasks: TaskRecord[] = [];
  for (const task of report.tasks) {
    const framework = frameworks.get(task.framework_id.value);
    if (framework !== undefined) tasks.push(addReported(master, framework, agent, task));
  }
  addReportedOperations(master, agent, report, frameworks);
  allocator.addAgent(agent.id, agentTermsOf(agent), agent.total, usedOn(agent));
  sendReregistered(master, agent, []);
  shutDownCompleted(master, agent, report);
  beginPings(master, agent);
  if (agent.isDeactivated) allocator.deactivateAgent(agent.id);
  if (agent.drainInfo !== null) beginDrain(master, agent);
  if (!wasRecovered) for (const task of tasks) tellReturned(master, task);
}

/** It lost its link, or restarted, without being given up. */
function reconcileAgent(master: MasterContext, agent: AgentRecord, link: string, report: Report): void {
  const { allocator } = master;
  agent.reregisterTimer = cancelTimer(agent.reregisterTimer);
  agent.reregisteredUs = master.nowUs;
  // What was offered may not be there any more.
  for (const offer of agent.offers) rescindOffer(master, offer);
  describeAgent(agent, report);
  connectAgent(master, agent, link);
  agent.missedPings = 0;
  agent.removal = cancelTimer(agent.removal);
  master.counters.add('slave_reregistrations');
  const frameworks = reportedFrameworks(master, report);
  const reportedTasks = new Set(
    report.tasks.map((task) => taskKey(task.framework_id.value, task.task_id.value)),
  );
  const missing = [...agent.tasks].filter((task) => !reportedTasks.has(taskKey(task.framework.id, task.id)));
  dropMissingExecutors(master, agent, report);
  const isNews = takeUnknown(master, agent, report, frameworks);
  if (isNews) {
    allocator.removeAgent(agent.id);
    allocator.addAgent(agent.id, agentTermsOf(agent), agent.total, usedOn(agent));
  } else allocator.updateAgent(agent.id, agentTermsOf(agent), agent.total);
  const reportedOperations = new Set(report.operations.map(({ uuid }) => uuid));
  for (const operation of agent.operations)
    if (!reportedOperations.has(operation.uuid)) dropLostOperation(master, operation);
  addReportedOperations(master, agent, report, frameworks);
  sendReregistered(master, agent, missing);
  shutDownCompleted(master, agent, report);
  for (const task of agent.tasks)
    if (task.kill !== null)
      sendAgent(master, agent, {
        type: 'KILL_TASK',
        frameworkId: task.framework.wireId,
        taskId: task.wireId,
        killPolicy: task.kill.policy,
      });
  if (agent.drainInfo !== null) beginDrain(master, agent);
  if (agent.isDeactivated) allocator.deactivateAgent(agent.id);
  else allocator.activateAgent(agent.id);
}

/** Executors and tasks that the master does not know any more. @returns whether there were some */
function takeUnknown(
  master: MasterContext,
  agent: AgentRecord,
  report: Report,
  frameworks: ReadonlyMap<string, FrameworkRecord>,
): boolean {
  let isNews = false;
  for (const info of report.executors) {
    const framework = frameworks.get(info.framework_id?.value ?? '');
    if (framework === undefined || findExecutor(agent, framework, info.executor_id.value)) continue;
    addExecutor(agent, framework, info, Resources.of(info.resources));
    isNews = true;
  }
  for (const reported of report.tasks) {
    const framework = frameworks.get(reported.framework_id.value);
    if (framework === undefined || framework.tasks.has(reported.task_id.value)) continue;
    tellReturned(master, addReported(master, framework, agent, reported));
    isNews = true;
  }
  return isNews;
}

/** Frameworks that the agent runs something of; those it does not know anew are known from it alone. */
function reportedFrameworks(master: MasterContext, report: Report): ReadonlyMap<string, FrameworkRecord> {
  const { state } = master;
  const frameworks = new Map<string, FrameworkRecord>();
  for (const info of report.frameworks) {
    const id = info.id!.value;
    if (!state.completedFrameworks.has(id))
      frameworks.set(id, state.frameworks.get(id) ?? recoverFramework(master, info));
  }
  return frameworks;
}

/** After its registration is confirmed: before that, the agent does nothing it is told. */
function shutDownCompleted(master: MasterContext, agent: AgentRecord, report: Report): void {
  for (const { id } of report.frameworks)
    if (master.state.completedFrameworks.has(id!.value))
      sendAgent(master, agent, { type: 'SHUTDOWN_FRAMEWORK', frameworkId: id! });
}

function recoverFramework(master: MasterContext, info: FrameworkInfo): FrameworkRecord {
  return addFramework(master, info, {
    connection: 'recovered',
    suppressedRoles: new Set(),
    offerConstraints: null,
  });
}

function dropMissingExecutors(master: MasterContext, agent: AgentRecord, report: Report): void {
  const reported = new Set(report.executors.map(executorKey));
  for (const executors of agent.executors.values())
    for (const executor of executors.values())
      if (!reported.has(taskKey(executor.framework.id, executor.id))) removeExecutor(master, executor);
}

function addReported(
  master: MasterContext,
  framework: FrameworkRecord,
  agent: AgentRecord,
  task: Task,
): TaskRecord {
  framework.unreachableTasks.delete(task.task_id.value);
  return addTask(master, framework, agent, {
    wireId: task.task_id,
    executorId: task.executor_id?.value ?? null,
    description: task,
    user: task.user,
    resources: Resources.of(task.resources).asIn(agent.total),
    state: task.state,
    forwardedState: task.status_update_state ?? null,
    forwardedUuid: task.status_update_uuid ?? null,
    statuses: task.statuses ?? [],
  });
}

function addReportedOperations(
  master: MasterContext,
  agent: AgentRecord,
  report: Report,
  frameworks: ReadonlyMap<string, FrameworkRecord>,
): void {
  for (const { uuid, frameworkId, info, status } of report.operations) {
    if (master.state.operations.has(uuid)) continue;
    const framework = frameworkId === null ? null : (frameworks.get(frameworkId.value) ?? null);
    addOperation(master, framework, agent, uuid, info, status);
  }
}

function sendReregistered(master: MasterContext, agent: AgentRecord, missing: readonly TaskRecord[]): void {
  const { agentPingTimeoutUs, maxAgentPingTimeouts } = master.flags;
  sendAgent(master, agent, {
    type: 'REREGISTERED',
    agentId: agent.wireId,
    totalPingTimeoutUs: agentPingTimeoutUs * maxAgentPingTimeouts,
    missingTasks: missing.map((task) => ({
      framework: task.framework.info,
      taskId: task.wireId,
    })),
  });
}

/** The framework was told that the task is unreachable or lost. */
function tellReturned(master: MasterContext, task: TaskRecord): void {
  if (isTerminal(task.state)) return;
  const status = masterStatus(
    master,
    task,
    task.forwardedState ?? task.state,
    'REASON_AGENT_REREGISTERED',
    'Agent reregistered',
  );
  sendEvent(master, task.framework, { type: 'UPDATE', update: { status } });
}

function executorKey({ framework_id, executor_id }: ExecutorInfo): string {
  return taskKey(framework_id?.value ?? '', executor_id.value);
}

function taskKey(frameworkId: string, id: string): string {
  return `${frameworkId} ${id}`;
}
