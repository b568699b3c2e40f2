/** LAUNCH and LAUNCH_GROUP (reference §3.2, 4.3): tasks enter the books as staging and go to their agent. */
import { stateFor } from '../protocol/task-states.ts';
import type {
  ExecutorInfo,
  OfferOperation,
  TaskInfo,
  TaskState,
  TaskStatusReason,
} from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';
import type { Acceptance } from './acceptance.ts';
import { mayRun } from './authorization.ts';
import { completeExecutor, completeTask } from './complete-task.ts';
import type { MasterContext } from './context.ts';
import { addExecutor } from './executors.ts';
import { checkGroup, checkTask } from './launch-check.ts';
import { sendAgent, sendEvent } from './send.ts';
import type { FrameworkRecord } from './state.ts';
import { addTask, countTask, masterStatus } from './tasks.ts';

const INVALID = 'REASON_TASK_INVALID';
const GROUP_INVALID = 'REASON_TASK_GROUP_INVALID';
const UNAUTHORIZED = 'REASON_TASK_UNAUTHORIZED';
const GROUP_UNAUTHORIZED = 'REASON_TASK_GROUP_UNAUTHORIZED';

/** Tasks of one LAUNCH are independent: some may fail. */
export function launch(master: MasterContext, acceptance: Acceptance, operation: OfferOperation): void {
  const { framework, agent, role } = acceptance;
  if (operation.id !== undefined) {
    refuseTasks(master, framework, operation, 'TASK_ERROR', INVALID, 'LAUNCH must not have an id');
    return;
  }
  for (const given of operation.launch?.task_infos ?? []) {
    const task = completeTask(given, framework, role);
    const refusal = mayRun(master, framework.info, task);
    if (refusal !== null) {
      refuseTask(master, framework, given, 'TASK_ERROR', UNAUTHORIZED, refusal);
      continue;
    }
    const check = checkTask(acceptance, task);
    if (typeof check === 'string') {
      refuseTask(master, framework, given, 'TASK_ERROR', INVALID, check);
      continue;
    }
    const shared = acceptance.remaining.shared();
    acceptance.remaining = check.rest;
    if (task.executor !== undefined && check.executorResources !== null)
      start(acceptance, task.executor, check.executorResources);
    enter(master, acceptance, task, task.executor, check.taskResources);
    if (!shared.isEmpty) copyShared(master, acceptance, shared);
    sendAgent(master, agent, {
      type: 'RUN_TASK',
      framework: framework.info,
      task,
      launchesExecutor: task.executor === undefined || check.executorResources !== null,
    });
  }
}

/** All of the group's tasks or none. */
export function launchGroup(master: MasterContext, acceptance: Acceptance, operation: OfferOperation): void {
  const { framework, agent, role } = acceptance;
  const refuse = (message: string) =>
    refuseTasks(master, framework, operation, 'TASK_ERROR', GROUP_INVALID, message);
  if (operation.id !== undefined) {
    refuse('LAUNCH_GROUP must not have an id');
    return;
  }
  if (operation.launch_group === undefined) return;
  const executor = completeExecutor(operation.launch_group.executor, framework, role);
  const tasks = (operation.launch_group.task_group.tasks ?? []).map((task) =>
    completeTask(task, framework, role),
  );
  const refusal = tasks
    .map((task) => mayRun(master, framework.info, task))
    .find((problem) => problem !== null);
  if (refusal !== undefined && refusal !== null) {
    refuseTasks(master, framework, operation, 'TASK_ERROR', GROUP_UNAUTHORIZED, refusal);
    return;
  }
  const check = checkGroup(acceptance, executor, tasks);
  if (typeof check === 'string') {
    refuse(check);
    return;
  }
  acceptance.remaining = check.rest;
  if (check.executorResources !== null) start(acceptance, executor, check.executorResources);
  for (const [i, task] of tasks.entries()) enter(master, acceptance, task, executor, check.taskResources[i]);
  sendAgent(master, agent, {
    type: 'RUN_TASK_GROUP',
    framework: framework.info,
    executor,
    taskGroup: { tasks },
    launchesExecutor: check.executorResources !== null,
  });
}

/** Of a shared volume that a task took there is another copy, for the tasks that follow. */
function copyShared(master: MasterContext, acceptance: Acceptance, shared: Resources): void {
  const { framework, agent, remaining, launched } = acceptance;
  const taken = shared.filter((kind) => !remaining.kinds.includes(kind));
  if (taken.isEmpty) return;
  const copy = { consumed: Resources.empty, converted: taken };
  master.allocator.updateAllocation(framework.id, agent.id, remaining.plus(launched), [copy]);
  acceptance.remaining = remaining.plus(taken);
}

function start(acceptance: Acceptance, executor: ExecutorInfo, resources: Resources): void {
  acceptance.launched = acceptance.launched.plus(resources);
  addExecutor(acceptance.agent, acceptance.framework, executor, resources);
}

function enter(
  master: MasterContext,
  acceptance: Acceptance,
  task: TaskInfo,
  executor: ExecutorInfo | undefined,
  resources: Resources,
): void {
  acceptance.launched = acceptance.launched.plus(resources);
  addTask(master, acceptance.framework, acceptance.agent, {
    wireId: task.task_id,
    executorId: executor?.executor_id.value ?? null,
    description: task,
    user: task.command?.user ?? executor?.command?.user ?? acceptance.framework.info.user,
    resources,
    state: 'TASK_STAGING',
    forwardedState: null,
    forwardedUuid: null,
    statuses: [],
  });
}

/** Tells the framework that none of the operation's tasks runs. */
export function refuseTasks(
  master: MasterContext,
  framework: FrameworkRecord,
  operation: OfferOperation,
  state: TaskState,
  reason: TaskStatusReason,
  message: string,
): void {
  const tasks = operation.launch?.task_infos ?? operation.launch_group?.task_group.tasks ?? [];
  for (const task of tasks) {
    // An ACCEPT that arrives twice is no news of the tasks that the first one launched; Mesos would call them dropped.
    const isRepeated = reason === 'REASON_INVALID_OFFERS' && framework.tasks.has(task.task_id.value);
    if (!isRepeated) refuseTask(master, framework, task, state, reason, message);
  }
}

function refuseTask(
  master: MasterContext,
  framework: FrameworkRecord,
  task: TaskInfo,
  state: TaskState,
  reason: TaskStatusReason,
  message: string,
): void {
  const status = masterStatus(
    master,
    { wireId: task.task_id, agentId: task.agent_id },
    stateFor(framework.isPartitionAware, state),
    reason,
    message,
  );
  countTask(master, framework, status, status.state);
  sendEvent(master, framework, { type: 'UPDATE', update: { status } });
}
