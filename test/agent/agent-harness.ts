/** An agent machine whose checkpoints are durable at once, with what comes out of it. */
import { Agent } from '../../src/agent/agent.ts';
import type { AgentFlags } from '../../src/agent/flags.ts';
import type { AgentEffect, AgentInput } from '../../src/agent/io.ts';
import { stream } from '../../src/cluster/streams.ts';
import type { AgentMessage, MasterMessage } from '../../src/protocol/internal.ts';
import type { AgentInfo, FrameworkInfo, TaskInfo, TaskState } from '../../src/protocol/v1/mesos.ts';
import { parseResourcesText } from '../../src/resources/text.ts';

export const AGENT_ID = { value: 'S0' };
export const FRAMEWORK_ID = { value: 'F0' };

export const FRAMEWORK: FrameworkInfo = { user: 'u', name: 'n', id: FRAMEWORK_ID, checkpoint: true };

export function uuidOf(number: number): string {
  return Buffer.from(`${number}`.padStart(16, '0')).toString('base64');
}

type Start = Extract<AgentInput, { readonly kind: 'start' }>;

export class AgentHarness {
  readonly agent: Agent;
  readonly effects: AgentEffect[] = [];
  /** As on its disk. */
  readonly entries: Record<string, unknown> = {};
  nowUs = 0;
  /** While true, nothing becomes durable. */
  holdsDisk = false;
  private exchanges = 0;
  private heldRevision = 0;

  constructor(flags: Partial<AgentFlags> = {}, info: Partial<AgentInfo> = {}) {
    const resources = parseResourcesText('cpus:4;mem:1024;disk:1000').toWire();
    this.agent = new Agent({
      info: { hostname: 'h', resources, ...info },
      flags,
      random: stream('1', 'agent'),
    });
  }

  step(input: AgentInput | { readonly kind: 'tick' }): void {
    for (const effect of this.agent.step(input, this.nowUs)) {
      this.effects.push(effect);
      if (effect.kind !== 'checkpoint') continue;
      for (const { key, value } of effect.changes) {
        if (value === null) delete this.entries[key];
        else this.entries[key] = value;
      }
      this.heldRevision = effect.revision;
      if (!this.holdsDisk) this.step({ kind: 'checkpointed', revision: effect.revision });
    }
  }

  /** What was held back becomes durable. */
  releaseDisk(): void {
    this.holdsDisk = false;
    this.step({ kind: 'checkpointed', revision: this.heldRevision });
  }

  /** Lets time pass, with a tick whenever the agent wants one. */
  wait(us: number): void {
    const endUs = this.nowUs + us;
    while (this.agent.nextTimerUs <= endUs) {
      this.nowUs = Math.max(this.nowUs, this.agent.nextTimerUs);
      this.step({ kind: 'tick' });
    }
    this.nowUs = endUs;
  }

  /** Messages to the master of a type, oldest first. */
  sent<T extends AgentMessage['type']>(type: T): (AgentMessage & { readonly type: T })[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'master-message' && effect.message.type === type
        ? [effect.message as AgentMessage & { readonly type: T }]
        : [],
    );
  }

  /** Statuses sent to the master: `task state`, oldest first, those sent again too. */
  get updates(): string[] {
    return this.sent('STATUS_UPDATE').map(({ status }) => `${status.task_id.value} ${status.state}`);
  }

  /** Effects of a kind, oldest first. */
  made<K extends AgentEffect['kind']>(kind: K): (AgentEffect & { readonly kind: K })[] {
    return this.effects.filter((effect) => effect.kind === kind) as (AgentEffect & { readonly kind: K })[];
  }

  /** Types of events that executors were sent, or of those on one connection. */
  events(connection?: string): string[] {
    return this.made('executor-event')
      .filter((effect) => connection === undefined || effect.connection === connection)
      .map(({ event }) => event.type!);
  }

  /** A call of an executor of the framework. @returns its status code; 200 where a stream was opened */
  executorCall(executorId: string, rest: object, connection = `c-${executorId}`): number | undefined {
    const exchange = `x${++this.exchanges}`;
    const call = { executor_id: { value: executorId }, framework_id: FRAMEWORK_ID, ...rest } as never;
    this.step({ kind: 'executor-call', exchange, connection, call });
    if (this.made('open-connection').some((effect) => effect.exchange === exchange)) return 200;
    return this.made('answer').find((effect) => effect.exchange === exchange)?.status;
  }

  subscribe(executorId: string, more: object = {}): number | undefined {
    return this.executorCall(executorId, { type: 'SUBSCRIBE', subscribe: more });
  }

  /** @returns the uuid of the status */
  update(executorId: string, state: TaskState, taskId = executorId, number = this.exchanges): string {
    const uuid = uuidOf(number);
    const status = { task_id: { value: taskId }, state, uuid, source: 'SOURCE_EXECUTOR' };
    this.executorCall(executorId, { type: 'UPDATE', update: { status } });
    return uuid;
  }

  acknowledge(taskId: string, uuid: string): void {
    this.tell({ type: 'ACKNOWLEDGE', frameworkId: FRAMEWORK_ID, taskId: { value: taskId }, uuid });
  }

  /** Container of an executor that is there. */
  containerOf(executorId: string): string {
    return this.agent.state.frameworks.get(FRAMEWORK_ID.value)!.executors.get(executorId)!.container;
  }

  endContainer(container: string, status: number | null = 0): void {
    const end = { status, reason: null, message: null, limitation: null };
    this.step({ kind: 'container-ended', container, end });
  }

  start(start: Partial<Start> = {}): this {
    const { entries = {} } = start;
    Object.assign(this.entries, entries);
    this.step({ kind: 'start', entries: {}, liveContainers: [], sandboxes: [], bootId: 'b', ...start });
    return this;
  }

  register(): this {
    this.step({ kind: 'master', link: 'l' });
    this.nowUs = this.agent.nextTimerUs;
    this.step({ kind: 'tick' });
    const { id } = this.agent.state;
    const type = id === null ? 'REGISTERED' : 'REREGISTERED';
    this.tell({ type, agentId: AGENT_ID, totalPingTimeoutUs: 75_000_000, missingTasks: [] } as MasterMessage);
    return this;
  }

  tell(message: MasterMessage): void {
    this.step({ kind: 'master-message', link: 'l', message });
  }

  run(id: string, more: Partial<TaskInfo> = {}, framework: Partial<FrameworkInfo> = {}): void {
    const task: TaskInfo = {
      name: id,
      task_id: { value: id },
      agent_id: AGENT_ID,
      resources: parseResourcesText('cpus:0.1').toWire(),
      command: { value: 'true' },
      ...more,
    };
    this.tell({
      type: 'RUN_TASK',
      framework: { ...FRAMEWORK, ...framework },
      task,
      launchesExecutor: true,
    });
  }

  /** The command executor of the task subscribes, and tells these states; the framework acknowledges each. */
  play(id: string, ...states: readonly TaskState[]): void {
    const container = this.containerOf(id);
    this.step({ kind: 'container-launched', container });
    this.subscribe(id);
    for (const state of states) this.acknowledge(id, this.update(id, state));
    if (states.at(-1) === 'TASK_FINISHED') this.endContainer(container);
  }
}
