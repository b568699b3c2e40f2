/** A simulated executor in its container on an agent's machine. */
import type { ContainerLaunch } from '../../agent/io.ts';
import { EXECUTOR_DEFAULTS } from '../../executor/io.ts';
import { Connection, type Endpoint } from './connection.ts';
import { type ExecutorEffect, type ExecutorInput, SimulatedExecutor } from './executor.ts';
import type { AgentToExecutor } from './messages.ts';
import type { Host } from './network.ts';
import { OWN_EVENTS, Process } from './process.ts';
import type { Surroundings } from './surroundings.ts';

const REFUSED = OWN_EVENTS;
/** Between an attempt to reach an agent that is not there and its failure. */
const REFUSED_US = 100;

/** The machine that a container is on. */
export interface ContainerHost extends Host {
  /** Of the agent. */
  readonly process: Endpoint | null;
  containerEnded(container: string, status: number): void;
}

export class ExecutorProcess extends Process<ExecutorInput, ExecutorEffect> {
  declare readonly host: ContainerHost;
  readonly launch: ContainerLaunch;
  private readonly world: Surroundings;
  private connection: Connection | null = null;

  constructor(world: Surroundings, node: ContainerHost, launch: ContainerLaunch) {
    const { executor, framework, task, isCheckpointed } = launch;
    const machine = new SimulatedExecutor(
      {
        frameworkId: framework.id!,
        executorId: executor.executor_id,
        isCheckpointed,
        ...EXECUTOR_DEFAULTS,
        exitsWhenDone: task !== null || executor.type === 'DEFAULT',
      },
      world.random('executors'),
    );
    super(node, world.timeline, machine, world.onStep, node.clock.steady);
    this.world = world;
    this.launch = launch;
  }

  /** The container is destroyed, or what runs in it ends. @param status as wait(2) gives it */
  kill(status: number): void {
    if (!this.isRunning) return;
    this.stop();
    this.connection?.close(0);
    this.host.containerEnded(this.launch.container, status);
  }

  protected take(connection: Connection, message: AgentToExecutor): void {
    if (connection !== this.connection) return;
    if (message.kind === 'event') this.step({ kind: 'event', event: message.event });
    else this.disconnect();
  }

  protected lost(connection: Connection): void {
    if (connection === this.connection) this.disconnect();
  }

  protected happen(): void {
    if (this.connection === null) this.step({ kind: 'disconnected' });
  }

  protected carryOut(effect: ExecutorEffect): void {
    switch (effect.kind) {
      case 'subscribe': {
        const agent = this.host.process;
        this.connection?.close(0);
        this.connection = agent && new Connection(this.world.network, this.world.nextName(), [this, agent]);
        if (this.connection === null) this.timeline.at(this.timeline.nowUs + REFUSED_US, this, REFUSED, null);
        else this.connection.send(0, { kind: 'executor-call', call: effect.call });
        return;
      }
      case 'call': {
        const { update } = effect.call;
        if (update) this.world.observer.executorUpdated(this.host, update.status);
        this.connection?.send(0, { kind: 'executor-call', call: effect.call });
        return;
      }
      case 'exit':
        this.kill(effect.status << 8);
    }
  }

  private disconnect(): void {
    this.connection?.close(0);
    this.connection = null;
    this.step({ kind: 'disconnected' });
  }
}
