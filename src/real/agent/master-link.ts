/**
 * An agent's link to the leading master: a WebSocket that carries the messages of src/protocol/internal.ts as JSON. The
 * leader is found by asking the masters that are known one after the other; one that does not lead says who does.
 */
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { InputError } from '../../cluster/errors.ts';
import type { AgentMessage, MasterMessage } from '../../protocol/internal.ts';
import { listedMasters, type Masters, mastersOfService } from '../coordination/masters.ts';
import { fromJson, toJson } from '../json.ts';

export interface MasterLinkOptions {
  /** `host:port`, or several after commas; or where it stands who leads: `zk://…` or `etcd://…`. */
  readonly master: string;
  /** Value of the Authorization header; `null`: none. */
  readonly authorization: string | null;
  /** PEM of those who may sign the masters' certificates; `null`: links are not encrypted. */
  readonly tls: { readonly ca: string | undefined } | null;
}

export interface MasterLinkListener {
  opened(link: string): void;
  message(link: string, message: MasterMessage): void;
  /** Of one that was opened. */
  broken(link: string): void;
  /** For the log: why there is no link. Said once for as long as it stays the same. */
  trouble(problem: string): void;
}

export const AGENT_LINK_PATH = '/mesolab/v1/agent-link';

const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Between signs of life; a master that gives none for twice as long is gone. */
const PING_INTERVAL_MS = 15_000;
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
const MAX_REDIRECTS = 5;
const MAX_MESSAGE_BYTES = 64 * 2 ** 20;

export class MasterLink {
  private readonly options: MasterLinkOptions;
  private readonly listener: MasterLinkListener;
  private readonly masters: Masters;
  private nextMaster = 0;
  private retryMs = FIRST_RETRY_MS;
  private opened = 0;
  private link: string | null = null;
  private linked: string | null = null;
  private socket: WebSocket | null = null;
  private timer: NodeJS.Timeout | null = null;
  private lastProblem: string | null = null;
  private unfollow = () => {};
  private hasStopped = false;

  /** @throws InputError where `master` is not an address */
  constructor(options: MasterLinkOptions, listener: MasterLinkListener) {
    this.options = options;
    this.listener = listener;
    this.masters = parseMasters(options.master);
  }

  /** `host:port` of the master that the link is to; `null`: there is none. */
  get master(): string | null {
    return this.link === null ? null : this.linked;
  }

  start(): void {
    // A master that is cut off or frozen does not close its links: who leads instead is known elsewhere.
    this.unfollow = this.masters.follow((leader) => {
      if (this.link !== null && this.linked !== leader) this.socket?.terminate();
      else if (this.timer !== null) this.seek();
    });
    this.seek();
  }

  private seek(): void {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
    this.masters.candidates().then(
      (masters) => {
        if (this.hasStopped) return;
        const isLast = this.nextMaster >= masters.length - 1;
        if (masters.length === 0) this.retry('no master leads', isLast);
        else this.connect(masters[this.nextMaster % masters.length], 0, isLast);
      },
      (error: Error) => this.retry(error.message, true),
    );
  }

  /** Dropped where that link is not there any more. @param sent once it is handed to the system */
  send(link: string, message: AgentMessage, sent?: () => void): void {
    if (link === this.link) this.socket!.send(toJson(message), sent);
  }

  stop(): void {
    this.hasStopped = true;
    this.unfollow();
    clearTimeout(this.timer ?? undefined);
    this.socket?.close();
    this.link = null;
  }

  /** @param isLast all masters have been asked then */
  private connect(master: string, redirects: number, isLast: boolean): void {
    const { authorization, tls } = this.options;
    const socket = new WebSocket(`${tls === null ? 'ws' : 'wss'}://${master}${AGENT_LINK_PATH}`, {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      headers: authorization === null ? {} : { authorization },
      ...(tls?.ca !== undefined && { ca: tls.ca }),
    });
    this.socket = socket;
    let problem: string | null = null;
    let leader: string | null = null;
    let isOpen = false;
    socket.on('unexpected-response', (_request, response) => {
      const { statusCode, headers } = response;
      if (statusCode === 307 && headers.location !== undefined && redirects < MAX_REDIRECTS)
        leader = new URL(headers.location, `http://${master}`).host;
      problem = refusal(master, statusCode!);
      response.resume();
      socket.terminate();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      problem ??= `master ${master} cannot be reached: ${error.code ?? error.message}`;
    });
    socket.on('open', () => {
      isOpen = true;
      this.linked = master;
      this.open(socket);
    });
    socket.on('close', () => {
      if (this.socket !== socket || this.hasStopped) return;
      this.socket = null;
      if (isOpen) this.breakLink();
      if (leader !== null) this.connect(leader, redirects + 1, isLast);
      else this.retry(problem ?? `master ${master} closed the link`, isLast);
    });
  }

  private open(socket: WebSocket): void {
    const link = `link-${++this.opened}`;
    this.link = link;
    this.retryMs = FIRST_RETRY_MS;
    this.lastProblem = null;
    keepAlive(socket);
    socket.on('message', (data) => {
      if (this.link !== link) return;
      const message = readMessage(String(data));
      if (message === null) socket.terminate();
      else this.listener.message(link, message);
    });
    this.listener.opened(link);
  }

  private breakLink(): void {
    const { link } = this;
    this.link = null;
    this.listener.broken(link!);
  }

  private retry(problem: string, isLast: boolean): void {
    if (this.hasStopped) return;
    if (problem !== this.lastProblem) this.listener.trouble(problem);
    this.lastProblem = problem;
    this.nextMaster = isLast ? 0 : this.nextMaster + 1;
    const delayMs = this.retryMs * (0.5 + Math.random());
    // All masters are asked before the wait grows.
    if (isLast) this.retryMs = Math.min(2 * this.retryMs, MAX_RETRY_MS);
    this.timer = setTimeout(() => this.seek(), delayMs);
  }
}

/** A link whose other end is gone without a word is closed. */
function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  (socket as unknown as { readonly _socket: Socket })._socket.setKeepAlive(true, PING_INTERVAL_MS);
  const timer = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  for (const sign of ['pong', 'ping', 'message'] as const)
    socket.on(sign, () => {
      isAlive = true;
    });
  socket.on('close', () => clearInterval(timer));
}

function refusal(master: string, status: number): string {
  if (status === 401 || status === 403)
    return `master ${master} does not let this agent in (${status}); give it --credential`;
  if (status === 503) return `master ${master} knows of no leader yet`;
  return `master ${master} answered ${status}`;
}

/** From a master that this agent trusts, or at least of its version: `null` is neither. */
function readMessage(text: string): MasterMessage | null {
  try {
    const message = fromJson(text) as MasterMessage | null;
    return typeof message?.type === 'string' ? message : null;
  } catch {
    return null;
  }
}

function parseMasters(text: string): Masters {
  return mastersOfService(text, (hostPort) => hostPort) ?? listedMasters(listOf(text));
}

function listOf(text: string): readonly string[] {
  return text.split(',').map((part) => {
    const address = /^(?:https?:\/\/|master@)?((?:\[[0-9a-fA-F:.]+\]|[^\s/:@[\]]+):\d+)\/?$/.exec(
      part.trim(),
    );
    if (address === null)
      throw new InputError(
        'OPTION_VALUE',
        `--master ${text}: "${part.trim()}" is not an address; expected HOST:PORT, such as 10.0.0.1:5050`,
      );
    return address[1];
  });
}
