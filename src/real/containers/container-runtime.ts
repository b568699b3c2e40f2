/** What runs executors and their tasks on this machine, as seen by an agent. */
import type { Readable, Writable } from 'node:stream';
import type { ContainerEnd, ContainerLaunch } from '../../agent/io.ts';
import type {
  CommandInfo,
  ContainerID,
  ContainerInfo,
  ContainerStatus,
  Resource,
  ResourceStatistics,
  ValueScalar,
} from '../../protocol/v1/mesos.ts';

/** Of `cpus` and `mem`; Infinity: none. What has no limit here has its request as such. */
export type LimitScalars = Readonly<Record<string, ValueScalar>>;

export interface NestedLaunch {
  readonly command?: CommandInfo | undefined;
  readonly container?: ContainerInfo | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly limits?: LimitScalars | undefined;
}

export interface ContainerEvents {
  launched(container: string): void;
  ended(container: string, end: ContainerEnd): void;
}

/** What a container writes, from the beginning; both end when it does. */
export interface ContainerOutput {
  readonly stdout: Readable;
  readonly stderr: Readable;
}

export interface ContainerRuntime {
  /** One line each: what isolates containers here, and what does not hold and why. */
  readonly capabilities: readonly string[];
  /** Containers of an earlier agent process that still run; their ends are reported, too. */
  recover(): Promise<readonly string[]>;
  /** It is reported as launched, or as ended where it could not be. */
  launch(launch: ContainerLaunch, environment: Readonly<Record<string, string>>): void;
  update(container: string, resources: readonly Resource[], limits?: LimitScalars): void;
  /** Its end is reported, once. */
  destroy(container: string): void;
  /** @param sandbox relative to the work directory */
  removeSandbox(sandbox: string): void;
  statistics(container: string): Promise<ResourceStatistics | null>;
  status(container: string): ContainerStatus | null;

  /** Within another, or by itself. @throws Error where it cannot be */
  launchNested(id: ContainerID, launch: NestedLaunch): Promise<'launched' | 'already'>;
  /** Resolves at its end. `null`: there is no such container. */
  waitNested(id: ContainerID): Promise<ContainerEnd | null>;
  /** To all that runs in it where the signal is SIGKILL, otherwise to its first process. @returns whether there is such a container */
  killNested(id: ContainerID, signal: number): boolean;
  /** With its sandbox. @returns whether there was one. @throws Error where it still runs */
  removeNested(id: ContainerID): Promise<boolean>;
  /** `null`: there is no such container. */
  output(id: ContainerID): ContainerOutput | null;
  /** Standard input of a container that was launched with one. `null`: there is none. */
  input(id: ContainerID): Writable | null;
  /** A nested container with standard input, which is destroyed when it is closed by its caller. @throws Error where it cannot be */
  launchSession(id: ContainerID, launch: NestedLaunch): Promise<ContainerOutput>;

  /** Looks after containers no longer; they go on. */
  stop(): void;
}
