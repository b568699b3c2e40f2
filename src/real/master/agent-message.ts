/** Messages of agents as they come from outside, checked once: what passes has the shape of src/protocol/internal.ts. */
import type { AgentMessage } from '../../protocol/internal.ts';
import { checkMessage } from '../wire/check.ts';
import type { MessageName } from '../wire/message-type.ts';
import { WireError } from '../wire/wire-error.ts';

export type CheckedAgentMessage = AgentMessage;

type Part =
  | 'text'
  | 'texts'
  | 'number'
  | { readonly message: MessageName; readonly isList?: boolean; readonly isOptional?: boolean }
  | { readonly list: Readonly<Record<string, Part>> };

const id = (message: MessageName) => ({ message });
const list = (message: MessageName) => ({ message, isList: true });

const DESCRIPTION: Readonly<Record<string, Part>> = {
  info: { message: 'mesos.v1.AgentInfo' },
  version: 'text',
  capabilities: list('mesos.v1.AgentInfo.Capability'),
  checkpointedResources: list('mesos.v1.Resource'),
};

const OPERATION: Readonly<Record<string, Part>> = {
  uuid: 'text',
  info: { message: 'mesos.v1.Offer.Operation' },
  status: { message: 'mesos.v1.OperationStatus' },
};

const SHAPES: Readonly<Record<AgentMessage['type'], Readonly<Record<string, Part>>>> = {
  REGISTER: DESCRIPTION,
  REREGISTER: {
    ...DESCRIPTION,
    tasks: list('mesos.v1.Task'),
    executors: list('mesos.v1.ExecutorInfo'),
    frameworks: list('mesos.v1.FrameworkInfo'),
    operations: { list: OPERATION },
  },
  UNREGISTER: { agentId: id('mesos.v1.AgentID') },
  PONG: {},
  STATUS_UPDATE: {
    agentId: id('mesos.v1.AgentID'),
    frameworkId: id('mesos.v1.FrameworkID'),
    executorId: { message: 'mesos.v1.ExecutorID', isOptional: true },
    status: { message: 'mesos.v1.TaskStatus' },
    latestState: 'text',
  },
  EXITED_EXECUTOR: {
    agentId: id('mesos.v1.AgentID'),
    frameworkId: id('mesos.v1.FrameworkID'),
    executorId: id('mesos.v1.ExecutorID'),
    status: 'number',
  },
  EXECUTOR_TO_FRAMEWORK: {
    agentId: id('mesos.v1.AgentID'),
    frameworkId: id('mesos.v1.FrameworkID'),
    executorId: id('mesos.v1.ExecutorID'),
    data: 'text',
  },
  UPDATE_AGENT: {
    agentId: id('mesos.v1.AgentID'),
    checkpointedResources: list('mesos.v1.Resource'),
    operations: 'texts',
  },
  OPERATION_STATUS: {
    agentId: id('mesos.v1.AgentID'),
    operationUuid: 'text',
    frameworkId: { message: 'mesos.v1.FrameworkID', isOptional: true },
    status: { message: 'mesos.v1.OperationStatus' },
  },
};

/** `null`: it is one. */
export function agentMessageProblem(message: unknown): string | null {
  if (typeof message !== 'object' || message === null) return 'it is no object';
  const { type } = message as { readonly type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(SHAPES, type)) return `its type is ${JSON.stringify(type)}`;
  return partsProblem(SHAPES[type as AgentMessage['type']], message as Readonly<Record<string, unknown>>);
}

function partsProblem(
  parts: Readonly<Record<string, Part>>,
  value: Readonly<Record<string, unknown>>,
): string | null {
  for (const [name, part] of Object.entries(parts)) {
    const problem = partProblem(part, value[name]);
    if (problem !== null) return `${name} ${problem}`;
  }
  return null;
}

function partProblem(part: Part, value: unknown): string | null {
  if (part === 'text') return typeof value === 'string' ? null : 'is no text';
  if (part === 'texts')
    return Array.isArray(value) && value.every((one) => typeof one === 'string')
      ? null
      : 'is no list of texts';
  if (part === 'number') return typeof value === 'number' ? null : 'is no number';
  if ('list' in part) {
    if (!Array.isArray(value)) return 'is no list';
    for (const one of value) {
      const problem = typeof one === 'object' && one !== null ? partsProblem(part.list, one) : 'is no object';
      if (problem !== null) return problem;
    }
    return null;
  }
  if (part.isOptional && value === null) return null;
  if (part.isList && !Array.isArray(value)) return 'is no list';
  try {
    for (const one of part.isList ? (value as readonly unknown[]) : [value]) checkMessage(part.message, one);
    return null;
  } catch (error) {
    if (error instanceof WireError) return error.message;
    throw error;
  }
}
