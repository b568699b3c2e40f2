/** Runs a built-in executor: its machine by the wall clock, its agent by HTTP, its tasks by what it is given. */
import { randomBytes } from 'node:crypto';
import { stream } from '../../cluster/streams.ts';
import { Executor } from '../../executor/executor.ts';
import type { ExecutorEffect, ExecutorInput } from '../../executor/io.ts';
import type { ContainerID, TaskInfo } from '../../protocol/v1/mesos.ts';
import { RunningMachine } from '../running-machine.ts';
import { AgentConnection } from './agent-connection.ts';
import type { ExecutorEnvironment } from './environment.ts';
import { type CommandRunner, probe } from './probe.ts';

export type TaskInput = Extract<ExecutorInput, { readonly kind: 'task-started' | 'task-ended' }>;

export interface TaskDriver {
  /** Of the executor itself. */
  subscribed?(container: ContainerID): void;
  /** Started and ended are told through the function that the driver was made with. */
  start(task: TaskInfo): void;
  signal(taskId: string, isForced: boolean): void;
  /** Runs checks beside a task. */
  runner(task: TaskInfo): CommandRunner;
}

/** @returns the exit status, when it has nothing more to do */
export function runExecutor(
  environment: ExecutorEnvironment,
  exitsWhenDone: boolean,
  createDriver: (tell: (input: TaskInput) => void) => TaskDriver,
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const machine = new Executor(
    { ...environment, exitsWhenDone },
    stream(randomBytes(16).toString('hex'), ''),
  );
  const connection = new AgentConnection(environment, {
    event(event) {
      const container = event.subscribed?.container_id;
      if (container !== undefined) tasks.subscribed?.(container);
      running.step({ kind: 'event', event });
    },
    disconnected: () => running.step({ kind: 'disconnected' }),
  });
  const tasks = createDriver((input) => running.step(input));
  const carryOut = (effect: ExecutorEffect) => {
    switch (effect.kind) {
      case 'subscribe':
        connection.subscribe(effect.call);
        return;
      case 'call':
        connection.call(effect.call);
        return;
      case 'start-task':
        tasks.start(effect.task);
        return;
      case 'signal-task':
        tasks.signal(effect.taskId, effect.isForced);
        return;
      case 'probe-task':
        probe(effect.probe, effect.definition, tasks.runner(effect.task)).then((result) =>
          running.step({
            kind: 'probed',
            taskId: effect.task.task_id.value,
            probe: effect.probe,
            result,
          }),
        );
        return;
      case 'exit':
        running.stop();
        connection.close();
        resolve(effect.status);
    }
  };
  const running = new RunningMachine(machine, carryOut);
  // What ends the container asks the executor first.
  process.once('SIGTERM', () => running.step({ kind: 'event', event: { type: 'SHUTDOWN' } }));
  running.step({ kind: 'start' });
  return promise;
}
