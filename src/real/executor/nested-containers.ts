/** Tasks as nested containers of the executor's own, which the agent runs (reference §6.2). */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandInfo, ContainerID, TaskInfo, TaskStatusReason } from '../../protocol/v1/mesos.ts';
import { callAgent } from './agent-api.ts';
import type { AgentAddress } from './agent-connection.ts';
import type { CommandRunner } from './probe.ts';
import type { TaskDriver, TaskInput } from './run-executor.ts';

/** While the agent is away. */
const RETRY_MS = 500;
const [SIGTERM, SIGKILL] = [15, 9];

interface Waited {
  readonly exit_status?: number;
  readonly reason?: TaskStatusReason;
  readonly message?: string;
}

export class NestedContainers implements TaskDriver {
  private readonly agent: AgentAddress;
  private readonly tell: (input: TaskInput) => void;
  private readonly own = Promise.withResolvers<ContainerID>();
  private readonly containers = new Map<string, Promise<ContainerID>>();

  constructor(agent: AgentAddress, tell: (input: TaskInput) => void) {
    this.agent = agent;
    this.tell = tell;
  }

  subscribed(container: ContainerID): void {
    this.own.resolve(container);
  }

  start(task: TaskInfo): void {
    const taskId = task.task_id.value;
    const container = this.own.promise.then((parent) => ({ value: randomUUID(), parent }));
    this.containers.set(taskId, container);
    container
      .then((id) => this.run(task, id))
      .catch((error: Error) =>
        this.tell({
          kind: 'task-ended',
          taskId,
          status: null,
          reason: 'REASON_CONTAINER_LAUNCH_FAILED',
          message: error.message,
        }),
      )
      .finally(() => this.containers.delete(taskId));
  }

  signal(taskId: string, isForced: boolean): void {
    this.containers
      .get(taskId)
      ?.then((container_id) =>
        this.call('KILL_CONTAINER', 'kill_container', {
          container_id,
          signal: isForced ? SIGKILL : SIGTERM,
        }),
      )
      .catch(() => {});
  }

  runner(task: TaskInfo): CommandRunner {
    return async (command, signal) => {
      const parent = await this.containers.get(task.task_id.value);
      const container_id = { value: `check-${randomUUID()}`, parent };
      signal.addEventListener('abort', () => {
        this.call('KILL_CONTAINER', 'kill_container', { container_id, signal: SIGKILL }).catch(() => {});
      });
      await this.launch(container_id, { command });
      const { exit_status = null } = await this.wait(container_id);
      await this.call('REMOVE_CONTAINER', 'remove_container', { container_id });
      return exit_status === null || (exit_status & 0x7f) !== 0 ? null : exit_status >> 8;
    };
  }

  private async run(task: TaskInfo, container_id: ContainerID): Promise<void> {
    const { resources, limits, container } = task;
    await this.launch(container_id, { command: commandOf(task), resources, limits, container });
    const taskId = task.task_id.value;
    this.tell({ kind: 'task-started', taskId, containerStatus: { container_id } });
    const { exit_status = null, reason = null, message = null } = await this.wait(container_id);
    this.tell({ kind: 'task-ended', taskId, status: exit_status, reason, message });
  }

  private async launch(container_id: ContainerID, what: Readonly<Record<string, unknown>>): Promise<void> {
    const { status, body } = await this.call('LAUNCH_CONTAINER', 'launch_container', {
      container_id,
      ...what,
    });
    if (status >= 300) throw new Error(body || `the agent answered ${status} to the launch of a container`);
  }

  private async wait(container_id: ContainerID): Promise<Waited> {
    const { status, body } = await this.call('WAIT_CONTAINER', 'wait_container', { container_id });
    if (status !== 200) return { message: `the agent answered ${status}: ${body}` };
    return (JSON.parse(body) as { wait_container: Waited }).wait_container;
  }

  /** Waits for an agent that is away: a launch that is made twice is one, as the id is the same. */
  private async call(type: string, key: string, body: unknown) {
    for (;;) {
      const answer = await callAgent(this.agent, { type, [key]: body }).catch(() => null);
      if (answer !== null && answer.status !== 503) return answer;
      await sleep(RETRY_MS);
    }
  }
}

function commandOf({ command, resources = [] }: TaskInfo): CommandInfo | undefined {
  const role = resources.find(({ allocation_info }) => allocation_info?.role)?.allocation_info?.role;
  if (command === undefined || role === undefined) return command;
  const variables = [{ name: 'MESOS_ALLOCATION_ROLE', value: role }];
  return {
    ...command,
    environment: { variables: [...variables, ...(command.environment?.variables ?? [])] },
  };
}
