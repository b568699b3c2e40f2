/**
 * A built-in executor that runs nothing: a task lasts as its command says, `sleep SECONDS`, then `; exit STATUS` if it
 * fails; any other shell command fails, and a task without a command runs until it is killed. Checks succeed.
 */
import type { RandomStream } from '../../cluster/streams.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { Executor } from '../../executor/executor.ts';
import type {
  ExecutorEffect as CoreEffect,
  ExecutorInput as CoreInput,
  ExecutorOptions,
} from '../../executor/io.ts';
import type { Machine, Tick } from '../../protocol/machine.ts';
import { cancelTimer, type Timer, Timers } from '../../protocol/timers.ts';
import type { TaskInfo } from '../../protocol/v1/mesos.ts';

export type ExecutorInput = Extract<CoreInput, { readonly kind: 'start' | 'event' | 'disconnected' }>;
export type ExecutorEffect = Extract<CoreEffect, { readonly kind: 'subscribe' | 'call' | 'exit' }>;

const TERMINATED = 15;

export class SimulatedExecutor implements Machine<ExecutorInput, ExecutorEffect> {
  private readonly executor: Executor;
  private readonly timers = new Timers();
  private readonly ends = new Map<string, Timer>();
  private readonly inputs: (CoreInput | Tick)[] = [];

  constructor(options: ExecutorOptions, random: RandomStream) {
    this.executor = new Executor(options, random);
  }

  get nextTimerUs(): number {
    return Math.min(this.executor.nextTimerUs, this.timers.nextUs);
  }

  /** Tasks that run now. */
  get runningTasks(): Iterable<TaskInfo> {
    return this.executor.tasks;
  }

  step(input: ExecutorInput | Tick, nowUs: number): readonly ExecutorEffect[] {
    const effects: ExecutorEffect[] = [];
    if (input.kind === 'tick') this.timers.fireDue(nowUs);
    this.inputs.push(input);
    for (let next = this.inputs.shift(); next !== undefined; next = this.inputs.shift())
      for (const effect of this.executor.step(next, nowUs)) {
        if (effect.kind === 'subscribe' || effect.kind === 'call' || effect.kind === 'exit')
          effects.push(effect);
        else this.carryOut(effect, nowUs);
      }
    return effects;
  }

  private carryOut(effect: Exclude<CoreEffect, ExecutorEffect>, nowUs: number): void {
    switch (effect.kind) {
      case 'start-task':
        this.start(effect.task, nowUs);
        return;
      case 'signal-task':
        this.end(effect.taskId, TERMINATED);
        return;
      case 'probe-task':
        this.inputs.push({
          kind: 'probed',
          taskId: effect.task.task_id.value,
          probe: effect.probe,
          result: { isHealthy: true, seen: successOf(effect.definition.type), message: null },
        });
    }
  }

  private start(task: TaskInfo, nowUs: number): void {
    const taskId = task.task_id.value;
    const course = courseOf(task);
    if (course === null) {
      const message = 'simulated executors understand `sleep SECONDS [; exit STATUS]` only';
      this.inputs.push({ kind: 'task-ended', taskId, status: null, reason: null, message });
      return;
    }
    this.inputs.push({ kind: 'task-started', taskId, containerStatus: null });
    const end = () => this.end(taskId, course.exitStatus << 8);
    this.ends.set(taskId, this.timers.set(nowUs + course.durationUs, end));
  }

  private end(taskId: string, status: number): void {
    const end = this.ends.get(taskId);
    if (end === undefined) return;
    this.ends.delete(taskId);
    cancelTimer(end);
    this.inputs.push({ kind: 'task-ended', taskId, status, reason: null, message: null });
  }
}

function successOf(type: string | undefined) {
  if (type === 'COMMAND') return { command: { exit_code: 0 } };
  return type === 'HTTP' ? { http: { status_code: 200 } } : { tcp: { succeeded: true } };
}

const SLEEP = /^sleep (\d+(?:\.\d+)?(?:e-?\d+)?)(?:\s*;\s*exit (\d+))?$/;

/** How long a task runs, and how its command ends; `null` where the command says neither. */
function courseOf({
  command,
}: TaskInfo): { readonly durationUs: number; readonly exitStatus: number } | null {
  if (command?.value === undefined) return { durationUs: Number.POSITIVE_INFINITY, exitStatus: 0 };
  const match = SLEEP.exec(command.value);
  return match && { durationUs: secondsToUs(Number(match[1])), exitStatus: Number(match[2] ?? 0) };
}
