/** Messages in a line each: what a reader of a scenario wants to know of them. */
import type { AgentMessage, MasterMessage } from '../../src/protocol/internal.ts';
import type { ExecutorCall, ExecutorEvent } from '../../src/protocol/v1/executor.ts';
import type { OperatorEvent } from '../../src/protocol/v1/master.ts';
import type {
  InverseOffer,
  Offer,
  OfferOperation,
  OperationStatus,
  Resource,
  TaskStatus,
  Unavailability,
} from '../../src/protocol/v1/mesos.ts';
import type { SchedulerEvent } from '../../src/protocol/v1/scheduler.ts';
import { Resources } from '../../src/resources/resources.ts';
import type { Names } from './names.ts';

/** Some make more than one line. */
export function eventLines(event: SchedulerEvent, names: Names): string[] {
  switch (event.type) {
    case 'SUBSCRIBED': {
      const { framework_id, heartbeat_interval_seconds, master_info } = event.subscribed!;
      return [
        `SUBSCRIBED with the id ${framework_id.value} by ${master_info?.hostname}, heartbeat every ${heartbeat_interval_seconds} s`,
      ];
    }
    case 'OFFERS':
      return (event.offers?.offers ?? []).map((offer) => `OFFERS ${offerLine(offer, names)}`);
    case 'INVERSE_OFFERS':
      return (event.inverse_offers?.inverse_offers ?? []).map(
        (offer) => `INVERSE_OFFERS ${inverseOfferLine(offer, names)}`,
      );
    case 'RESCIND':
      return [`RESCIND ${event.rescind!.offer_id.value}`];
    case 'RESCIND_INVERSE_OFFER':
      return [`RESCIND_INVERSE_OFFER ${event.rescind_inverse_offer!.inverse_offer_id.value}`];
    case 'UPDATE':
      return [`UPDATE ${statusLine(event.update!.status, names)}`];
    case 'UPDATE_OPERATION_STATUS':
      return [`UPDATE_OPERATION_STATUS ${operationStatusLine(event.update_operation_status!.status, names)}`];
    case 'MESSAGE': {
      const { agent_id, executor_id, data } = event.message!;
      return [`MESSAGE of executor ${executor_id.value} on ${names.agent(agent_id.value)}: ${textOf(data)}`];
    }
    case 'FAILURE': {
      const { agent_id, executor_id, status } = event.failure!;
      const executor = executor_id && ` executor ${executor_id.value}, wait status ${status}`;
      return [`FAILURE ${names.agent(agent_id?.value)}${executor ?? ''}`];
    }
    case 'ERROR':
      return [`ERROR ${JSON.stringify(event.error!.message)}`];
    default:
      return [String(event.type)];
  }
}

export function offerLine(offer: Offer, names: Names): string {
  const { id, agent_id, resources, allocation_info, attributes, executor_ids, unavailability, domain } =
    offer;
  const role = allocation_info === undefined ? '' : ` for ${allocation_info.role}`;
  const texts = attributes?.map(({ name, text, scalar }) => `${name}:${text?.value ?? scalar?.value}`) ?? [];
  const executors = executor_ids?.map(({ value }) => value) ?? [];
  const { region, zone } = domain?.fault_domain ?? {};
  return [
    `${id.value} of ${names.agent(agent_id.value)}${role}: ${resourceText(resources)}`,
    texts.length > 0 ? `attributes ${texts.join(';')}` : null,
    domain === undefined ? null : `domain ${region?.name}/${zone?.name}`,
    executors.length > 0 ? `executors ${executors.join(',')}` : null,
    unavailability === undefined ? null : unavailabilityText(unavailability),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function inverseOfferLine(
  { id, agent_id, unavailability, resources = [] }: InverseOffer,
  names: Names,
): string {
  const all = resources.length > 0 ? ` ${resourceText(resources)}` : '';
  return `${id.value} of ${names.agent(agent_id?.value)}${all}, ${unavailabilityText(unavailability)}`;
}

/** Times are virtual, from the start of the world. */
export function unavailabilityText({ start, duration }: Unavailability): string {
  const seconds = start.nanoseconds / 1e9;
  const length = duration === undefined ? 'for good' : `for ${duration.nanoseconds / 1e9} s`;
  return `unavailable from ${seconds.toFixed(1)} s ${length}`;
}

export function statusLine(status: TaskStatus, names: Names): string {
  const { task_id, state, source, reason, message, agent_id, uuid, healthy, unreachable_time } = status;
  return [
    `${task_id.value} ${state} by ${source?.replace('SOURCE_', '').toLowerCase() ?? 'nobody'}`,
    agent_id === undefined ? null : `on ${names.agent(agent_id.value)}`,
    reason ?? null,
    uuid === undefined ? null : `uuid ${names.uuid(uuid)}`,
    healthy === undefined ? null : `healthy ${healthy}`,
    unreachable_time === undefined
      ? null
      : `unreachable since ${(unreachable_time.nanoseconds / 1e9).toFixed(1)} s`,
    message ? JSON.stringify(message) : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

export function operationStatusLine(status: OperationStatus, names: Names): string {
  const { operation_id, state, message, converted_resources = [], uuid, agent_id } = status;
  return [
    `${operation_id?.value ?? '(no id)'} ${state}`,
    agent_id === undefined ? null : `on ${names.agent(agent_id.value)}`,
    converted_resources.length > 0 ? `makes ${resourceText(converted_resources)}` : null,
    uuid === undefined ? null : `uuid ${names.uuid(uuid.value)}`,
    message ? JSON.stringify(message) : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

export function toAgentLine(message: MasterMessage, names: Names): string {
  const { type } = message;
  switch (type) {
    case 'REGISTERED':
      return `REGISTERED with the id ${message.agentId.value}`;
    case 'REREGISTERED': {
      const missing = message.missingTasks.map(({ taskId }) => taskId.value);
      const question = missing.length > 0 ? `, where are ${missing.join(', ')}?` : '';
      return `REREGISTERED with the id ${message.agentId.value}${question}`;
    }
    case 'PING':
      return `PING${message.isConnected ? '' : ', you are not connected'}`;
    case 'SHUTDOWN':
      return `SHUTDOWN ${JSON.stringify(message.reason)}`;
    case 'RUN_TASK': {
      const { task, framework, launchesExecutor } = message;
      const executor = task.executor && ` on executor ${task.executor.executor_id.value}`;
      const hint = launchesExecutor ? '' : ', which runs already';
      return `RUN_TASK ${task.task_id.value} of ${names.framework(framework.id?.value)}${executor ?? ''}${hint}`;
    }
    case 'RUN_TASK_GROUP': {
      const tasks = message.taskGroup.tasks?.map(({ task_id }) => task_id.value) ?? [];
      return `RUN_TASK_GROUP ${tasks.join(', ')} on executor ${message.executor.executor_id.value}`;
    }
    case 'KILL_TASK': {
      const grace = message.killPolicy?.grace_period;
      return `KILL_TASK ${message.taskId.value}${grace ? ` within ${grace.nanoseconds / 1e9} s` : ''}`;
    }
    case 'ACKNOWLEDGE':
      return `ACKNOWLEDGE ${message.taskId.value}, uuid ${names.uuid(message.uuid)}`;
    case 'SHUTDOWN_FRAMEWORK':
      return `SHUTDOWN_FRAMEWORK ${names.framework(message.frameworkId.value)}`;
    case 'SHUTDOWN_EXECUTOR':
      return `SHUTDOWN_EXECUTOR ${message.executorId.value} of ${names.framework(message.frameworkId.value)}`;
    case 'UPDATE_FRAMEWORK':
      return `UPDATE_FRAMEWORK ${names.framework(message.framework.id?.value)}`;
    case 'FRAMEWORK_TO_EXECUTOR':
      return `FRAMEWORK_TO_EXECUTOR ${message.executorId.value}: ${textOf(message.data)}`;
    case 'APPLY_OPERATION':
      return `APPLY_OPERATION ${operationText(message.info)}`;
    case 'ACKNOWLEDGE_OPERATION':
      return `ACKNOWLEDGE_OPERATION uuid ${names.uuid(message.statusUuid)}`;
    case 'DRAIN': {
      const { max_grace_period, mark_gone } = message.config;
      const grace = max_grace_period ? ` within ${max_grace_period.nanoseconds / 1e9} s` : '';
      return `DRAIN${grace}${mark_gone ? ', then gone' : ''}`;
    }
  }
}

export function toMasterLine(message: AgentMessage, names: Names): string {
  switch (message.type) {
    case 'REGISTER':
      return `REGISTER with ${resourceText(message.info.resources)}`;
    case 'REREGISTER': {
      const tasks = message.tasks.map(({ task_id, state }) => `${task_id.value} ${state}`);
      const executors = message.executors.map(({ executor_id }) => executor_id.value);
      return [
        `REREGISTER ${message.info.id!.value}`,
        tasks.length > 0 ? `tasks ${tasks.join(', ')}` : null,
        executors.length > 0 ? `executors ${executors.join(', ')}` : null,
        message.operations.length > 0 ? `${message.operations.length} operations` : null,
        message.checkpointedResources.length > 0 ? resourceText(message.checkpointedResources) : null,
      ]
        .filter((part) => part !== null)
        .join('; ');
    }
    case 'STATUS_UPDATE': {
      const { status, latestState } = message;
      const latest = latestState === status.state ? '' : `; latest is ${latestState}`;
      return `STATUS_UPDATE ${statusLine(status, names)}${latest}`;
    }
    case 'EXITED_EXECUTOR':
      return `EXITED_EXECUTOR ${message.executorId.value}, wait status ${message.status}`;
    case 'EXECUTOR_TO_FRAMEWORK':
      return `EXECUTOR_TO_FRAMEWORK ${message.executorId.value}: ${textOf(message.data)}`;
    case 'OPERATION_STATUS':
      return `OPERATION_STATUS ${operationStatusLine(message.status, names)}`;
    default:
      return message.type;
  }
}

export function executorCallLine({ type, update, subscribe, message }: ExecutorCall, names: Names): string {
  if (update !== undefined) return `UPDATE ${statusLine(update.status, names)}`;
  if (message !== undefined) return `MESSAGE ${textOf(message.data)}`;
  if (subscribe === undefined) return String(type);
  const tasks = subscribe.unacknowledged_tasks?.map(({ task_id }) => task_id.value) ?? [];
  const updates = subscribe.unacknowledged_updates?.map(({ status }) => statusLine(status, names)) ?? [];
  return [
    'SUBSCRIBE',
    tasks.length > 0 ? `unacknowledged tasks ${tasks.join(', ')}` : null,
    updates.length > 0 ? `unacknowledged updates ${updates.join(', ')}` : null,
  ]
    .filter((part) => part !== null)
    .join('; ');
}

export function executorEventLine(event: ExecutorEvent, names: Names): string {
  const { type, launch, launch_group, kill, acknowledged, message, error } = event;
  if (launch !== undefined) return `LAUNCH ${launch.task.task_id.value}`;
  if (launch_group !== undefined)
    return `LAUNCH_GROUP ${launch_group.task_group.tasks?.map(({ task_id }) => task_id.value).join(', ')}`;
  if (kill !== undefined) {
    const grace = kill.kill_policy?.grace_period;
    return `KILL ${kill.task_id.value}${grace ? ` within ${grace.nanoseconds / 1e9} s` : ''}`;
  }
  if (acknowledged !== undefined)
    return `ACKNOWLEDGED ${acknowledged.task_id.value}, uuid ${names.uuid(acknowledged.uuid)}`;
  if (message !== undefined) return `MESSAGE ${textOf(message.data)}`;
  return error === undefined ? String(type) : `ERROR ${JSON.stringify(error.message)}`;
}

export function operatorEventLine(event: OperatorEvent, names: Names): string {
  const { type, task_added, task_updated, agent_added, agent_removed } = event;
  if (task_added) return `${type} ${task_added.task.task_id.value} ${task_added.task.state}`;
  if (task_updated)
    return `${type} ${statusLine(task_updated.status, names)}; latest is ${task_updated.state}`;
  if (agent_added) return `${type} ${agent_added.agent.agent_info.hostname}`;
  if (agent_removed) return `${type} ${names.agent(agent_removed.agent_id.value)}`;
  const framework = event.framework_added?.framework ?? event.framework_updated?.framework;
  if (framework) return `${type} ${framework.framework_info.name}`;
  if (event.framework_removed) return `${type} ${event.framework_removed.framework_info.name}`;
  const state = event.subscribed?.get_state;
  if (state === undefined) return String(type);
  const agents = state.get_agents?.agents?.length ?? 0;
  const frameworks = state.get_frameworks?.frameworks?.length ?? 0;
  const tasks = state.get_tasks?.tasks?.length ?? 0;
  return `${type}, agents ${agents}, frameworks ${frameworks}, tasks ${tasks}`;
}

function operationText({ type, id, reserve, unreserve, create, destroy, ...rest }: OfferOperation): string {
  const resources = reserve?.resources ?? unreserve?.resources ?? create?.volumes ?? destroy?.volumes;
  const volume = rest.grow_volume?.volume ?? rest.shrink_volume?.volume;
  const what = resources ?? (volume === undefined ? undefined : [volume]);
  return `${type}${id ? ` ${id.value}` : ''} ${resourceText(what)}`;
}

export function resourceText(resources: readonly Resource[] | undefined): string {
  const text = Resources.of(resources).toString();
  return text === '' ? 'no resources' : text;
}

function textOf(data: string): string {
  return JSON.stringify(Buffer.from(data, 'base64').toString());
}
