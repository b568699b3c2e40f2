/** Descriptions of executors that frameworks name (reference §4.3). */
import type { Resources } from '../resources/resources.ts';
import { commandProblem } from './command-info.ts';
import { containerProblem } from './container-info.ts';
import { idProblem } from './ids.ts';
import { usedResourcesProblem } from './used-resources.ts';
import type { ExecutorInfo } from './v1/mesos.ts';

const MIN_CPUS_MILLI = 10;
const MIN_MEM_MILLI = 32_000;

/** Of a task. @param resources its own, allocated; @returns `null`: nothing is wrong */
export function taskExecutorProblem(executor: ExecutorInfo, resources: Resources): string | null {
  if (executor.type !== undefined && executor.type !== 'CUSTOM')
    return `'ExecutorInfo.type' must be 'CUSTOM' for an executor of a task; a task group may have '${executor.type}'`;
  if (executor.command === undefined) return "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
  return commonProblem(executor, resources);
}

/** Of a task group. */
export function groupExecutorProblem(executor: ExecutorInfo, resources: Resources): string | null {
  const { type, command, container } = executor;
  switch (type) {
    case 'DEFAULT':
      if (command !== undefined) return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
      if (container !== undefined && container.type !== 'MESOS')
        return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor";
      if (container?.mesos?.image !== undefined)
        return "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor";
      break;
    case 'CUSTOM':
      if (command === undefined) return "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
      break;
    default:
      return "'ExecutorInfo.type' must be set for an executor of a task group";
  }
  const quantities = resources.quantities();
  if (quantities.get('cpus') < MIN_CPUS_MILLI) return 'Executor of a task group uses less than 0.01 CPUs';
  if (quantities.get('mem') < MIN_MEM_MILLI) return 'Executor of a task group uses less than 32 MB of memory';
  if (quantities.get('disk') === 0) return 'Executor of a task group uses no disk';
  return commonProblem(executor, resources);
}

function commonProblem(executor: ExecutorInfo, resources: Resources): string | null {
  const id = idProblem(executor.executor_id.value);
  if (id !== null) return `Executor '${executor.executor_id.value}' has an invalid id: ${id}`;
  if ((executor.shutdown_grace_period?.nanoseconds ?? 0) < 0)
    return "ExecutorInfo's 'shutdown_grace_period' must be non-negative";
  if (!resources.shared().isEmpty) return 'Executor resources must not be shared';
  return (
    usedResourcesProblem(resources) ??
    (executor.command === undefined ? null : commandProblem(executor.command)) ??
    (executor.container === undefined ? null : containerProblem(executor.container))
  );
}
