import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProcessIO } from '../../../src/protocol/v1/agent.ts';
import type { ContainerID, TaskInfo } from '../../../src/protocol/v1/mesos.ts';
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { decode, type Encoding, encode } from '../../../src/real/wire/codec.ts';
import { MEDIA_TYPES } from '../../../src/real/wire/content-type.ts';
import { RecordReader, record } from '../../../src/real/wire/record-io.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';
import { folderOf } from '../../temporary-files.ts';
import { endAll, settingsOf } from './agent-under-test.ts';
import { AGENT_ID, FRAMEWORK, ScriptedMaster } from './scripted-master.ts';

const RECORD_IO = 'application/recordio';

async function startRegistered() {
  const master = await ScriptedMaster.listen();
  const agent = await startAgent(settingsOf(master.address, folderOf({})), () => {});
  onTestFinished(() => endAll(agent));
  await master.message('REGISTER');
  const url = `http://${agent.address}/api/v1`;
  const call = (type: string, body: object, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ type, [type.toLowerCase()]: body }),
      ...(signal && { signal }),
    });
  return { master, url, call };
}

/** With a container that others can be in. */
async function startWithContainer() {
  const started = await startRegistered();
  started.master.run('t', { command: { value: 'sleep 1000' } });
  const { status } = await started.master.status('t', 'TASK_RUNNING');
  expect(status.executor_id).toEqual({ value: 't' });
  const state = await (await started.call('GET_CONTAINERS', {})).json();
  const parent: ContainerID = state.get_containers.containers[0].container_id;
  return { ...started, parent };
}

async function outputOf(
  response: Response,
  encoding: Encoding,
): Promise<Record<'STDOUT' | 'STDERR', string>> {
  const reader = new RecordReader(1_000_000);
  const text = { STDOUT: '', STDERR: '' };
  for await (const chunk of response.body!)
    for (const payload of reader.push(chunk)) {
      const { data } = decode('mesos.v1.agent.ProcessIO', encoding, payload);
      text[data!.type as 'STDOUT'] += Buffer.from(data!.data!, 'base64').toString();
    }
  return text;
}

describe('containers of the operator API', () => {
  it('are launched within others, waited for, killed and removed', async () => {
    const { call, parent } = await startWithContainer();
    const container_id = { value: 'inner', parent };
    const command = { value: 'echo out; sleep 1000' };
    expect((await call('LAUNCH_CONTAINER', { container_id, command })).status).toBe(200);
    expect((await call('LAUNCH_CONTAINER', { container_id, command })).status).toBe(202);
    const waited = call('WAIT_CONTAINER', { container_id });
    expect((await call('REMOVE_CONTAINER', { container_id })).status).toBe(400);
    expect((await call('KILL_CONTAINER', { container_id, signal: 15 })).status).toBe(200);
    expect(await (await waited).json()).toMatchObject({
      type: 'WAIT_CONTAINER',
      wait_container: { exit_status: expect.any(Number) },
    });
    expect((await call('REMOVE_NESTED_CONTAINER', { container_id })).status).toBe(200);
    expect((await call('WAIT_NESTED_CONTAINER', { container_id })).status).toBe(404);
  });

  it('stand alone, where they are in no other', async () => {
    const { call } = await startRegistered();
    const container_id = { value: 'alone' };
    const resources = parseResourcesText('cpus:0.1;mem:32').toWire();
    const launched = await call('LAUNCH_CONTAINER', {
      container_id,
      resources,
      command: { value: 'exit 7' },
    });
    expect([launched.status, await launched.text()]).toEqual([200, '']);
    const waited = await (await call('WAIT_CONTAINER', { container_id })).json();
    expect(waited.wait_container.exit_status).toBe(7 << 8);
    expect((await call('REMOVE_CONTAINER', { container_id })).status).toBe(200);
  });

  it.each(['json', 'protobuf'] as const)('send what they write, in %s, and end with it', async (encoding) => {
    const { call, parent } = await startWithContainer();
    const response = await call(
      'LAUNCH_NESTED_CONTAINER_SESSION',
      { container_id: { value: 's', parent }, command: { value: 'echo out; echo err >&2' } },
      { accept: RECORD_IO, 'message-accept': MEDIA_TYPES[encoding] },
    );
    expect([response.status, response.headers.get('content-type')]).toEqual([200, RECORD_IO]);
    expect(response.headers.get('message-content-type')).toBe(MEDIA_TYPES[encoding]);
    expect(await outputOf(response, encoding)).toEqual({ STDOUT: 'out\n', STDERR: 'err\n' });
  });

  it('end when nobody reads their session any more', async () => {
    const { call, parent } = await startWithContainer();
    const container_id = { value: 's', parent };
    const leaving = new AbortController();
    const command = { value: 'echo here; sleep 1000' };
    const headers = { accept: RECORD_IO, 'message-accept': 'application/json' };
    const session = await call(
      'LAUNCH_NESTED_CONTAINER_SESSION',
      { container_id, command },
      headers,
      leaving.signal,
    );
    await session.body!.getReader().read();
    const waited = call('WAIT_CONTAINER', { container_id });
    leaving.abort();
    expect((await waited).status).toBe(200);
  });

  it('read what is sent to them', async () => {
    const { call, url, parent } = await startWithContainer();
    const container_id = { value: 's', parent };
    const headers = { accept: RECORD_IO, 'message-accept': 'application/json' };
    const session = await call(
      'LAUNCH_NESTED_CONTAINER_SESSION',
      { container_id, command: { value: 'cat' } },
      headers,
    );
    const output = outputOf(session, 'json');
    const input = (attach_container_input: object) =>
      record(
        encode('mesos.v1.agent.Call', 'json', { type: 'ATTACH_CONTAINER_INPUT', attach_container_input }),
      );
    const stdin = (text: string): ProcessIO => ({
      type: 'DATA',
      data: { type: 'STDIN', data: Buffer.from(text).toString('base64') },
    });
    const { promise, resolve } = Promise.withResolvers<number>();
    const sent = request(
      url,
      { method: 'POST', headers: { 'content-type': RECORD_IO, 'message-content-type': 'application/json' } },
      (response) => resolve(response.statusCode!),
    );
    sent.write(input({ type: 'CONTAINER_ID', container_id }));
    sent.write(input({ type: 'PROCESS_IO', process_io: stdin('hello ') }));
    sent.write(input({ type: 'PROCESS_IO', process_io: stdin('world') }));
    sent.end(input({ type: 'PROCESS_IO', process_io: stdin('') }));
    expect(await promise).toBe(200);
    expect((await output).STDOUT).toBe('hello world');
  });
});

describe('a group of tasks', () => {
  it('runs by the default executor, in containers of its own', async () => {
    const { master } = await startRegistered();
    const resources = parseResourcesText('cpus:0.1;mem:32').toWire();
    const task = (id: string, value: string): TaskInfo => ({
      name: id,
      task_id: { value: id },
      agent_id: AGENT_ID,
      resources,
      command: { value },
    });
    master.tell({
      type: 'RUN_TASK_GROUP',
      framework: FRAMEWORK,
      executor: { type: 'DEFAULT', executor_id: { value: 'E' }, framework_id: FRAMEWORK.id, resources },
      taskGroup: { tasks: [task('a', 'sleep 0.2'), task('b', 'exit 0')] },
      launchesExecutor: true,
    });
    await master.status('a', 'TASK_FINISHED');
    await master.status('b', 'TASK_FINISHED');
    const exited = await master.message('EXITED_EXECUTOR');
    expect([exited.executorId.value, exited.status]).toEqual(['E', 0]);
  });
});
