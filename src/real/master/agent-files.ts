/**
 * Files of agents, for pages that a browser may not leave the master for: `/agent-files/browse`, `/read` and `/download` with
 * `agent=ID` ask the agent's `/files/…` with the rest of the query. The agent checks the path.
 */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { fetch } from 'undici';
import type { Master } from '../../master/master.ts';
import { type Reading, textReading } from '../http/reading.ts';

const PREFIX = '/agent-files/';
const QUESTIONS: ReadonlySet<string> = new Set(['browse', 'read', 'download']);
const PATIENCE_MS = 10_000;

/** `null`: the path is none of these. */
export async function readAgentFiles(
  { state }: Master,
  path: string,
  query: URLSearchParams,
): Promise<Reading | null> {
  const question = path.slice(PREFIX.length);
  if (!path.startsWith(PREFIX) || !QUESTIONS.has(question)) return null;
  const id = query.get('agent');
  if (id === null) return textReading(400, 'Expecting agent=ID and path=PATH\n');
  const agent = state.agents.get(id);
  if (agent === undefined) return textReading(404, 'No agent has this id\n');
  const { scheme, address } = agent.url;
  const place = `${address.ip ?? address.hostname}:${address.port}`;
  const rest = new URLSearchParams([...query].filter(([name]) => name !== 'agent' && name !== 'jsonp'));
  const url = `${scheme}://${place}/files/${question}?${rest}`;
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 401)
      return textReading(502, 'The agent wants credentials of its own, which the master does not have\n');
    const disposition = answer.headers.get('content-disposition');
    return {
      status: answer.status,
      contentType: answer.headers.get('content-type') ?? 'text/plain',
      // Whatever a task writes is no page of the master's.
      headers: {
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        ...(disposition !== null && { 'content-disposition': disposition }),
      },
      body: answer.body === null ? '' : Readable.fromWeb(answer.body as ReadableStream),
    };
  } catch (error) {
    const { cause, message } = error as Error & { readonly cause?: Error };
    return textReading(502, `The agent at ${place} cannot be asked: ${cause?.message ?? message}\n`);
  }
}
