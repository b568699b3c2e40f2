/** An agent machine whose checkpoints are durable at once, with what comes out of it. */
import { Agent } from '../../src/agent/agent.ts';
import type { AgentFlags } from '../../src/agent/flags.ts';
import type { AgentEffect, AgentInput } from '../../src/agent/io.ts';
import { stream } from '../../src/cluster/streams.ts';
import type { MasterMessage } from '../../src/protocol/internal.ts';
import type { AgentInfo, TaskInfo, TaskState } from '../../src/protocol/v1/mesos.ts';
import { parseResourcesText } from '../../src/resources/text.ts';

export const AGENT_ID = { value: 'S0' };
export const FRAMEWORK_ID = { value: 'F0' };

type Start = Extract<AgentInput, { readonly kind: 'start' }>;

export class AgentHarness {
  readonly agent: Agent;
  readonly effects: AgentEffect[] = [];
  /** As on its disk. */
  readonly entries: Record<string, unknown> = {};
  nowUs = 0;
  private exchanges = 0;

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
      this.step({ kind: 'checkpointed', revision: effect.revision });
    }
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

  run(id: string): void {
    const task: TaskInfo = {
      name: id,
      task_id: { value: id },
      agent_id: AGENT_ID,
      resources: parseResourcesText('cpus:0.1').toWire(),
      command: { value: 'true' },
    };
    const framework = { user: 'u', name: 'n', id: FRAMEWORK_ID, checkpoint: true };
    this.tell({ type: 'RUN_TASK', framework, task, launchesExecutor: true });
  }

  /** The command executor of the task subscribes, and tells these states; the framework acknowledges each. */
  play(id: string, ...states: readonly TaskState[]): void {
    const executor = this.agent.state.frameworks.get(FRAMEWORK_ID.value)!.executors.get(id)!;
    const call = { executor_id: { value: id }, framework_id: FRAMEWORK_ID };
    const connection = `c-${id}`;
    const send = (rest: object) =>
      this.step({
        kind: 'executor-call',
        exchange: `x${++this.exchanges}`,
        connection,
        call: { ...call, ...rest } as never,
      });
    this.step({ kind: 'container-launched', container: executor.container });
    send({ type: 'SUBSCRIBE', subscribe: {} });
    for (const state of states) {
      const uuid = Buffer.from(`${this.exchanges}`.padStart(16, '0')).toString('base64');
      const status = { task_id: { value: id }, state, uuid, source: 'SOURCE_EXECUTOR' };
      send({ type: 'UPDATE', update: { status } });
      this.tell({ type: 'ACKNOWLEDGE', frameworkId: FRAMEWORK_ID, taskId: { value: id }, uuid });
    }
    if (states.at(-1) === 'TASK_FINISHED')
      this.step({
        kind: 'container-ended',
        container: executor.container,
        end: { status: 0, reason: null, message: null, limitation: null },
      });
  }
}
