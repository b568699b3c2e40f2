import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { AGENT_LINK_PATH, MasterLink } from '../../../src/real/agent/master-link.ts';

interface Link {
  readonly socket: WebSocket;
  readonly authorization: string | undefined;
}

/** @param answer what an upgrade is answered instead of a link */
async function listen(
  answer?: () => string,
): Promise<{ address: string; next(): Promise<Link>; server: Server }> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const links: Link[] = [];
  const waiting: ((link: Link) => void)[] = [];
  server.on('upgrade', (request, socket, head) => {
    expect(request.url).toBe(AGENT_LINK_PATH);
    if (answer !== undefined) {
      socket.end(answer());
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const link = { socket: opened, authorization: request.headers.authorization };
      const then = waiting.shift();
      if (then === undefined) links.push(link);
      else then(link);
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    server,
    next: () =>
      new Promise((resolve) => (links.length > 0 ? resolve(links.shift()!) : waiting.push(resolve))),
  };
}

function follow(master: string, authorization: string | null = null) {
  const said: unknown[] = [];
  const waiting = new Map<string, () => void>();
  const say = (...what: readonly unknown[]) => {
    said.push(what);
    waiting.get(String(what[0]))?.();
  };
  const link = new MasterLink(
    { master, authorization, tls: null },
    {
      opened: (name) => say('opened', name),
      message: (name, message) => say('message', name, message),
      broken: (name) => say('broken', name),
      trouble: (problem) => say('trouble', problem),
    },
  );
  onTestFinished(() => link.stop());
  link.start();
  const until = (what: string) => new Promise<void>((resolve) => waiting.set(what, resolve));
  return { link, said, until };
}

describe('the link to the leading master', () => {
  it('carries messages both ways, in order, on the link that is there', async () => {
    const master = await listen();
    const { link, said, until } = follow(master.address, 'Basic YTpi');
    const { socket, authorization } = await master.next();
    expect(authorization).toBe('Basic YTpi');
    const heard = until('message');
    socket.send(JSON.stringify({ type: 'PING', isConnected: true }));
    await heard;
    expect(said).toEqual([
      ['opened', 'link-1'],
      ['message', 'link-1', { type: 'PING', isConnected: true }],
    ]);
    const received: string[] = [];
    const two = new Promise<void>((resolve) =>
      socket.on('message', (data) => received.push(String(data)) === 2 && resolve()),
    );
    link.send('link-0', { type: 'PONG' });
    link.send('link-1', { type: 'PONG' });
    link.send('link-1', { type: 'UNREGISTER', agentId: { value: 'S' } });
    await two;
    expect(received).toEqual(['{"type":"PONG"}', '{"type":"UNREGISTER","agentId":{"value":"S"}}']);
  });

  it('is found by asking: one master is gone, one knows of no leader, one names it', async () => {
    const leader = await listen();
    const standby = await listen(
      () =>
        `HTTP/1.1 307 Temporary Redirect\r\nLocation: //${leader.address}${AGENT_LINK_PATH}\r\nContent-Length: 0\r\n\r\n`,
    );
    const young = await listen(() => 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
    const gone = await listen();
    gone.server.close();
    const { said } = follow(`${gone.address},${young.address},${standby.address}`);
    await leader.next();
    await expect.poll(() => said).toContainEqual(['opened', 'link-1']);
    expect(said).toEqual([
      ['trouble', `master ${gone.address} cannot be reached: ECONNREFUSED`],
      ['trouble', `master ${young.address} knows of no leader yet`],
      ['opened', 'link-1'],
    ]);
  });

  it('is made anew, under another name, when it broke or carried nonsense', async () => {
    const master = await listen();
    const { said } = follow(master.address);
    (await master.next()).socket.terminate();
    (await master.next()).socket.send('{"type": oops');
    await master.next();
    await expect
      .poll(() => said.filter((one) => (one as unknown[])[0] !== 'trouble'))
      .toEqual([
        ['opened', 'link-1'],
        ['broken', 'link-1'],
        ['opened', 'link-2'],
        ['broken', 'link-2'],
        ['opened', 'link-3'],
      ]);
  });

  it('wants an address', () => {
    for (const wrong of ['localhost', 'a:1,b', ''])
      expect(() => follow(wrong)).toThrow(/^--master .*expected HOST:PORT/);
  });
});
