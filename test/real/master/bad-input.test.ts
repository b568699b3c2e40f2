/** What no client should send: each is refused, and the master and its other clients go on. */
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { folderOf } from '../../temporary-files.ts';
import { endAll, settingsOf } from '../agent/agent-under-test.ts';
import { MasterUnderTest, nextTurn } from './master-under-test.ts';

const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json' };

async function expectWhole(master: MasterUnderTest): Promise<void> {
  expect((await master.ask('/health')).status).toBe(200);
  const one = await master.subscribe();
  expect((await one.call({ type: 'TEARDOWN' })).status).toBe(202);
}

/** Sends bytes as they are. @returns what came back */
function raw(address: string, bytes: string, closes: boolean): Promise<string> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), host, () => {
      socket.write(bytes);
      if (closes) socket.destroy();
    });
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

describe('requests', () => {
  test('that are too large are refused before they are read', async () => {
    const master = await MasterUnderTest.start();
    const head = `POST /api/v1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${64 * 2 ** 20}\r\n\r\n`;
    const answer = raw(master.address, head, false);
    expect(await answer).toMatch(/^HTTP\/1.1 413 /);
    await expectWhole(master);
  });

  test('of which half comes, and no more', async () => {
    const master = await MasterUnderTest.start();
    const head =
      'POST /api/v1/scheduler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"type":';
    await raw(master.address, head, true);
    await raw(master.address, 'POST /api/v1/scheduler HT', true);
    await expectWhole(master);
    expect((await master.json('/frameworks')).frameworks).toEqual([]);
  });

  test('of garbage', async () => {
    const master = await MasterUnderTest.start();
    const headers = { ...JSON_TYPE, 'content-type': 'application/x-protobuf' };
    for (const path of ['/api/v1', '/api/v1/scheduler']) {
      const body = Buffer.from('0a7f00ffffffffffffffffffffff', 'hex');
      const { status, text } = await master.ask(path, { method: 'POST', headers, body });
      expect([status, text]).toEqual([400, expect.stringContaining('Failed to parse the body')]);
    }
    expect(await raw(master.address, 'EHLO mail\r\n\r\n', false)).toMatch(/^HTTP\/1.1 400 /);
    expect((await master.ask('/%zz')).status).toBe(400);
    expect((await master.ask('/nothing')).status).toBe(404);
    await expectWhole(master);
  });

  test('for files that are not shown', async () => {
    const master = await MasterUnderTest.start();
    for (const path of [
      '/etc/passwd',
      '../../etc/passwd',
      '/master/log/../../etc/passwd',
      '%2e%2e/%2e%2e/etc/passwd',
    ])
      for (const call of ['browse', 'read', 'download'])
        expect(
          (await master.ask(`/files/${call}?path=${path}&offset=0&length=10`)).status,
          `${call} ${path}`,
        ).toBe(404);
  });
});

test('a reader of a stream that does not read is cut off, and others are unharmed', {
  timeout: 60_000,
}, async () => {
  const master = await MasterUnderTest.start();
  const [host, port] = master.address.split(':');
  const body = '{"type":"SUBSCRIBE"}';
  const slow = connect(Number(port), host, () => {
    slow.write(
      `POST /api/v1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    slow.pause();
  });
  const wasCut = new Promise((resolve) => slow.once('close', resolve).once('error', resolve));
  const good = await master.stream('/api/v1', 'mesos.v1.master', { type: 'SUBSCRIBE' }, 'json');
  const labels = { labels: [{ key: 'large', value: 'x'.repeat(2 ** 20) }] };
  const added = 24;
  for (let n = 0; n < added; n++) {
    const one = await master.subscribe({ labels });
    await one.call({ type: 'TEARDOWN' });
  }
  for (let n = 0; n < added; n++) await good.event('FRAMEWORK_ADDED');
  // The system tells of it when there is something to read or write.
  slow.resume();
  await wasCut;
  expect(good.hasEnded).toBe(false);
  await expectWhole(master);
});

describe('agent links', () => {
  function link(master: MasterUnderTest): WebSocket {
    return new WebSocket(`ws://${master.address}/mesolab/v1/agent-link`);
  }

  test.each([
    ['no JSON', '{'],
    ['no message of an agent', '{"type":"EXPLODE"}'],
    ['a message with parts that are wrong', '{"type":"REGISTER","info":5}'],
  ])('that send %s are cut', async (_what, text) => {
    const master = await MasterUnderTest.start();
    const socket = link(master);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(text);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(master.lines.join('\n')).toContain('it sent what is no message of an agent');
    await expectWhole(master);
  });

  test('that speak for an agent they are not do not harm it', async () => {
    const master = await MasterUnderTest.start();
    const agent = await startAgent(settingsOf(master.address, folderOf({})), () => {});
    const agents = async () => (await master.json('/slaves')).slaves as { id: string; active: boolean }[];
    while ((await agents()).length === 0) await nextTurn();
    const [{ id }] = await agents();
    const socket = link(master);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'UNREGISTER', agentId: { value: id } }));
    socket.send(JSON.stringify({ type: 'PONG' }));
    await nextTurn();
    socket.terminate();
    await nextTurn();
    expect(await agents()).toMatchObject([{ id, active: true }]);
    await endAll(agent);
  });
});
