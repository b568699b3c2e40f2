/**
 * Messages between master and agents (reference §10.1). A link is one agent's connection to one master: messages on it
 * arrive in order or not at all, and where one is lost, both ends are told that the link broke.
 */
import type {
  AgentID,
  AgentInfo,
  AgentInfoCapability,
  DrainConfig,
  ExecutorID,
  ExecutorInfo,
  FrameworkID,
  FrameworkInfo,
  KillPolicy,
  OfferOperation,
  OperationStatus,
  Resource,
  Task,
  TaskGroupInfo,
  TaskID,
  TaskInfo,
  TaskState,
  TaskStatus,
} from './v1/mesos.ts';

/** An operation on its way, as the agent keeps it. */
export interface AgentOperation {
  readonly uuid: string;
  readonly frameworkId: FrameworkID | null;
  readonly info: OfferOperation;
  readonly status: OperationStatus;
}

interface AgentDescription {
  readonly info: AgentInfo;
  readonly version: string;
  readonly capabilities: readonly AgentInfoCapability[];
  /** Dynamic reservations and volumes; the agent's total is what its info says, with these in place of what they came from. */
  readonly checkpointedResources: readonly Resource[];
  /** Where it can be reached; its hostname need not be a name that anybody can look up. */
  readonly ip?: string;
}

export type AgentMessage =
  | ({ readonly type: 'REGISTER' } & AgentDescription)
  | ({
      readonly type: 'REREGISTER';
      /** All that are not terminal and acknowledged. */
      readonly tasks: readonly Task[];
      /** Executors that frameworks named, not those made for command tasks. */
      readonly executors: readonly ExecutorInfo[];
      readonly frameworks: readonly FrameworkInfo[];
      readonly operations: readonly AgentOperation[];
    } & AgentDescription)
  | { readonly type: 'UNREGISTER'; readonly agentId: AgentID }
  | { readonly type: 'PONG' }
  | {
      readonly type: 'STATUS_UPDATE';
      readonly agentId: AgentID;
      readonly frameworkId: FrameworkID;
      readonly executorId: ExecutorID | null;
      /** With `uuid`, which the framework acknowledges. */
      readonly status: TaskStatus;
      /** State of the newest update that the agent holds for the task. */
      readonly latestState: TaskState;
    }
  | {
      readonly type: 'EXITED_EXECUTOR';
      readonly agentId: AgentID;
      readonly frameworkId: FrameworkID;
      readonly executorId: ExecutorID;
      readonly status: number;
    }
  | {
      readonly type: 'EXECUTOR_TO_FRAMEWORK';
      readonly agentId: AgentID;
      readonly frameworkId: FrameworkID;
      readonly executorId: ExecutorID;
      readonly data: string;
    }
  | {
      /** After an operation that could not be applied: what the agent has is not what its master believes. */
      readonly type: 'UPDATE_AGENT';
      readonly agentId: AgentID;
      /** As at registration. */
      readonly checkpointedResources: readonly Resource[];
      /** Uuids of operations that it has met and not forgotten: the resources are those after them. */
      readonly operations: readonly string[];
    }
  | {
      readonly type: 'OPERATION_STATUS';
      readonly agentId: AgentID;
      readonly operationUuid: string;
      readonly frameworkId: FrameworkID | null;
      readonly status: OperationStatus;
    };

export type MasterMessage =
  | { readonly type: 'REGISTERED'; readonly agentId: AgentID; readonly totalPingTimeoutUs: number }
  | {
      readonly type: 'REREGISTERED';
      readonly agentId: AgentID;
      readonly totalPingTimeoutUs: number;
      /** Tasks that the master knows on this agent and the agent did not report. */
      readonly missingTasks: readonly {
        readonly framework: FrameworkInfo;
        readonly taskId: TaskID;
      }[];
    }
  | { readonly type: 'PING'; readonly isConnected: boolean }
  | { readonly type: 'SHUTDOWN'; readonly reason: string }
  | {
      readonly type: 'RUN_TASK';
      readonly framework: FrameworkInfo;
      readonly task: TaskInfo;
      /** `false`: the master knows this executor to be on the agent; a missing one is then not started anew. */
      readonly launchesExecutor: boolean;
    }
  | {
      readonly type: 'RUN_TASK_GROUP';
      readonly framework: FrameworkInfo;
      readonly executor: ExecutorInfo;
      readonly taskGroup: TaskGroupInfo;
      readonly launchesExecutor: boolean;
    }
  | {
      readonly type: 'KILL_TASK';
      readonly frameworkId: FrameworkID;
      readonly taskId: TaskID;
      readonly killPolicy: KillPolicy | null;
    }
  | {
      readonly type: 'ACKNOWLEDGE';
      readonly frameworkId: FrameworkID;
      readonly taskId: TaskID;
      readonly uuid: string;
    }
  | { readonly type: 'SHUTDOWN_FRAMEWORK'; readonly frameworkId: FrameworkID }
  | {
      readonly type: 'SHUTDOWN_EXECUTOR';
      readonly frameworkId: FrameworkID;
      readonly executorId: ExecutorID;
    }
  | { readonly type: 'UPDATE_FRAMEWORK'; readonly framework: FrameworkInfo }
  | {
      readonly type: 'FRAMEWORK_TO_EXECUTOR';
      readonly frameworkId: FrameworkID;
      readonly executorId: ExecutorID;
      readonly data: string;
    }
  | {
      readonly type: 'APPLY_OPERATION';
      readonly operationUuid: string;
      /** `null`: from an operator. */
      readonly frameworkId: FrameworkID | null;
      readonly info: OfferOperation;
    }
  | {
      readonly type: 'ACKNOWLEDGE_OPERATION';
      readonly operationUuid: string;
      readonly statusUuid: string;
    }
  | { readonly type: 'DRAIN'; readonly config: DrainConfig };
