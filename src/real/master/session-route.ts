/** Signing in to the console, and out: `GET`, `POST` and `DELETE` of `/console/session`. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConsoleSessions } from './console-sessions.ts';

/** A request that another origin's page makes has been refused before. */
export async function handleSession(
  { method, headers, body, ip }: FastifyRequest,
  reply: FastifyReply,
  sessions: ConsoleSessions,
): Promise<unknown> {
  if (sessions.mode === 'off') return reply.code(404).send();
  reply.header('cache-control', 'no-store');
  if (method === 'GET') return reply.send(await sessions.describe(headers));
  if (method === 'DELETE') return reply.code(204).header('set-cookie', sessions.signOut(headers)).send();
  if (method !== 'POST') return reply.code(405).header('allow', 'GET, POST, DELETE').send();
  const given = credentialsIn(body);
  if (given === null) return reply.code(400).send('Expecting {"principal": "…", "secret": "…"}\n');
  const outcome = await sessions.signIn(ip, given.principal, given.secret);
  if ('cookie' in outcome) return reply.code(204).header('set-cookie', outcome.cookie).send();
  return outcome.problem === 'wrong'
    ? reply.code(401).send('There is no such principal with this secret\n')
    : reply
        .code(429)
        .header('retry-after', '30')
        .send('Too many wrong secrets: try again in half a minute\n');
}

function credentialsIn(body: unknown): { principal: string; secret: string } | null {
  try {
    const { principal, secret } = JSON.parse(String(body));
    return typeof principal === 'string' && typeof secret === 'string' ? { principal, secret } : null;
  } catch {
    return null;
  }
}
