/** The agent's HTTP server: finds the route of a request by its path, and hands the request over as an exchange. */
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { InputError } from '../../cluster/errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { HttpExchange } from '../http/http-exchange.ts';
import type { Reading } from '../http/reading.ts';
import type { AgentSettings } from './agent-settings.ts';
import type { ExecutorTokens } from './executor-token.ts';

export interface AgentRoutes {
  /** That executors have to show; `null`: none. */
  readonly tokens: ExecutorTokens | null;
  executor(exchange: Exchange): void;
  operator(exchange: Exchange): Promise<void>;
  /** GET of anything else. `null`: there is no such thing. */
  read(path: string, query: URLSearchParams): Promise<Reading | null>;
}

const MAX_BODY_BYTES = 16 * 2 ** 20;
/** Agents of Mesos are processes by this name, and answer under it, too. */
const PREFIX = '/slave(1)';
const API = '/api/v1';
const EXECUTOR_API = '/api/v1/executor';

/** Whoever asks. */
const PUBLIC = new Set(['/health', '/version']);
const NOBODY = { principal: null };

type ListenSettings = Pick<AgentSettings, 'ip' | 'port' | 'tls' | 'authentication'>;
type Realm = keyof AgentSettings['authentication'];

export class AgentServer {
  private readonly app: FastifyInstance;
  private readonly authentication: AgentSettings['authentication'];
  private routes: AgentRoutes | null = null;

  private constructor(app: FastifyInstance, authentication: AgentSettings['authentication']) {
    this.app = app;
    this.authentication = authentication;
    // Bodies are read by the routes, which know what they have to be.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.addContentTypeParser('application/recordio', (_request, payload, done) => done(null, payload));
    app.all('/*', (request, reply) => this.handle(request, reply));
  }

  /** Answers 503 until it is given routes. @throws InputError where the address cannot be had */
  static async listen({ ip, port, tls, authentication }: ListenSettings): Promise<AgentServer> {
    const options = { bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true };
    const app =
      tls === null
        ? fastify(options)
        : (fastify({
            ...options,
            https: { cert: tls.certificate, key: tls.key },
          }) as unknown as FastifyInstance);
    const server = new AgentServer(app, authentication);
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

  serve(routes: AgentRoutes): void {
    this.routes = routes;
  }

  close(): Promise<void> {
    return this.app.close();
  }

  private authenticate({ headers }: FastifyRequest, realm: Realm) {
    return this.authentication[realm].authenticate(headers.authorization);
  }

  private async handle(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { routes } = this;
    const [rawPath, query = ''] = request.raw.url!.split('?', 2);
    const path = pathOf(rawPath);
    if (path === null) return reply.code(400).send('The path is garbled\n');
    if (routes === null) return reply.code(503).send('Agent has not finished recovery\n');
    if (isUnder(path, API)) {
      if (request.method !== 'POST')
        return reply
          .code(405)
          .header('allow', 'POST')
          .send(`Expecting 'POST', received '${request.method}'\n`);
      const claims = (await routes.tokens?.verify(request.headers.authorization)) ?? null;
      const isExecutor = isUnder(path, EXECUTOR_API);
      // Executors show their token, or, where there are none, are not asked.
      const isKnown = isExecutor || claims !== null;
      const who = isKnown ? NOBODY : await this.authenticate(request, 'readwrite');
      if (who === null) return refuseStranger(reply, 'readwrite');
      reply.hijack();
      const exchange = new HttpExchange(request, reply.raw, who.principal, claims);
      if (isExecutor) routes.executor(exchange);
      else await routes.operator(exchange);
      return reply;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return reply.code(405).header('allow', 'GET').send(`Expecting 'GET', received '${request.method}'\n`);
    if (!PUBLIC.has(path) && (await this.authenticate(request, 'readonly')) === null)
      return refuseStranger(reply, 'readonly');
    const reading = await routes.read(path, new URLSearchParams(query));
    if (reading === null) return reply.code(404).send();
    const { body } = reading;
    return reply
      .code(reading.status)
      .headers({ 'content-type': reading.contentType, ...reading.headers })
      .send(isStream(body) ? Readable.from(body, { objectMode: false }) : Buffer.from(body));
  }
}

function refuseStranger(reply: FastifyReply, realm: Realm): FastifyReply {
  return reply.code(401).header('www-authenticate', `Basic realm="mesos-agent-${realm}"`).send();
}

/** Without the process's name and a slash at the end. `null`: it cannot be read. */
function pathOf(raw: string): string | null {
  try {
    const path = decodeURIComponent(raw.startsWith('/') ? raw : new URL(raw).pathname);
    const own = isUnder(path, PREFIX) ? path.slice(PREFIX.length) : path;
    return own.replace(/\/+$/, '') || '/';
  } catch {
    return null;
  }
}

const isStream = (body: Reading['body']): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && Symbol.asyncIterator in body;

const isUnder = (path: string, route: string): boolean => path === route || path.startsWith(`${route}/`);
