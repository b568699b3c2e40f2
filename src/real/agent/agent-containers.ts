/** What an agent needs of the containers on its machine. */
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

export interface NestedLaunch {
  readonly command?: CommandInfo | undefined;
  readonly container?: ContainerInfo | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly limits?: Readonly<Record<string, ValueScalar>> | undefined;
}

export interface ContainerEvents {
  launched(container: string): void;
  ended(container: string, end: ContainerEnd): void;
}

export interface AgentContainers {
  /** Containers of an earlier agent process that still run; their ends are reported, too. */
  recover(): Promise<readonly string[]>;
  /** It is reported as launched, or as ended where it could not be. */
  launch(launch: ContainerLaunch, environment: Readonly<Record<string, string>>): void;
  update(container: string, resources: readonly Resource[]): void;
  /** Its end is reported, once. */
  destroy(container: string): void;
  /** @param sandbox relative to the work directory */
  removeSandbox(sandbox: string): void;
  statistics(container: string): Promise<ResourceStatistics | null>;
  status(container: string): ContainerStatus | null;

  /** Within another, or by itself. @throws Error where it cannot be */
  launchNested(id: ContainerID, launch: NestedLaunch): Promise<'launched' | 'already'>;
  /** `null`: there is no such container. */
  waitNested(id: ContainerID): Promise<ContainerEnd | null>;
  /** Whether there is such a container. */
  killNested(id: ContainerID, signal: number): boolean;
  /** Whether there was one. @throws Error where it still runs */
  removeNested(id: ContainerID): Promise<boolean>;
}
