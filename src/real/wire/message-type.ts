/** Names of the messages that bodies and records hold, and what they are in our code. */
import type { AgentCall, AgentResponse, ProcessIO } from '../../protocol/v1/agent.ts';
import type { ExecutorCall, ExecutorEvent } from '../../protocol/v1/executor.ts';
import type { OperatorCall, OperatorEvent, OperatorResponse } from '../../protocol/v1/master.ts';
import type {
  AgentID,
  AgentInfo,
  AgentInfoCapability,
  ContainerInfo,
  ExecutorID,
  ExecutorInfo,
  FrameworkID,
  FrameworkInfo,
  Offer,
  OfferOperation,
  OperationStatus,
  Resource,
  Task,
  TaskInfo,
  TaskStatus,
} from '../../protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent, SchedulerResponse } from '../../protocol/v1/scheduler.ts';

export interface Messages {
  'mesos.v1.scheduler.Call': SchedulerCall;
  'mesos.v1.scheduler.Event': SchedulerEvent;
  'mesos.v1.scheduler.Response': SchedulerResponse;
  'mesos.v1.executor.Call': ExecutorCall;
  'mesos.v1.executor.Event': ExecutorEvent;
  'mesos.v1.master.Call': OperatorCall;
  'mesos.v1.master.Response': OperatorResponse;
  'mesos.v1.master.Event': OperatorEvent;
  'mesos.v1.agent.Call': AgentCall;
  'mesos.v1.agent.Response': AgentResponse;
  'mesos.v1.agent.ProcessIO': ProcessIO;
  'mesos.v1.AgentID': AgentID;
  'mesos.v1.AgentInfo': AgentInfo;
  'mesos.v1.AgentInfo.Capability': AgentInfoCapability;
  'mesos.v1.ExecutorID': ExecutorID;
  'mesos.v1.ExecutorInfo': ExecutorInfo;
  'mesos.v1.FrameworkID': FrameworkID;
  'mesos.v1.FrameworkInfo': FrameworkInfo;
  'mesos.v1.ContainerInfo': ContainerInfo;
  'mesos.v1.Offer': Offer;
  'mesos.v1.Offer.Operation': OfferOperation;
  'mesos.v1.OperationStatus': OperationStatus;
  'mesos.v1.Resource': Resource;
  'mesos.v1.Task': Task;
  'mesos.v1.TaskInfo': TaskInfo;
  'mesos.v1.TaskStatus': TaskStatus;
}

export type MessageName = keyof Messages;
export type MessageOf<N extends MessageName> = Messages[N];
