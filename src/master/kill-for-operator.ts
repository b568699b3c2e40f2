/** An operator kills a task, as its framework would. Mesos has no such call: there, an operator tears the framework down. */
import { isAllowed } from '../protocol/acls.ts';
import type { MasterContext } from './context.ts';
import type { MasterInput } from './io.ts';
import { kill } from './kill.ts';
import { isRefusedHere } from './leadership.ts';
import { answer } from './send.ts';

export function killForOperator(
  master: MasterContext,
  { exchange, frameworkId, taskId, principal }: MasterInput & { readonly kind: 'kill-task' },
): void {
  if (isRefusedHere(master, exchange)) return;
  const framework = master.state.frameworks.get(frameworkId);
  if (framework === undefined) {
    answer(master, exchange, 404, 'No framework has this id');
    return;
  }
  const { principal: owner } = framework.info;
  if (!isAllowed(master.flags.acls, 'kill_tasks', principal, owner === undefined ? null : [owner])) {
    answer(master, exchange, 403, 'Not authorized to kill this task');
    return;
  }
  if (!framework.tasks.has(taskId)) {
    answer(master, exchange, 404, 'No task of this framework that has not ended has this id');
    return;
  }
  kill(master, framework, { task_id: { value: taskId } });
  // The task's own updates tell when it is over.
  answer(master, exchange, 202);
}
