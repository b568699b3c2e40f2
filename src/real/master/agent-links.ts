/** Agents' links: WebSockets that carry the messages of src/protocol/internal.ts as JSON. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { MasterInfo } from '../../protocol/v1/mesos.ts';
import { hostPortOf } from '../coordination/masters.ts';
import { fromJson, toJson } from '../json.ts';
import { agentMessageProblem, type CheckedAgentMessage } from './agent-message.ts';
import type { MasterDriver } from './master-driver.ts';

export const AGENT_LINK_PATH = '/mesolab/v1/agent-link';

const MAX_MESSAGE_BYTES = 64 * 2 ** 20;
/** What may wait for an agent that does not read. */
const MAX_UNREAD_BYTES = 64 * 2 ** 20;
const PING_INTERVAL_MS = 15_000;

export interface LinkPolicy {
  /** `undefined`: this master leads. `null`: nobody is known to. */
  leader(): MasterInfo | null | undefined;
  /** Whether the agent may come in; `null`: its credentials are wrong. */
  authenticate(request: IncomingMessage): Promise<{ readonly principal: string | null } | null>;
}

/** @param log is told of agents that send what they should not */
export function serveAgentLinks(
  server: Server,
  driver: MasterDriver,
  policy: LinkPolicy,
  log: (line: string) => void,
): { close(): void } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  server.on('upgrade', async (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const [path] = request.url!.split('?', 1);
    const leader = policy.leader();
    if (path !== AGENT_LINK_PATH) refuse(socket, '404 Not Found');
    else if (leader === null) refuse(socket, '503 Service Unavailable');
    else if (leader !== undefined)
      refuse(socket, '307 Temporary Redirect', `Location: ${locationOf(leader, request.url!)}\r\n`);
    else if ((await policy.authenticate(request)) === null) refuse(socket, '401 Unauthorized');
    else sockets.handleUpgrade(request, socket, head, (link) => serve(link, driver, log));
  });
  return {
    close() {
      for (const link of sockets.clients) link.terminate();
    },
  };
}

/** Without a scheme, as Mesos gives it. */
export function locationOf(master: MasterInfo, path: string): string {
  return `//${hostPortOf(master)}${path}`;
}

function refuse(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`);
}

function serve(socket: WebSocket, driver: MasterDriver, log: (line: string) => void): void {
  const link = driver.openLink({
    send(message) {
      socket.send(toJson(message));
      if (socket.bufferedAmount > MAX_UNREAD_BYTES) socket.terminate();
    },
  });
  socket.on('message', (data) => {
    const message = readMessage(String(data), link, log);
    if (message === null) socket.terminate();
    else driver.running.step({ kind: 'agent-message', link, message });
  });
  keepAlive(socket);
  socket.on('error', () => socket.terminate());
  socket.on('close', () => driver.linkBroken(link));
}

/** `null`: no agent sends this. */
function readMessage(text: string, link: string, log: (line: string) => void): CheckedAgentMessage | null {
  let problem: string | null;
  try {
    const message = fromJson(text);
    problem = agentMessageProblem(message);
    if (problem === null) return message as CheckedAgentMessage;
  } catch (error) {
    problem = (error as Error).message;
  }
  log(`${link} is cut: it sent what is no message of an agent: ${problem}`);
  return null;
}

/** A link whose other end is gone without a word is closed. */
function keepAlive(socket: WebSocket): void {
  let isAlive = true;
  const timer = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  for (const sign of ['pong', 'message'] as const)
    socket.on(sign, () => {
      isAlive = true;
    });
  socket.on('close', () => clearInterval(timer));
}
