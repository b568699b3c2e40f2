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
import { allocateToRole } from './allocate-to-role.ts';
import type { MasterContext } from './context.ts';
import { addExecutor, findExecutor } from './executors.ts';
import { sendAgent, sendEvent } from './send.ts';
import type { FrameworkRecord } from './state.ts';
import { addTask, countTerminal, masterStatus } from './tasks.ts';

/** Tasks of one LAUNCH are independent: some may fail. */
export function launch(master: MasterContext, acceptance: Acceptance, operation: OfferOperation): void {
  const { framework, agent, role } = acceptance;
  const refuse = (task: TaskInfo, message: string) =>
    refuseTask(master, framework, task, 'TASK_ERROR', 'REASON_TASK_INVALID', message);
  for (const given of operation.launch?.task_infos ?? []) {
    if (operation.id !== undefined) {
      refuse(given, 'LAUNCH operations must not have an id');
      continue;
    }
    const task = completeTask(given, framework, role);
    const prepared = prepare(acceptance, task);
    if (typeof prepared === 'string') {
      refuse(given, prepared);
      continue;
    }
    const { resources, executorResources, isExecutorNew } = prepared;
    take(acceptance, resources.plus(executorResources));
    if (isExecutorNew && task.executor !== undefined)
      addExecutor(agent, framework, task.executor, executorResources);
    enter(master, acceptance, task, resources, task.executor);
    sendAgent(master, agent, {
      type: 'RUN_TASK',
      framework: framework.info,
      task,
      launchesExecutor: isExecutorNew,
    });
  }
}
