/** Drives the agent machine: carries its effects out on disk, in containers and on the link to its master. */
import { statfs } from 'node:fs/promises';
import type { Agent } from '../../agent/agent.ts';
import { EXECUTOR_PREFIX, RESOURCES_KEY, type SavedExecutor } from '../../agent/checkpoint.ts';
import type {
  AgentEffect,
  AgentInput,
  CheckpointEntries,
  ContainerEnd,
  ContainerLaunch,
} from '../../agent/io.ts';
import type { AgentMessage } from '../../protocol/internal.ts';
import type { ExecutorEvent } from '../../protocol/v1/executor.ts';
import type { ContainerRuntime } from '../containers/container-runtime.ts';
import { RunningMachine } from '../running-machine.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { endedSandboxes } from './ended-sandboxes.ts';

/** Executors' connections to this agent. */
export interface ExecutorDoor {
  answer(exchange: string, status: number, problem: string | null): void;
  open(exchange: string, connection: string): void;
  event(connection: string, event: ExecutorEvent): void;
  close(connection: string): void;
}

export interface AgentSurroundings {
  readonly store: CheckpointStore;
  readonly containers: ContainerRuntime;
  readonly executors: ExecutorDoor;
  /** To the leading master. */
  send(link: string, message: AgentMessage): void;
  /** Launches the container once its executor's environment is known. */
  launch(launch: ContainerLaunch): Promise<void>;
  /** Absolute. */
  readonly workDir: string;
  readonly bootId: string;
  readonly diskWatchIntervalUs: number;
  /** The machine wants the process to end, and all of its containers have ended. */
  exited(reason: string): void;
}

/** An agent that was shut down does not wait longer for what it ran. */
const LAST_CONTAINERS_MS = 15_000;

export class AgentDriver {
  readonly agent: Agent;
  private readonly around: AgentSurroundings;
  private readonly running: RunningMachine<AgentInput, AgentEffect>;
  private readonly containers = new Set<string>();
  /** Launches that are not yet with the runtime. */
  private readonly launching = new Map<string, Promise<void>>();
  private diskTimer: NodeJS.Timeout | null = null;
  private hasStopped = false;
  private exit: { readonly reason: string; readonly timer: NodeJS.Timeout } | null = null;

  constructor(agent: Agent, surroundings: AgentSurroundings) {
    this.agent = agent;
    this.around = surroundings;
    this.running = new RunningMachine(agent, (effect) => this.carryOut(effect));
  }

  /**
   * @param containers of an earlier process of this agent: those that run, and those whose end it has not heard of
   * @param ends of the latter
   */
  start(
    entries: CheckpointEntries,
    containers: readonly string[],
    ends: ReadonlyMap<string, ContainerEnd>,
  ): void {
    const { workDir, bootId } = this.around;
    const known = new Set(containers);
    for (const container of containers) this.containers.add(container);
    for (const [key, value] of Object.entries(entries))
      if (key.startsWith(EXECUTOR_PREFIX)) known.add((value as SavedExecutor).container);
    this.step({
      kind: 'start',
      entries,
      liveContainers: containers,
      sandboxes: endedSandboxes(workDir, known),
      bootId,
    });
    for (const [container, end] of ends) this.ended(container, end);
    this.watchDisk();
  }

  step(input: AgentInput): void {
    this.running.step(input);
  }

  launched(container: string): void {
    this.step({ kind: 'container-launched', container });
  }

  ended(container: string, end: ContainerEnd): void {
    this.containers.delete(container);
    this.step({ kind: 'container-ended', container, end });
    if (this.exit !== null && this.containers.size === 0) this.leave();
  }

  /** What runs goes on. */
  stop(): void {
    this.hasStopped = true;
    this.running.stop();
    clearTimeout(this.diskTimer ?? undefined);
    clearTimeout(this.exit?.timer);
  }

  private carryOut(effect: AgentEffect): void {
    const { store, containers, executors } = this.around;
    switch (effect.kind) {
      case 'master-message':
        this.around.send(effect.link, effect.message);
        return;
      case 'answer':
        executors.answer(effect.exchange, effect.status, effect.problem ?? null);
        return;
      case 'open-connection':
        executors.open(effect.exchange, effect.connection);
        return;
      case 'executor-event':
        executors.event(effect.connection, effect.event);
        return;
      case 'close-connection':
        executors.close(effect.connection);
        return;
      case 'launch-container':
        this.launch(effect.launch);
        return;
      case 'update-container':
        containers.update(effect.container, effect.resources);
        return;
      case 'destroy-container':
        this.destroy(effect.container);
        return;
      case 'checkpoint':
        store.write(effect.revision, effect.changes);
        return;
      case 'remove-sandbox':
        containers.removeSandbox(effect.sandbox);
        return;
      case 'exit':
        this.exit = { reason: effect.reason, timer: setTimeout(() => this.leave(), LAST_CONTAINERS_MS) };
        if (this.containers.size === 0) setImmediate(() => this.leave());
    }
  }

  private launch(launch: ContainerLaunch): void {
    const { container } = launch;
    this.containers.add(container);
    const launched = this.around
      .launch(launch)
      .catch((error: Error) =>
        this.ended(container, {
          status: null,
          reason: 'REASON_CONTAINER_LAUNCH_FAILED',
          message: error.message,
          limitation: null,
        }),
      )
      .finally(() => this.launching.delete(container));
    this.launching.set(container, launched);
  }

  private destroy(container: string): void {
    const destroy = () => {
      if (this.containers.has(container)) this.around.containers.destroy(container);
    };
    const launching = this.launching.get(container);
    if (launching === undefined) destroy();
    else launching.then(destroy);
  }

  /** It comes back, if at all, as another agent; its reservations and volumes are still there. */
  private leave(): void {
    if (this.exit === null) return;
    const { reason } = this.exit;
    this.stop();
    this.exit = null;
    this.around.store.keepOnly([RESOURCES_KEY]);
    this.around.exited(reason);
  }

  private watchDisk(): void {
    const { workDir, diskWatchIntervalUs } = this.around;
    statfs(workDir)
      .then(({ blocks, bavail }) => this.step({ kind: 'disk-usage', used: 1 - bavail / blocks }))
      // Without the figure nothing is removed early.
      .catch(() => {})
      .finally(() => {
        if (!this.hasStopped) this.diskTimer = setTimeout(() => this.watchDisk(), diskWatchIntervalUs / 1000);
      });
  }
}
