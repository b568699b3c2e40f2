/** A cluster around one master in which anything may happen next, as a seed decides. */
import { type RandomStream, stream } from '../../src/cluster/streams.ts';
import type { MasterMessage } from '../../src/protocol/internal.ts';
import { uuidBytes } from '../../src/protocol/uuid.ts';
import type {
  FrameworkInfo,
  OfferOperation,
  OperationState,
  Resource,
  Task,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../src/protocol/v1/mesos.ts';
import {
  capabilities,
  type DrivenAgent,
  type DrivenFramework,
  DrivenMaster,
  SECOND_US,
  wire,
} from './driven-master.ts';

const ROLES = ['*', 'ads', 'web', 'web/front'];
const STATES: readonly TaskState[] = [
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
];

/** An agent, with what it was told to run. */
interface RandomAgent {
  readonly driven: DrivenAgent;
  readonly tasks: Map<string, Task>;
  readonly frameworks: Map<string, FrameworkInfo>;
  /** Messages that it has seen. */
  seen: number;
  isConnected: boolean;
}

export class RandomCluster {
  readonly driven = DrivenMaster.leading({ offerTimeoutUs: 30 * SECOND_US });
  private readonly random: RandomStream;
  private readonly agents: RandomAgent[] = [];
  private readonly frameworks: DrivenFramework[] = [];
  private readonly unacknowledged: { readonly framework: DrivenFramework; readonly status: TaskStatus }[] =
    [];
  private nextTask = 0;

  constructor(seed: number) {
    this.random = stream(String(seed), 'random cluster');
    for (let i = 0; i < 3; i++) this.addAgent();
    for (let i = 0; i < 2; i++) this.subscribe();
  }

  /** One thing happens. */
  act(): void {
    const actions: readonly [weight: number, action: () => void][] = [
      [12, () => this.pass(this.draw(4) * this.draw(SECOND_US))],
      [1, () => this.pass(this.draw(40) * SECOND_US)],
      [1, () => this.addAgent()],
      [2, () => this.agentLeavesOrReturns()],
      [1, () => this.subscribe()],
      [1, () => this.frameworkLeavesOrReturns()],
      [12, () => this.useOffer()],
      [12, () => this.updateTask()],
      [8, () => this.acknowledge()],
      [3, () => this.endOperation()],
      [2, () => this.exitExecutor()],
      [4, () => this.callSomething()],
      [2, () => this.operate()],
    ];
    let weight = this.draw(actions.reduce((sum, [one]) => sum + one, 0));
    for (const [one, action] of actions) {
      if (weight < one) {
        action();
        break;
      }
      weight -= one;
    }
    this.hear();
  }

  private draw(below: number): number {
    return Math.floor(this.random() * below);
  }

  private pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.draw(items.length)];
  }

  private pass(us: number): void {
    this.driven.advance(us);
  }

  private addAgent(): void {
    const driven = this.driven.agent('cpus:4;mem:4096;disk:1000;cpus(ads):2;ports:[31000-31009]');
    this.agents.push({
      driven,
      tasks: new Map(),
      frameworks: new Map(),
      seen: 0,
      isConnected: true,
    });
  }

  /** Agents do what they are told, at once: what they tell back comes later. */
  private hear(): void {
    for (const agent of this.agents)
      while (agent.seen < agent.driven.inbox.length) this.obey(agent, agent.driven.inbox[agent.seen++]);
  }

  private obey(agent: RandomAgent, message: MasterMessage): void {
    switch (message.type) {
      case 'PING':
        if (this.random() < 0.95) agent.driven.send({ type: 'PONG' });
        return;
      case 'SHUTDOWN':
        agent.isConnected = false;
        agent.driven.breakLink();
        this.agents.splice(this.agents.indexOf(agent), 1);
        return;
      case 'RUN_TASK':
        this.start(agent, message.framework, message.task, message.task.executor?.executor_id.value ?? null);
        return;
      case 'RUN_TASK_GROUP':
        for (const task of message.taskGroup.tasks ?? [])
          this.start(agent, message.framework, task, message.executor.executor_id.value);
        return;
      case 'ACKNOWLEDGE': {
        const key = `${message.frameworkId.value}/${message.taskId.value}`;
        const task = agent.tasks.get(key);
        if (task !== undefined && task.status_update_uuid === message.uuid && isOver(task.state))
          agent.tasks.delete(key);
        return;
      }
      case 'SHUTDOWN_FRAMEWORK':
        for (const [key, task] of agent.tasks)
          if (task.framework_id.value === message.frameworkId.value) agent.tasks.delete(key);
        return;
      default:
        return;
    }
  }

  private start(agent: RandomAgent, framework: FrameworkInfo, task: TaskInfo, executor: string | null): void {
    // Some messages are lost, as when a link breaks just then.
    if (this.random() < 0.03) return;
    agent.frameworks.set(framework.id!.value, framework);
    agent.tasks.set(`${framework.id!.value}/${task.task_id.value}`, {
      name: task.name,
      task_id: task.task_id,
      framework_id: framework.id!,
      agent_id: task.agent_id,
      executor_id: executor === null ? undefined : { value: executor },
      resources: task.resources,
      state: 'TASK_STAGING',
    });
  }

  private agentLeavesOrReturns(): void {
    const agent = this.pick(this.agents);
    if (agent === undefined) return;
    if (agent.isConnected) {
      agent.isConnected = false;
      agent.driven.breakLink();
      return;
    }
    agent.isConnected = true;
    const id = { value: agent.driven.id };
    agent.driven.link = this.driven.newLink();
    this.driven.connect(agent.driven);
    const { description } = agent.driven;
    const total = this.driven.master.state.agents.get(id.value)?.total;
    const executors = new Set(
      [...agent.tasks.values()].flatMap(({ executor_id, framework_id }) =>
        executor_id === undefined ? [] : [`${framework_id.value} ${executor_id.value}`],
      ),
    );
    agent.driven.send({
      type: 'REREGISTER',
      ...description,
      info: { ...description.info, id },
      checkpointedResources: total?.dynamicallyReserved().toWire() ?? [],
      tasks: [...agent.tasks.values()],
      executors: Array.from(executors, (key) => {
        const [framework, executor] = key.split(' ');
        return { ...executorOf(executor), framework_id: { value: framework } };
      }),
      frameworks: [...agent.frameworks.values()],
      operations: [],
    });
  }

  private subscribe(): void {
    const roles = [...new Set([this.pick(ROLES)!, this.pick(ROLES)!])];
    const options = [
      capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT', 'PARTITION_AWARE'),
      capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT'),
    ];
    const info = {
      ...this.pick(options),
      roles,
      checkpoint: this.random() < 0.7,
      failover_timeout: this.draw(100),
    };
    const framework = this.driven.subscribe(info);
    if (framework.error === undefined) this.frameworks.push(framework);
  }

  private frameworkLeavesOrReturns(): void {
    const framework = this.pick(this.frameworks);
    if (framework === undefined) return;
    const record = this.driven.master.state.frameworks.get(framework.id);
    if (record?.stream === framework.stream && this.random() < 0.5) {
      framework.closeStream();
      return;
    }
    this.frameworks.splice(this.frameworks.indexOf(framework), 1);
    const id = { value: framework.id };
    const info: Partial<FrameworkInfo> = { ...(record?.info ?? {}), id };
    const next = this.driven.subscribe(info, { call: { framework_id: id } });
    if (next.error === undefined) this.frameworks.push(next);
  }

  private useOffer(): void {
    const offers = [...this.driven.master.state.offers.values()];
    const offer = this.pick(offers);
    if (offer === undefined) return;
    const framework = this.frameworks.find(({ id }) => id === offer.framework.id);
    if (framework === undefined) return;
    // Sometimes another offer of the same agent, of whatever role, is thrown in.
    const others = offers.filter((one) => one.agent === offer.agent && one !== offer);
    const chosen = this.random() < 0.2 && others.length > 0 ? [offer, this.pick(others)!] : [offer];
    const operations = Array.from({ length: this.draw(4) }, () => this.operation(offer.wire, offer.role));
    framework.accept(
      chosen.map((one) => one.wire),
      operations,
      this.draw(8),
    );
  }

  private operation(offer: { readonly agent_id: { readonly value: string } }, role: string): OfferOperation {
    const id = this.random() < 0.3 ? { id: { value: `operation${this.nextTask++}` } } : {};
    const reservations = [{ type: 'DYNAMIC', role } as const];
    const disk: Resource = { name: 'disk', type: 'SCALAR', scalar: { value: 10 }, reservations };
    const volume: Resource = {
      ...disk,
      disk: { persistence: { id: `v${this.draw(3)}` }, volume: { container_path: 'data', mode: 'RW' } },
    };
    switch (this.draw(8)) {
      case 0:
        return { type: 'RESERVE', reserve: { resources: [disk] }, ...id };
      case 1:
        return { type: 'UNRESERVE', unreserve: { resources: [disk] }, ...id };
      case 2:
        return { type: 'CREATE', create: { volumes: [volume] }, ...id };
      case 3:
        return { type: 'DESTROY', destroy: { volumes: [volume] }, ...id };
      case 4: {
        const tasks = [this.task(offer), this.task(offer)];
        return {
          type: 'LAUNCH_GROUP',
          launch_group: {
            executor: { ...executorOf(`pod${this.draw(4)}`), type: 'CUSTOM' },
            task_group: { tasks },
          },
        };
      }
      default: {
        const executor = this.random() < 0.3 ? executorOf(`e${this.draw(2)}`) : undefined;
        const tasks = Array.from({ length: this.draw(3) }, () => ({
          ...this.task(offer),
          ...(executor && { executor, command: undefined }),
        }));
        return { type: 'LAUNCH', launch: { task_infos: tasks } };
      }
    }
  }

  private task(offer: { readonly agent_id: { readonly value: string } }): TaskInfo {
    const id = `t${this.random() < 0.05 ? this.draw(20) : this.nextTask++}`;
    const more = this.random() < 0.2 ? `;ports:[${31000 + this.draw(10)}-31009]` : '';
    return {
      name: id,
      task_id: { value: id },
      agent_id: offer.agent_id,
      resources: wire(`cpus:${1 + this.draw(2)};mem:${64 * (1 + this.draw(10))}${more}`),
      command: { value: 'sleep 1' },
    };
  }

  private updateTask(): void {
    const agent = this.pick(this.agents.filter(({ isConnected }) => isConnected));
    const entry = agent && this.pick([...agent.tasks]);
    if (agent === undefined || entry === undefined) return;
    const [key, task] = entry;
    const framework = this.frameworks.find(({ id }) => id === task.framework_id.value);
    if (framework === undefined || isOver(task.state)) return;
    const state = this.pick(STATES)!;
    const latestState = !isOver(state) && this.random() < 0.1 ? this.pick(STATES)! : state;
    const status = agent.driven.update(framework, task.task_id.value, state, { latestState });
    agent.tasks.set(key, {
      ...task,
      state: latestState,
      status_update_state: status.state,
      status_update_uuid: status.uuid,
    });
    this.unacknowledged.push({ framework, status });
  }

  private acknowledge(): void {
    const index = this.draw(this.unacknowledged.length);
    const [one] = this.unacknowledged.splice(index, 1);
    if (one !== undefined) one.framework.acknowledge(one.status);
  }

  private endOperation(): void {
    const agent = this.pick(this.agents.filter(({ isConnected }) => isConnected));
    const operation = agent && this.pick(agent.driven.received('APPLY_OPERATION'));
    if (agent === undefined || operation === undefined) return;
    const states: readonly OperationState[] = [
      'OPERATION_FINISHED',
      'OPERATION_FINISHED',
      'OPERATION_FAILED',
    ];
    agent.driven.send({
      type: 'OPERATION_STATUS',
      agentId: { value: agent.driven.id },
      operationUuid: operation.operationUuid,
      frameworkId: operation.frameworkId,
      status: {
        operation_id: operation.info.id,
        state: this.pick(states)!,
        uuid: { value: uuidBytes(this.random) },
      },
    });
  }

  private exitExecutor(): void {
    const records = [...this.driven.master.state.agents.values()].filter(({ link }) => link !== null);
    const record = this.pick(records);
    const byFramework = record && this.pick([...record.executors.values()]);
    const executor = byFramework && this.pick([...byFramework.values()]);
    const agent = this.agents.find(({ driven, isConnected }) => isConnected && driven.link === record?.link);
    if (executor === undefined || agent === undefined) return;
    // It goes when its tasks are over and acknowledged.
    for (const { executor_id, framework_id } of agent.tasks.values())
      if (executor_id?.value === executor.id && framework_id.value === executor.framework.id) return;
    agent.driven.send({
      type: 'EXITED_EXECUTOR',
      agentId: executor.agent.wireId,
      frameworkId: executor.framework.wireId,
      executorId: { value: executor.id },
      status: 0,
    });
  }

  private callSomething(): void {
    const framework = this.pick(this.frameworks);
    if (framework === undefined) return;
    const record = this.driven.master.state.frameworks.get(framework.id);
    const task_id = { value: `t${this.draw(this.nextTask + 1)}` };
    switch (this.draw(8)) {
      case 0:
        framework.call({ type: 'SUPPRESS' });
        return;
      case 1:
        framework.call({ type: 'REVIVE' });
        return;
      case 2:
      case 3:
        framework.call({ type: 'KILL', kill: { task_id } });
        return;
      case 4:
        framework.call({ type: 'RECONCILE', reconcile: {} });
        return;
      case 5:
        framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id }] } });
        return;
      case 6:
        if (record !== undefined)
          framework.call({
            type: 'UPDATE_FRAMEWORK',
            update_framework: {
              framework_info: { ...record.info, roles: [...new Set([this.pick(ROLES)!, this.pick(ROLES)!])] },
            },
          });
        return;
      default:
        if (this.random() < 0.3) framework.call({ type: 'TEARDOWN' });
    }
  }

  private operate(): void {
    const agent = this.pick(this.agents);
    if (agent === undefined) return;
    const agent_id = { value: agent.driven.id };
    switch (this.draw(8)) {
      case 0:
        this.driven.operate({ type: 'DRAIN_AGENT', drain_agent: { agent_id } });
        return;
      case 1:
        this.driven.operate({ type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } });
        return;
      case 2:
      case 3:
        this.driven.operate({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } });
        return;
      case 4:
        if (this.random() < 0.2)
          this.driven.operate({ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id } });
        return;
      case 5: {
        const resources: Resource[] = [
          {
            name: 'cpus',
            type: 'SCALAR',
            scalar: { value: 1 },
            reservations: [{ type: 'DYNAMIC', role: 'web' }],
          },
        ];
        this.driven.operate(
          this.random() < 0.5
            ? { type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources } }
            : { type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id, resources } },
        );
        return;
      }
      case 6:
        this.driven.operate({
          type: 'UPDATE_WEIGHTS',
          update_weights: { weight_infos: [{ role: 'ads', weight: 1 + this.draw(3) }] },
        });
        return;
      default:
        this.driven.operate({
          type: 'UPDATE_QUOTA',
          update_quota: {
            force: true,
            quota_configs: [{ role: 'web', guarantees: { cpus: { value: this.draw(4) } } }],
          },
        });
    }
  }
}

function isOver(state: TaskState): boolean {
  return ['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'].includes(state);
}

function executorOf(id: string) {
  return {
    executor_id: { value: id },
    command: { value: 'run' },
    resources: wire('cpus:0.1;mem:32;disk:1'),
  };
}
