/** Tasks come from the master (reference §10.1, 10.4): pending, queued, then launched once their executor is there. */
import type { MasterMessage } from '../protocol/internal.ts';
import type { ExecutorInfo, TaskInfo, TaskStatusReason } from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';
import type { AgentContext } from './context.ts';
import { launchExecutor, startContainer, usedBy } from './executors.ts';
import { knowFramework } from './frameworks.ts';
import type { ExecutorRecord, FrameworkRecord, TaskRecord } from './state.ts';
import { agentStatus, enterUpdate, newTask, saveProgress } from './updates.ts';

export function runTask(
  agent: AgentContext,
  { framework: info, task, launchesExecutor }: MasterMessage & { readonly type: 'RUN_TASK' },
): void {
  run(agent, knowFramework(agent, info), task.executor ?? null, [task], false, launchesExecutor);
}

export function runTaskGroup(
  agent: AgentContext,
  {
    framework: info,
    executor,
    taskGroup,
    launchesExecutor,
  }: MasterMessage & { readonly type: 'RUN_TASK_GROUP' },
): void {
  run(agent, knowFramework(agent, info), executor, taskGroup.tasks ?? [], true, launchesExecutor);
}

/** @param executorInfo null: the task has only a command */
function run(
  agent: AgentContext,
  framework: FrameworkRecord,
  executorInfo: ExecutorInfo | null,
  tasks: readonly TaskInfo[],
  isGroup: boolean,
  launchesExecutor: boolean,
): void {
  if (tasks.some(({ task_id }) => framework.tasks.has(task_id.value))) return;
  const id = executorInfo?.executor_id.value ?? tasks[0].task_id.value;
  const present = framework.executors.get(id);
  const problem = refusal(agent, framework, present, executorInfo, tasks, launchesExecutor);
  if (problem !== null) {
    for (const info of tasks) {
      const task = newTask(framework, info, null);
      enterUpdate(agent, task, agentStatus(agent, task, 'TASK_DROPPED', problem.reason, problem.message));
    }
    return;
  }
  const executor =
    present ??
    launchExecutor(
      agent,
      framework,
      executorInfo ?? commandExecutor(framework, tasks[0]),
      executorInfo === null ? tasks[0] : null,
    );
  const records = tasks.map((info) => newTask(framework, info, executor, isGroup ? tasks : null));
  if (framework.info.checkpoint) for (const task of records) saveProgress(agent, task);
  if (present === undefined) startContainer(agent, executor, executorInfo === null ? tasks[0] : null);
  else if (executor.phase === 'running') deliver(agent, executor, records);
}

function refusal(
  agent: AgentContext,
  framework: FrameworkRecord,
  executor: ExecutorRecord | undefined,
  executorInfo: ExecutorInfo | null,
  tasks: readonly TaskInfo[],
  launchesExecutor: boolean,
): { readonly reason: TaskStatusReason; readonly message: string } | null {
  if (agent.state.drain !== null) return { reason: 'REASON_AGENT_DRAINING', message: 'Agent is draining' };
  const isEnding = executor?.phase === 'terminating' || executor?.phase === 'terminated';
  if (framework.isShuttingDown || isEnding || (executor === undefined && !launchesExecutor))
    return { reason: 'REASON_EXECUTOR_TERMINATED', message: 'Executor is not there any more' };
  let needed = executor === undefined ? Resources.of(executorInfo?.resources) : Resources.empty;
  for (const { resources } of tasks) needed = needed.plus(Resources.of(resources));
  const { total } = agent.state;
  const used = usedOn(agent).plus(needed).unallocated().asIn(total).withoutCopies();
  if (total.contains(used)) return null;
  return { reason: 'REASON_RESOURCES_UNKNOWN', message: `Agent does not have ${needed} free` };
}

/** What all executors and tasks of the agent hold. */
export function usedOn({ state }: AgentContext): Resources {
  let used = Resources.empty;
  for (const { executors } of state.frameworks.values())
    for (const executor of executors.values()) used = used.plus(usedBy(executor));
  return used;
}

/** Reference §6.1: it has the task's id, and its overhead is not accounted for. */
function commandExecutor(framework: FrameworkRecord, task: TaskInfo): ExecutorInfo {
  const { value } = task.task_id;
  return {
    executor_id: { value },
    framework_id: { value: framework.id },
    name: `Command Executor (Task: ${value})`,
    source: value,
    command: task.command,
  };
}

/** To a subscribed executor, once the tasks are on disk. */
export function deliver(agent: AgentContext, executor: ExecutorRecord, tasks: readonly TaskRecord[]): void {
  const give = () => {
    const ready = tasks.filter(({ phase, kill }) => phase === 'queued' && kill === null);
    if (executor.connection === null || executor.phase !== 'running' || ready.length === 0) return;
    const groups = new Set<readonly TaskInfo[]>();
    for (const task of ready) {
      task.phase = 'launched';
      if (executor.framework.info.checkpoint) saveProgress(agent, task);
      if (task.group !== null) groups.add(task.group);
      else
        agent.emit({
          kind: 'executor-event',
          connection: executor.connection,
          event: { type: 'LAUNCH', launch: { task: task.info } },
        });
    }
    for (const group of groups)
      agent.emit({
        kind: 'executor-event',
        connection: executor.connection,
        event: { type: 'LAUNCH_GROUP', launch_group: { task_group: { tasks: group } } },
      });
    if (!executor.isCommand)
      agent.emit({
        kind: 'update-container',
        container: executor.container,
        resources: usedBy(executor).toWire(),
      });
  };
  if (executor.framework.info.checkpoint) agent.whenSaved(give);
  else give();
}
