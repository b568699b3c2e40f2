/** Calls and events of executors (package mesos.v1.executor), in JSON form: bytes are base64, 64-bit numbers doubles, enums their names. */
import type {
  AgentInfo,
  ContainerID,
  ExecutorID,
  ExecutorInfo,
  FrameworkID,
  FrameworkInfo,
  KillPolicy,
  TaskGroupInfo,
  TaskID,
  TaskInfo,
  TaskStatus,
} from './mesos.ts';

export interface ExecutorEvent {
  readonly type?: ExecutorEventType | undefined;
  readonly subscribed?: ExecutorEventSubscribed | undefined;
  readonly acknowledged?: ExecutorEventAcknowledged | undefined;
  readonly launch?: ExecutorEventLaunch | undefined;
  readonly launch_group?: ExecutorEventLaunchGroup | undefined;
  readonly kill?: ExecutorEventKill | undefined;
  readonly message?: ExecutorEventMessage | undefined;
  readonly error?: ExecutorEventError | undefined;
}

export type ExecutorEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'LAUNCH'
  | 'LAUNCH_GROUP'
  | 'KILL'
  | 'ACKNOWLEDGED'
  | 'MESSAGE'
  | 'ERROR'
  | 'SHUTDOWN'
  | 'HEARTBEAT';

export interface ExecutorEventSubscribed {
  readonly executor_info: ExecutorInfo;
  readonly framework_info: FrameworkInfo;
  readonly agent_info: AgentInfo;
  readonly container_id?: ContainerID | undefined;
}

export interface ExecutorEventLaunch {
  readonly task: TaskInfo;
}

export interface ExecutorEventLaunchGroup {
  readonly task_group: TaskGroupInfo;
}

export interface ExecutorEventKill {
  readonly task_id: TaskID;
  readonly kill_policy?: KillPolicy | undefined;
}

export interface ExecutorEventAcknowledged {
  readonly task_id: TaskID;
  readonly uuid: string;
}

export interface ExecutorEventMessage {
  readonly data: string;
}

export interface ExecutorEventError {
  readonly message: string;
}

export interface ExecutorCall {
  readonly executor_id: ExecutorID;
  readonly framework_id: FrameworkID;
  readonly type?: ExecutorCallType | undefined;
  readonly subscribe?: ExecutorCallSubscribe | undefined;
  readonly update?: ExecutorCallUpdate | undefined;
  readonly message?: ExecutorCallMessage | undefined;
}

export type ExecutorCallType = 'UNKNOWN' | 'SUBSCRIBE' | 'UPDATE' | 'MESSAGE' | 'HEARTBEAT';

export interface ExecutorCallSubscribe {
  readonly unacknowledged_tasks?: readonly TaskInfo[] | undefined;
  readonly unacknowledged_updates?: readonly ExecutorCallUpdate[] | undefined;
}

export interface ExecutorCallUpdate {
  readonly status: TaskStatus;
}

export interface ExecutorCallMessage {
  readonly data: string;
}
