/** The master's HTTP server: who may ask, who leads, and then the route by its path (reference §1.5). */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { InputError } from '../../cluster/errors.ts';
import type { MasterInfo } from '../../protocol/v1/mesos.ts';
import type { Authentication } from '../http/authentication.ts';
import { HttpExchange } from '../http/http-exchange.ts';
import type { Reading } from '../http/reading.ts';
import { locationOf, serveAgentLinks } from './agent-links.ts';
import {
  type ConsoleSessions,
  isOfAnotherOrigin,
  READ_ONLY,
  TOKEN_HEADER,
  type Visitor,
} from './console-sessions.ts';
import type { MasterDriver } from './master-driver.ts';
import { handleSession } from './session-route.ts';

export interface Tls {
  readonly certificate: string;
  readonly key: string;
}

/** Of the realms that requests are authenticated for. */
export interface Authentications {
  readonly schedulers: Authentication;
  readonly operators: Authentication;
  readonly agents: Authentication;
}

export interface MasterRoutes {
  readonly own: MasterInfo;
  /** `undefined`: this master leads. `null`: nobody is known to. */
  leader(): MasterInfo | null | undefined;
  scheduler(exchange: HttpExchange, principal: string | null): void;
  operator(exchange: HttpExchange, visitor: Visitor): Promise<void>;
  /** GET of anything else. `null`: there is no such thing. */
  read(path: string, query: URLSearchParams): Promise<Reading | null>;
  /** POST, PUT or DELETE of anything else. `null`: there is no such thing. */
  write(method: string, path: string, body: string, principal: string | null): Promise<Reading | null>;
  /** Whether the path is about this process, whoever leads. */
  isOfTheProcess(path: string): boolean;
}

const MAX_BODY_BYTES = 16 * 2 ** 20;
const PREFIX = '/master';
const API = '/api/v1';
const SCHEDULER_API = '/api/v1/scheduler';
const CONSOLE = '/console';
const SESSION = '/console/session';

export class MasterServer {
  private readonly app: FastifyInstance;
  private links: { close(): void } | null = null;
  private routes: ((request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) | null = null;

  private constructor(app: FastifyInstance) {
    this.app = app;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.all(
      '/*',
      (request, reply) => this.routes?.(request, reply) ?? reply.code(503).send('The master is starting\n'),
    );
  }

  /** Answers 503 until it serves routes. @throws InputError where the address cannot be had */
  static async listen(ip: string, port: number, tls: Tls | null): Promise<MasterServer> {
    const options = { bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true };
    const app =
      tls === null
        ? fastify(options)
        : (fastify({
            ...options,
            https: { cert: tls.certificate, key: tls.key },
          }) as unknown as FastifyInstance);
    const server = new MasterServer(app);
    try {
      await app.listen({ host: ip, port });
      return server;
    } catch (error) {
      await app.close();
      const { code, message } = error as NodeJS.ErrnoException;
      throw new InputError('OPTION_VALUE', `cannot listen at --ip ${ip} --port ${port}: ${code ?? message}`);
    }
  }

  get port(): number {
    return (this.app.server.address() as AddressInfo).port;
  }

  serve(
    routes: MasterRoutes,
    { schedulers, agents }: Authentications,
    sessions: ConsoleSessions,
    driver: MasterDriver,
    log: (line: string) => void,
  ): void {
    this.routes = (request, reply) => handle(request, reply, routes, schedulers, sessions);
    this.links = serveAgentLinks(
      this.app.server,
      driver,
      {
        leader: () => routes.leader(),
        authenticate: ({ headers }: IncomingMessage) => agents.authenticate(headers.authorization),
      },
      log,
    );
  }

  async close(): Promise<void> {
    this.links?.close();
    await this.app.close();
  }
}

async function handle(
  request: FastifyRequest,
  reply: FastifyReply,
  routes: MasterRoutes,
  schedulers: Authentication,
  sessions: ConsoleSessions,
): Promise<unknown> {
  const [rawPath, query = ''] = request.raw.url!.split('?', 2);
  const path = pathOf(rawPath);
  if (path === null) return reply.code(400).send('The path is garbled\n');
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (!isReading && isOfAnotherOrigin(request.headers))
    return reply.code(403).send('Pages of other origins may not act here\n');
  const isScheduler = isUnder(path, SCHEDULER_API);
  const isApi = isUnder(path, API);
  // The console's page and what it is made of hold nothing of the cluster.
  const isConsole = path === '/' || isUnder(path, CONSOLE);
  const isOpen = path === '/health' || path === '/redirect' || path === '/version' || isConsole;
  const who = isOpen
    ? { principal: null, isReadOnly: false }
    : await (isScheduler ? withoutSession(schedulers, request) : sessions.authenticate(request.headers));
  if (who === null) return unauthorized(request, reply, isScheduler);
  const leader = routes.leader();
  if (path === '/redirect') return redirect(reply, leader, '', routes);
  if (leader !== undefined && !routes.isOfTheProcess(path))
    return redirect(reply, leader, request.raw.url!, routes);
  if (isApi) {
    if (request.method !== 'POST')
      return reply.code(405).header('allow', 'POST').send(`Expecting 'POST', received '${request.method}'\n`);
    reply.hijack();
    const exchange = new HttpExchange(request, reply.raw, who.principal, null);
    if (isScheduler) routes.scheduler(exchange, who.principal);
    else await routes.operator(exchange, who);
    return reply;
  }
  if (path === SESSION) return handleSession(request, reply, sessions);
  if (!isReading && who.isReadOnly) return reply.code(403).send(`${READ_ONLY}\n`);
  const reading = isReading
    ? await routes.read(path, new URLSearchParams(query))
    : await routes.write(request.method, path, String(request.body ?? ''), who.principal);
  if (reading === null) return reply.code(404).send();
  return reply
    .code(reading.status)
    .headers({ 'content-type': reading.contentType, ...reading.headers })
    .send(reading.body);
}

async function withoutSession(
  schedulers: Authentication,
  { headers }: FastifyRequest,
): Promise<Visitor | null> {
  const who = await schedulers.authenticate(headers.authorization);
  return who && { ...who, isReadOnly: false };
}

/** A browser that is asked for Basic asks its user by itself, which the console's page does better. */
function unauthorized(request: FastifyRequest, reply: FastifyReply, isScheduler: boolean): FastifyReply {
  if (request.headers[TOKEN_HEADER] !== undefined) return reply.code(401).send();
  const realm = isScheduler ? 'mesos-master-scheduler' : 'mesos-master-readwrite';
  return reply.code(401).header('www-authenticate', `Basic realm="${realm}"`).send();
}

/** @param target path and query; empty: where the leader is */
function redirect(
  reply: FastifyReply,
  leader: MasterInfo | null | undefined,
  target: string,
  routes: MasterRoutes,
): FastifyReply {
  const to = leader === undefined ? routes.own : leader;
  if (to === null) return reply.code(503).send('No leader elected\n');
  return reply.code(307).header('location', locationOf(to, target)).send();
}

/** Without the process's name and a slash at the end. `null`: it cannot be read. */
function pathOf(raw: string): string | null {
  try {
    // A client may send the whole address (absolute form).
    const path = decodeURIComponent(raw.startsWith('/') ? raw : new URL(raw).pathname);
    const own = isUnder(path, PREFIX) ? path.slice(PREFIX.length) : path;
    return own.replace(/\/+$/, '') || '/';
  } catch {
    return null;
  }
}

const isUnder = (path: string, route: string): boolean => path === route || path.startsWith(`${route}/`);
