/** Calls of the agent's operator API (reference §8.2) that start, await and end nested and standalone containers. */
import type { ContainerEnd } from '../../agent/io.ts';
import { idProblem } from '../../protocol/ids.ts';
import type { AgentCall, AgentResponse, AgentResponseWaitContainer } from '../../protocol/v1/agent.ts';
import type { ContainerID } from '../../protocol/v1/mesos.ts';
import type { ContainerRuntime, NestedLaunch } from '../containers/container-runtime.ts';
import type { OperatorAnswer } from './operator-route.ts';

const SIGKILL = 9;
const OK: OperatorAnswer = { status: 200 };
const NOT_FOUND: OperatorAnswer = { status: 404, problem: 'Container cannot be found' };

/** `null`: the call is none of these. */
export async function containerCall(
  runtime: ContainerRuntime,
  call: AgentCall,
): Promise<OperatorAnswer | null> {
  switch (call.type) {
    case 'LAUNCH_CONTAINER': {
      const { container_id, command, container, resources, limits } = call.launch_container!;
      return launch(runtime, container_id, { command, container, resources, limits });
    }
    case 'LAUNCH_NESTED_CONTAINER': {
      const { container_id, command, container } = call.launch_nested_container!;
      return launch(runtime, container_id, { command, container });
    }
    case 'WAIT_CONTAINER': {
      const waited = await wait(runtime, call.wait_container!.container_id);
      return answered(waited, (wait_container) => ({ type: 'WAIT_CONTAINER', wait_container }));
    }
    case 'WAIT_NESTED_CONTAINER': {
      const waited = await wait(runtime, call.wait_nested_container!.container_id);
      return answered(waited, (wait_nested_container) => ({
        type: 'WAIT_NESTED_CONTAINER',
        wait_nested_container,
      }));
    }
    case 'KILL_CONTAINER':
      return kill(runtime, call.kill_container!);
    case 'KILL_NESTED_CONTAINER':
      return kill(runtime, call.kill_nested_container!);
    case 'REMOVE_CONTAINER':
      return remove(runtime, call.remove_container!.container_id);
    case 'REMOVE_NESTED_CONTAINER':
      return remove(runtime, call.remove_nested_container!.container_id);
    default:
      return null;
  }
}

async function launch(
  runtime: ContainerRuntime,
  id: ContainerID,
  what: NestedLaunch,
): Promise<OperatorAnswer> {
  const problem = containerIdProblem(id);
  if (problem !== null) return { status: 400, problem };
  try {
    const isNew = (await runtime.launchNested(id, what)) === 'launched';
    return { status: isNew ? 200 : 202 };
  } catch (error) {
    return { status: 400, problem: (error as Error).message };
  }
}

async function wait(runtime: ContainerRuntime, id: ContainerID): Promise<AgentResponseWaitContainer | null> {
  const end = await runtime.waitNested(id);
  return end === null ? null : waitMessage(end);
}

function answered(
  waited: AgentResponseWaitContainer | null,
  response: (waited: AgentResponseWaitContainer) => AgentResponse,
): OperatorAnswer {
  return waited === null ? NOT_FOUND : { status: 200, response: response(waited) };
}

function kill(
  runtime: ContainerRuntime,
  {
    container_id,
    signal = SIGKILL,
  }: { readonly container_id: ContainerID; readonly signal?: number | undefined },
): OperatorAnswer {
  return runtime.killNested(container_id, signal) ? OK : NOT_FOUND;
}

async function remove(runtime: ContainerRuntime, id: ContainerID): Promise<OperatorAnswer> {
  try {
    await runtime.removeNested(id);
    return OK;
  } catch (error) {
    return { status: 400, problem: (error as Error).message };
  }
}

export function containerIdProblem({ value, parent }: ContainerID): string | null {
  const problem = idProblem(value);
  if (problem !== null) return `container_id: ${problem}`;
  return parent === undefined ? null : containerIdProblem(parent);
}

function waitMessage({ status, reason, message, limitation }: ContainerEnd): AgentResponseWaitContainer {
  return {
    ...(status !== null && { exit_status: status }),
    ...(reason !== null && { reason }),
    ...(message !== null && { message }),
    ...(limitation !== null && { limitation: { resources: limitation } }),
  };
}
