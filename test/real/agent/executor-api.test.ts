import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExecutorCall, ExecutorEvent } from '../../../src/protocol/v1/executor.ts';
import type { AgentSettings } from '../../../src/real/agent/agent-settings.ts';
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { decode, type Encoding, encode } from '../../../src/real/wire/codec.ts';
import { MEDIA_TYPES } from '../../../src/real/wire/content-type.ts';
import { RecordReader } from '../../../src/real/wire/record-io.ts';
import { folderOf } from '../../temporary-files.ts';
import { endAll, settingsOf } from './agent-under-test.ts';
import { FRAMEWORK, ScriptedMaster } from './scripted-master.ts';

const EXECUTOR_ID = { value: 'E' };
const IDS = { framework_id: FRAMEWORK.id, executor_id: EXECUTOR_ID };
const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };
const UUID = Buffer.alloc(16, 1).toString('base64');

/** With a task whose executor is the test itself: what the agent starts only waits. */
async function agentWithExecutor(changes: Partial<AgentSettings> = {}) {
  const master = await ScriptedMaster.listen();
  const workDir = folderOf({});
  const agent = await startAgent(settingsOf(master.address, workDir, changes), () => {});
  onTestFinished(() => endAll(agent));
  await master.message('REGISTER');
  const command = { value: 'env > environment; exec sleep 1000' };
  master.run('t', { executor: { executor_id: EXECUTOR_ID, framework_id: FRAMEWORK.id, command } });
  const sandbox = join(workDir, 'slaves/M-S0/frameworks/F/executors/E/runs/latest');
  const environment = await expect
    .poll(() => {
      try {
        const text = readFileSync(join(sandbox, 'environment'), 'utf8');
        return text.includes('MESOS_SANDBOX') ? text : null;
      } catch {
        return null;
      }
    })
    .not.toBeNull()
    .then(() => readFileSync(join(sandbox, 'environment'), 'utf8'));
  const url = `http://${agent.address}/api/v1/executor`;
  const variable = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(environment)?.[1];
  return { master, agent, url, variable };
}

const post = (url: string, body: unknown, headers: Record<string, string> = JSON_HEADERS) =>
  fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

const bytes = (encoding: Encoding, call: ExecutorCall) =>
  new Uint8Array(encode('mesos.v1.executor.Call', encoding, call));

/** Events in the order in which they come. */
async function subscribe(url: string, encoding: Encoding, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': MEDIA_TYPES[encoding], accept: MEDIA_TYPES[encoding], ...headers },
    body: bytes(encoding, { ...IDS, type: 'SUBSCRIBE', subscribe: {} }),
    signal: stop.signal,
  });
  async function* events(): AsyncGenerator<ExecutorEvent> {
    const reader = new RecordReader(1_000_000);
    for await (const chunk of response.body!)
      for (const payload of reader.push(chunk)) yield decode('mesos.v1.executor.Event', encoding, payload);
  }
  const all = events();
  return { response, next: async () => (await all.next()).value as ExecutorEvent | undefined };
}

describe.each(['json', 'protobuf'] as const)('the executor API in %s', (encoding) => {
  it('subscribes an executor, gives it its task, and takes what it says', async () => {
    const { master, url } = await agentWithExecutor();
    const { response, next } = await subscribe(url, encoding);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(MEDIA_TYPES[encoding]);
    expect(await next()).toMatchObject({
      type: 'SUBSCRIBED',
      subscribed: { executor_info: { executor_id: EXECUTOR_ID }, agent_info: { id: { value: 'M-S0' } } },
    });
    expect(await next()).toMatchObject({ type: 'LAUNCH', launch: { task: { name: 't' } } });
    const status = {
      task_id: { value: 't' },
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      uuid: UUID,
    } as const;
    const sent = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': MEDIA_TYPES[encoding] },
      body: bytes(encoding, { ...IDS, type: 'UPDATE', update: { status } }),
    });
    expect([sent.status, sent.headers.get('content-length')]).toEqual([202, '0']);
    expect(await next()).toMatchObject({ type: 'ACKNOWLEDGED', acknowledged: { uuid: UUID } });
    expect((await master.status('t', 'TASK_RUNNING')).status.uuid).toBe(UUID);
    master.kill('t');
    expect(await next()).toMatchObject({ type: 'KILL', kill: { task_id: { value: 't' } } });
  });
});

describe('the executor API', () => {
  it('refuses in the order and with the statuses of Mesos', async () => {
    const { url } = await agentWithExecutor();
    const beat = { ...IDS, type: 'HEARTBEAT' };
    const subscribing = { ...IDS, type: 'SUBSCRIBE', subscribe: {} };
    const statusOf = async (body: unknown, headers?: Record<string, string>) =>
      (await post(url, body, headers)).status;
    const got = await fetch(url);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await statusOf(beat, { 'content-type': 'text/plain' })).toBe(415);
    expect(await statusOf(beat, { 'content-type': 'application/json; charset=utf-8' })).toBe(415);
    expect(await statusOf('{"type":')).toBe(400);
    expect(await statusOf({ type: 'HEARTBEAT' })).toBe(400);
    expect(await statusOf({ ...IDS, type: 'UPDATE' })).toBe(400);
    expect(await statusOf({ ...beat, framework_id: { value: 'other' } })).toBe(400);
    expect(await statusOf({ ...beat, executor_id: { value: 'other' } })).toBe(400);
    expect(await statusOf(subscribing, { 'content-type': 'application/json', accept: 'text/html' })).toBe(
      406,
    );
    expect(await statusOf({ ...IDS, type: 'MESSAGE', message: { data: '' } })).toBe(403);
    const garbage = {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: '\xff\xff',
    };
    expect((await fetch(url, garbage)).status).toBe(400);
  });

  it('gives the stream to the newer subscription', async () => {
    const { url } = await agentWithExecutor();
    const first = await subscribe(url, 'json');
    await first.next();
    await first.next();
    const second = await subscribe(url, 'json');
    expect((await second.next())!.type).toBe('SUBSCRIBED');
    expect(await first.next()).toBeUndefined();
    expect((await post(url, { ...IDS, type: 'MESSAGE', message: { data: 'aGk=' } })).status).toBe(202);
  });

  it('cuts off an executor that does not read, and goes on', async () => {
    const { master, url } = await agentWithExecutor();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    const body = JSON.stringify({ ...IDS, type: 'SUBSCRIBE', subscribe: {} });
    const head = `POST /api/v1/executor HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const data = Buffer.alloc(2 ** 20).toString('base64');
    for (let sent = 0; sent < 24; sent++)
      master.tell({
        type: 'FRAMEWORK_TO_EXECUTOR',
        frameworkId: FRAMEWORK.id,
        executorId: EXECUTOR_ID,
        data,
      });
    const message = { ...IDS, type: 'MESSAGE', message: { data: '' } };
    await expect.poll(async () => (await post(url, message)).status, { timeout: 10_000 }).toBe(403);
    socket.resume();
    await closed;
    const { next } = await subscribe(url, 'json');
    expect((await next())!.type).toBe('SUBSCRIBED');
  });

  it('wants the token of the executor, where tokens are signed', async () => {
    const { url, variable } = await agentWithExecutor({ jwtSecretKey: Buffer.alloc(32, 7) });
    expect((await post(url, { ...IDS, type: 'SUBSCRIBE', subscribe: {} })).status).toBe(401);
    const authorization = `Bearer ${variable('MESOS_EXECUTOR_AUTHENTICATION_TOKEN')}`;
    const other = { ...IDS, executor_id: { value: 'other' }, type: 'HEARTBEAT' };
    expect((await post(url, other, { ...JSON_HEADERS, authorization })).status).toBe(403);
    const { next } = await subscribe(url, 'json', { authorization });
    expect((await next())!.type).toBe('SUBSCRIBED');
  });
});
