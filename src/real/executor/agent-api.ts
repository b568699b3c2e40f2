/** Calls of the agent's operator API (reference §8) that the default executor makes, in JSON. */
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AgentAddress } from './agent-connection.ts';

export interface AgentAnswer {
  readonly status: number;
  readonly body: string;
}

/** @throws Error where no answer came: the agent may be away */
export function callAgent(
  { origin, authorization }: AgentAddress,
  call: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<AgentAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<AgentAnswer>();
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(authorization !== null && { authorization }),
  };
  const send = origin.startsWith('https:') ? secureRequest : request;
  const options = {
    method: 'POST',
    headers,
    agent: false,
    rejectUnauthorized: false,
    ...(signal && { signal }),
  };
  const sent = send(`${origin}/api/v1`, options, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => void chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () =>
      resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }),
    );
  });
  sent.on('error', reject);
  sent.end(JSON.stringify(call));
  return promise;
}
