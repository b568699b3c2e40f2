/** Tasks as processes of the executor's own container: each in a session of its own, so that all of it can be signalled. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { CommandInfo, TaskInfo } from '../../protocol/v1/mesos.ts';
import type { CommandRunner } from './probe.ts';
import type { TaskDriver, TaskInput } from './run-executor.ts';

export class Processes implements TaskDriver {
  private readonly sandbox: string;
  private readonly tell: (input: TaskInput) => void;
  private readonly children = new Map<string, ChildProcess>();

  constructor(sandbox: string, tell: (input: TaskInput) => void) {
    this.sandbox = sandbox;
    this.tell = tell;
  }

  start(task: TaskInfo): void {
    const taskId = task.task_id.value;
    const child = launch(task.command ?? {}, this.sandbox, 'inherit');
    this.children.set(taskId, child);
    const end = (status: number | null, message: string | null) => {
      if (!this.children.delete(taskId)) return;
      this.tell({ kind: 'task-ended', taskId, status, reason: null, message });
    };
    child.on('spawn', () => this.tell({ kind: 'task-started', taskId, containerStatus: null }));
    child.on('error', (error) => end(null, `Failed to start the command: ${error.message}`));
    child.on('exit', (code, signal) => end(waitStatus(code, signal), null));
  }

  signal(taskId: string, isForced: boolean): void {
    const pid = this.children.get(taskId)?.pid;
    if (pid !== undefined) signalGroup(pid, isForced ? 'SIGKILL' : 'SIGTERM');
  }

  runner(): CommandRunner {
    return (command, signal) => runToEnd(command, this.sandbox, signal);
  }
}

function runToEnd(command: CommandInfo, sandbox: string, signal: AbortSignal): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const child = launch(command, sandbox, 'ignore');
  const abort = () => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', abort, { once: true });
  child.on('error', reject);
  child.on('exit', (code) => {
    signal.removeEventListener('abort', abort);
    resolve(code);
  });
  return promise;
}

function launch(command: CommandInfo, cwd: string, stdio: 'inherit' | 'ignore'): ChildProcess {
  const { shell = true, value = '', arguments: argv = [] } = command;
  const env: NodeJS.ProcessEnv = { ...process.env };
  // It is the executor's own.
  delete env.MESOS_EXECUTOR_AUTHENTICATION_TOKEN;
  for (const { name, value: text = '' } of command.environment?.variables ?? []) env[name] = text;
  const options = { cwd, env, stdio, detached: true } as const;
  if (shell) return spawn('/bin/sh', ['-c', value], options);
  return spawn(value, argv.slice(1), { ...options, argv0: argv[0] ?? value });
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // All of it has ended.
  }
}

function waitStatus(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? code! << 8 : constants.signals[signal];
}
