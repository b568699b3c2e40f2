/** An agent that runs nothing: the agent's own machine on a real link to a real master, with executors that only wait. */
import { Agent } from '../../src/agent/agent.ts';
import type { AgentEffect, AgentInput, ContainerLaunch } from '../../src/agent/io.ts';
import { stream } from '../../src/cluster/streams.ts';
import { EXECUTOR_DEFAULTS } from '../../src/executor/io.ts';
import { MasterLink } from '../../src/real/agent/master-link.ts';
import { RunningMachine } from '../../src/real/running-machine.ts';
import { parseResourcesText } from '../../src/resources/text.ts';
import {
  type ExecutorEffect,
  type ExecutorInput,
  SimulatedExecutor,
} from '../../src/sim/protocol/executor.ts';

export const AGENT_RESOURCES = 'cpus:4;mem:8192;disk:10240;ports:[31000-32000]';

type Container = RunningMachine<ExecutorInput, ExecutorEffect>;

const KILLED_STATUS = 9;

export class SimulatedAgent {
  private readonly running: RunningMachine<AgentInput, AgentEffect>;
  private readonly link: MasterLink;
  private readonly name: string;
  /** By container, which is also the name of its executor's connection. */
  private readonly containers = new Map<string, Container>();

  /** @param registered told once, when it is */
  constructor(master: string, index: number, registered: () => void) {
    this.name = `agent-${index}`;
    const info = {
      hostname: this.name,
      port: 5051,
      resources: parseResourcesText(AGENT_RESOURCES, '*').toWire(),
    };
    const agent = new Agent({ info, ip: '127.0.0.1', random: stream(this.name, 'agent') });
    this.running = new RunningMachine(agent, (effect) => this.carryOut(effect));
    this.link = new MasterLink(
      { master, authorization: null, tls: null },
      {
        opened: (link) => this.running.step({ kind: 'master', link }),
        message: (link, message) => {
          this.running.step({ kind: 'master-message', link, message });
          if (message.type === 'REGISTERED') registered();
        },
        broken: (link) => this.running.step({ kind: 'link-broken', link }),
        trouble: () => {},
      },
    );
    this.running.step({ kind: 'start', entries: {}, liveContainers: [], sandboxes: [], bootId: this.name });
    this.link.start();
  }

  private carryOut(effect: AgentEffect): void {
    switch (effect.kind) {
      case 'master-message':
        this.link.send(effect.link, effect.message);
        return;
      case 'checkpoint':
        // As if on a disk that is never slow.
        setImmediate(() => this.running.step({ kind: 'checkpointed', revision: effect.revision }));
        return;
      case 'launch-container':
        setImmediate(() => this.launch(effect.launch));
        return;
      case 'destroy-container':
        this.end(effect.container, KILLED_STATUS);
        return;
      case 'executor-event':
        this.containers.get(effect.connection)?.step({ kind: 'event', event: effect.event });
        return;
      case 'answer':
        if (effect.status >= 300) throw new Error(`an executor's call was refused: ${effect.problem}`);
        return;
      case 'exit':
        throw new Error(`${this.name} was told to exit: ${effect.reason}`);
      case 'open-connection':
      case 'close-connection':
      case 'update-container':
      case 'remove-sandbox':
    }
  }

  private launch({ container, framework, executor, isCheckpointed }: ContainerLaunch): void {
    const options = {
      frameworkId: framework.id!,
      executorId: executor.executor_id,
      isCheckpointed,
      ...EXECUTOR_DEFAULTS,
      exitsWhenDone: true,
    };
    const machine = new SimulatedExecutor(options, stream(container, 'executor'));
    const running: Container = new RunningMachine(machine, (effect) => {
      if (effect.kind === 'exit') this.end(container, effect.status << 8);
      else
        this.running.step({
          kind: 'executor-call',
          exchange: container,
          connection: container,
          call: effect.call,
        });
    });
    this.containers.set(container, running);
    this.running.step({ kind: 'container-launched', container });
    running.step({ kind: 'start' });
  }

  private end(container: string, status: number): void {
    this.containers.get(container)?.stop();
    this.containers.delete(container);
    const end = { status, reason: null, message: null, limitation: null };
    setImmediate(() => this.running.step({ kind: 'container-ended', container, end }));
  }
}
