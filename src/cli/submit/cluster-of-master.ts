/** The agents of a real cluster as its master tells of them. */
import { request } from 'undici';
import { buildCluster, type Cluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import type { OperatorCall, OperatorResponse } from '../../protocol/v1/master.ts';
import type { Attribute, Resource } from '../../protocol/v1/mesos.ts';
import type { MasterAddresses } from '../../real/scheduler-client/master-connection.ts';

/** One that is asked of the leading master. @throws InputError where no master answers */
export async function askMaster(addresses: MasterAddresses, call: OperatorCall): Promise<OperatorResponse> {
  const { masters, authorization, dispatcher } = addresses;
  let problem = 'no master leads';
  for (const origin of await masters.candidates()) {
    try {
      const answer = await post(origin, call, authorization, dispatcher);
      if (answer.status === 200) return JSON.parse(answer.text) as OperatorResponse;
      problem = `${origin} answered ${answer.status}${answer.text && `: ${answer.text}`}`;
    } catch (error) {
      problem = `${origin}: ${(error as Error).message}`;
    }
  }
  throw new InputError(
    'OPTION_VALUE',
    `--master: ${problem}; is a master running there? (mesolab lab starts one)`,
  );
}

async function post(
  origin: string,
  call: OperatorCall,
  authorization: string | null,
  dispatcher: MasterAddresses['dispatcher'],
): Promise<{ readonly status: number; readonly text: string }> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(authorization !== null && { authorization }),
  };
  const {
    statusCode,
    headers: answered,
    body,
  } = await request(`${origin}/api/v1`, {
    method: 'POST',
    headers,
    body: JSON.stringify(call),
    ...(dispatcher !== null && { dispatcher }),
  });
  const text = await body.text();
  const { location } = answered;
  if (statusCode === 307 && typeof location === 'string')
    return post(new URL(location, origin).origin, call, authorization, dispatcher);
  return { status: statusCode, text };
}

/** Agents that are active, by their ids, with what they offer of scalars and their attributes; `hostname` is one. */
export async function clusterOfMaster(addresses: MasterAddresses): Promise<Cluster> {
  const { get_agents } = await askMaster(addresses, { type: 'GET_AGENTS' });
  const active = (get_agents?.agents ?? []).filter(({ active }) => active);
  if (active.length === 0)
    throw new InputError('CLUSTER_INVALID', 'the master has no active agents; start some');
  return buildCluster(
    active.map(({ agent_info, total_resources = [] }) => ({
      id: agent_info.id!.value,
      resources: scalarsOf(total_resources),
      attributes: {
        ...Object.fromEntries((agent_info.attributes ?? []).map(pairOf)),
        hostname: agent_info.hostname,
      },
    })),
  );
}

function scalarsOf(resources: readonly Resource[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { name, scalar } of resources) if (scalar) sums[name] = (sums[name] ?? 0) + scalar.value;
  return sums;
}

function pairOf({ name, text, scalar }: Attribute): [string, string] {
  return [name, text?.value ?? String(scalar?.value ?? '')];
}
