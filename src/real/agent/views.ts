/** What operators read of an agent by the v1 API (reference §8.1): pure functions of the machine's state. */
import type { Agent } from '../../agent/agent.ts';
import { usedBy } from '../../agent/executors.ts';
import type { ExecutorRecord, FrameworkRecord, TaskRecord } from '../../agent/state.ts';
import { taskMessage } from '../../agent/task-message.ts';
import type {
  AgentResponseGetExecutors,
  AgentResponseGetFrameworks,
  AgentResponseGetState,
  AgentResponseGetTasks,
} from '../../protocol/v1/agent.ts';
import type { AgentInfo, Operation, Task } from '../../protocol/v1/mesos.ts';
import { Resources } from '../../resources/resources.ts';

export type AgentView = Pick<Agent, 'state'>;

export function agentInfo({ state }: AgentView, configured: AgentInfo): AgentInfo {
  return { ...configured, ...(state.id !== null && { id: { value: state.id } }) };
}

export function stateView(agent: AgentView): AgentResponseGetState {
  return {
    get_tasks: tasksView(agent),
    get_executors: executorsView(agent),
    get_frameworks: frameworksView(agent),
  };
}

export function frameworksView({ state }: AgentView): AgentResponseGetFrameworks {
  const message = ({ info }: FrameworkRecord) => ({ framework_info: info });
  return {
    frameworks: Array.from(state.frameworks.values(), message),
    completed_frameworks: state.completedFrameworks.map(message),
  };
}

export function executorsView(agent: AgentView): AgentResponseGetExecutors {
  const message = ({ info }: ExecutorRecord) => ({ executor_info: info });
  return {
    executors: runningExecutors(agent).map(message),
    completed_executors: allFrameworks(agent).flatMap(({ completedExecutors }) =>
      completedExecutors.map(message),
    ),
  };
}

export function tasksView(agent: AgentView): AgentResponseGetTasks {
  const tasks = [...agent.state.frameworks.values()].flatMap((framework) => [...framework.tasks.values()]);
  const inPhase = (phase: TaskRecord['phase']) =>
    tasks.filter((task) => task.phase === phase).map((task) => wholeTask(agent, task));
  return {
    queued_tasks: inPhase('queued'),
    launched_tasks: inPhase('launched'),
    terminated_tasks: inPhase('terminated'),
    completed_tasks: completedTasks(agent).map((task) => wholeTask(agent, task)),
  };
}

export function operationsView({ state }: AgentView): readonly Operation[] {
  return Array.from(state.operations.values(), ({ operation: { uuid, frameworkId, info, status } }) => ({
    ...(frameworkId !== null && { framework_id: frameworkId }),
    agent_id: { value: state.id! },
    info,
    latest_status: status,
    statuses: [status],
    uuid: { value: Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64') },
  }));
}

/** With all that it went through, not only what is on its way. */
export function wholeTask(agent: AgentView, task: TaskRecord): Task {
  return { ...taskMessage(agent, task), statuses: task.statuses };
}

export function allFrameworks({ state }: AgentView): readonly FrameworkRecord[] {
  return [...state.frameworks.values(), ...state.completedFrameworks];
}

export function runningExecutors({ state }: AgentView): readonly ExecutorRecord[] {
  return [...state.frameworks.values()].flatMap(({ executors }) => [...executors.values()]);
}

export function completedTasks(agent: AgentView): readonly TaskRecord[] {
  return allFrameworks(agent).flatMap(({ executors, completedExecutors }) =>
    [...executors.values(), ...completedExecutors].flatMap((executor) => executor.completedTasks),
  );
}

export function usedResources(agent: AgentView): Resources {
  return runningExecutors(agent).reduce((sum, executor) => sum.plus(usedBy(executor)), Resources.empty);
}
