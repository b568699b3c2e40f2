/** A master's endpoints from before v1 that change something (reference §9): each is an operator call in other words. `/kill-task` is ours. */

import type { MasterInput } from '../../../master/io.ts';
import type { Schedule } from '../../../protocol/v1/maintenance.ts';
import type { OperatorCall } from '../../../protocol/v1/master.ts';
import type { MachineID, Resource } from '../../../protocol/v1/mesos.ts';
import type { QuotaRequest } from '../../../protocol/v1/quota.ts';
import { decode } from '../../wire/codec.ts';
import { WireError } from '../../wire/wire-error.ts';
import { quotaRemoval, quotaUpdate } from '../quota-calls.ts';

export type OperatorInput = MasterInput & { readonly kind: 'operator-call' | 'kill-task' };

/** @returns `null`: there is no such endpoint; @throws WireError where the body is wrong */
export function inputOf(
  method: string,
  path: string,
  body: string,
  principal: string | null,
): ((exchange: string) => OperatorInput) | null {
  if (`${method} ${path}` === 'POST /kill-task') {
    const form = new URLSearchParams(body);
    const [frameworkId, taskId] = ['frameworkId', 'taskId'].map((name) => need(form, name));
    return (exchange) => ({ kind: 'kill-task', exchange, frameworkId, taskId, principal });
  }
  const call = callOf(method, path, body);
  return call && ((exchange) => ({ kind: 'operator-call', exchange, call, principal }));
}

function callOf(method: string, path: string, body: string): OperatorCall | null {
  const call = unchecked(method, path, body);
  if (call === null) return null;
  // The same door as for v1 calls.
  return decode('mesos.v1.master.Call', 'json', Buffer.from(JSON.stringify(call)));
}

function unchecked(method: string, path: string, body: string): OperatorCall | null {
  const form = () => new URLSearchParams(body);
  const agent_id = () => ({ value: need(form(), 'slaveId') });
  switch (`${method} ${path}`) {
    case 'POST /teardown':
      return { type: 'TEARDOWN', teardown: { framework_id: { value: need(form(), 'frameworkId') } } };
    case 'POST /reserve':
      return {
        type: 'RESERVE_RESOURCES',
        reserve_resources: { agent_id: agent_id(), resources: listed(form(), 'resources') },
      };
    case 'POST /unreserve':
      return {
        type: 'UNRESERVE_RESOURCES',
        unreserve_resources: { agent_id: agent_id(), resources: listed(form(), 'resources') },
      };
    case 'POST /create-volumes':
      return {
        type: 'CREATE_VOLUMES',
        create_volumes: { agent_id: agent_id(), volumes: listed(form(), 'volumes') },
      };
    case 'POST /destroy-volumes':
      return {
        type: 'DESTROY_VOLUMES',
        destroy_volumes: { agent_id: agent_id(), volumes: listed(form(), 'volumes') },
      };
    case 'PUT /weights':
      return { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: parsed(body) as [] } };
    case 'POST /maintenance/schedule':
      return {
        type: 'UPDATE_MAINTENANCE_SCHEDULE',
        update_maintenance_schedule: { schedule: parsed(body) as Schedule },
      };
    case 'POST /machine/down':
      return { type: 'START_MAINTENANCE', start_maintenance: { machines: parsed(body) as MachineID[] } };
    case 'POST /machine/up':
      return { type: 'STOP_MAINTENANCE', stop_maintenance: { machines: parsed(body) as MachineID[] } };
    case 'POST /quota':
      return quotaUpdate(parsed(body) as QuotaRequest);
    default: {
      const role = method === 'DELETE' ? /^\/quota\/(.+)$/.exec(path)?.[1] : undefined;
      if (role === undefined) return null;
      return quotaRemoval(role);
    }
  }
}

function need(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null) throw new WireError(`Missing '${name}' query parameter in the request body`);
  return value;
}

function listed(form: URLSearchParams, name: string): Resource[] {
  return parsed(need(form, name)) as Resource[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WireError(`the body is not JSON: ${(error as Error).message}`);
  }
}
