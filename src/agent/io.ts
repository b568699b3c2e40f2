/** What goes into an agent and what comes out of it. */
import type { AgentMessage, MasterMessage } from '../protocol/internal.ts';
import type { ExecutorCall, ExecutorEvent } from '../protocol/v1/executor.ts';
import type {
  CommandInfo,
  ContainerInfo,
  ExecutorInfo,
  FrameworkInfo,
  Resource,
  TaskInfo,
  TaskStatusReason,
} from '../protocol/v1/mesos.ts';

/** What the agent has on disk, by key; `checkpoint.ts` says which keys there are. Values are plain JSON. */
export type CheckpointEntries = Readonly<Record<string, unknown>>;

/** `value` null: the key is deleted. */
export interface CheckpointChange {
  readonly key: string;
  readonly value: unknown;
}

/** How an executor's container ended; `null`s where nothing is known. */
export interface ContainerEnd {
  /** As wait(2) gives it. */
  readonly status: number | null;
  readonly reason: TaskStatusReason | null;
  readonly message: string | null;
  /** The resources whose limit was reached. */
  readonly limitation: readonly Resource[] | null;
}

/** `connection` is an executor's subscription; `exchange` one of its requests; `container` a container id that the agent made. */
export type AgentInput =
  /** First of all: what an earlier run of this agent left, and which of its containers still run. */
  | {
      readonly kind: 'start';
      readonly entries: CheckpointEntries;
      readonly liveContainers: readonly string[];
      /** Of executors that ended before, oldest first. */
      readonly sandboxes: readonly EndedSandbox[];
      /** Changes when the machine was rebooted. */
      readonly bootId: string;
    }
  /** A link to the leading master is there; `null`: none is known. */
  | { readonly kind: 'master'; readonly link: string | null }
  | { readonly kind: 'master-message'; readonly link: string; readonly message: MasterMessage }
  | { readonly kind: 'link-broken'; readonly link: string }
  | {
      readonly kind: 'executor-call';
      readonly exchange: string;
      /** Of the subscription that `SUBSCRIBE` opens, or that the executor has. */
      readonly connection: string;
      readonly call: ExecutorCall;
    }
  | { readonly kind: 'executor-disconnected'; readonly connection: string }
  | { readonly kind: 'container-launched'; readonly container: string }
  | { readonly kind: 'container-ended'; readonly container: string; readonly end: ContainerEnd }
  /** The changes of this revision, and of all before it, are durable. */
  | { readonly kind: 'checkpointed'; readonly revision: number }
  /** Part of the work directory's file system that is used, 0 to 1. */
  | { readonly kind: 'disk-usage'; readonly used: number }
  /** For good: all that runs is ended, and the master is told. */
  | { readonly kind: 'unregister' };

export interface EndedSandbox {
  /** Relative to the work directory. */
  readonly sandbox: string;
  readonly endedUs: number;
}

export interface ContainerLaunch {
  readonly container: string;
  readonly framework: FrameworkInfo;
  readonly executor: ExecutorInfo;
  /** The task of a command executor, which the agent made up; `null` for executors of frameworks. */
  readonly task: TaskInfo | null;
  readonly command: CommandInfo | null;
  readonly image: ContainerInfo | null;
  readonly resources: readonly Resource[];
  /** Relative to the work directory. */
  readonly sandbox: string;
  /** Whether it outlives the agent process. */
  readonly isCheckpointed: boolean;
}

export type AgentEffect =
  | { readonly kind: 'master-message'; readonly link: string; readonly message: AgentMessage }
  | {
      readonly kind: 'answer';
      readonly exchange: string;
      readonly status: number;
      readonly problem?: string;
    }
  /** Answers the exchange with 200; events on the connection follow. */
  | { readonly kind: 'open-connection'; readonly exchange: string; readonly connection: string }
  | { readonly kind: 'executor-event'; readonly connection: string; readonly event: ExecutorEvent }
  | { readonly kind: 'close-connection'; readonly connection: string }
  | { readonly kind: 'launch-container'; readonly launch: ContainerLaunch }
  /** New limits for a container whose tasks changed. */
  | { readonly kind: 'update-container'; readonly container: string; readonly resources: readonly Resource[] }
  /** Kill all in it; `container-ended` follows. */
  | { readonly kind: 'destroy-container'; readonly container: string }
  /** To be made durable, in the order of revisions, then stepped back in as `checkpointed`. */
  | { readonly kind: 'checkpoint'; readonly revision: number; readonly changes: readonly CheckpointChange[] }
  | { readonly kind: 'remove-sandbox'; readonly sandbox: string }
  /** The process must end. */
  | { readonly kind: 'exit'; readonly reason: string };
