import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentCallType } from '../../../src/protocol/v1/agent.ts';
import type { AgentSettings } from '../../../src/real/agent/agent-settings.ts';
import { ExecutorTokens } from '../../../src/real/agent/executor-token.ts';
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { createAuthentication } from '../../../src/real/http/authentication.ts';
import { decode, encode } from '../../../src/real/wire/codec.ts';
import { folderOf } from '../../temporary-files.ts';
import { endAll, settingsOf } from './agent-under-test.ts';
import { ScriptedMaster } from './scripted-master.ts';

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/x-protobuf';

/** With a task that runs. */
async function busyAgent(changes: Partial<AgentSettings> = {}) {
  const master = await ScriptedMaster.listen();
  const workDir = folderOf({});
  const agent = await startAgent(settingsOf(master.address, workDir, changes), () => {});
  onTestFinished(() => endAll(agent));
  await master.message('REGISTER');
  master.run('t', { command: { value: 'sleep 1000' } });
  await master.status('t', 'TASK_RUNNING');
  const origin = `http://${agent.address}`;
  const call = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${origin}/api/v1`, {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const get = (path: string) => fetch(origin + path);
  return { master, workDir, origin, call, get };
}

describe("the agent's operator API", () => {
  it('reads what there is', async () => {
    const { call } = await busyAgent();
    const read = async (type: AgentCallType) => (await call({ type })).json();
    const agentInfo = { hostname: 'localhost', id: { value: 'M-S0' } };
    expect(await read('GET_HEALTH')).toEqual({ type: 'GET_HEALTH', get_health: { healthy: true } });
    expect(await read('GET_FLAGS')).toMatchObject({ get_flags: { flags: [{ name: 'port', value: '0' }] } });
    expect(await read('GET_VERSION')).toMatchObject({ get_version: { version_info: { version: '1.11.0' } } });
    expect(await read('GET_AGENT')).toMatchObject({ get_agent: { agent_info: agentInfo } });
    expect(await read('GET_TASKS')).toMatchObject({
      get_tasks: { launched_tasks: [{ task_id: { value: 't' }, state: 'TASK_RUNNING' }] },
    });
    expect(await read('GET_STATE')).toMatchObject({
      get_state: {
        get_frameworks: { frameworks: [{ framework_info: { name: 'test', checkpoint: true } }] },
        get_executors: { executors: [{ executor_info: { executor_id: { value: 't' } } }] },
      },
    });
    expect(await read('GET_CONTAINERS')).toMatchObject({
      get_containers: {
        containers: [
          {
            framework_id: { value: 'F' },
            executor_id: { value: 't' },
            container_status: { executor_pid: expect.any(Number) },
            resource_statistics: { mem_limit_bytes: 96 * 2 ** 20 },
          },
        ],
      },
    });
    const { get_metrics } = await read('GET_METRICS');
    expect(get_metrics.metrics).toContainEqual({ name: 'slave/tasks_running', value: 1 });
    expect(await read('GET_LOGGING_LEVEL')).toMatchObject({ get_logging_level: { level: 0 } });
  });

  it('speaks protobuf, too, and answers under other names of its path', async () => {
    const { origin } = await busyAgent();
    for (const path of ['/api/v1', '/slave(1)/api/v1', '/slave%281%29/api/v1/', '/api/v1/operator']) {
      const response = await fetch(origin + path, {
        method: 'POST',
        headers: { 'content-type': PROTOBUF, accept: PROTOBUF },
        body: new Uint8Array(encode('mesos.v1.agent.Call', 'protobuf', { type: 'GET_AGENT' })),
      });
      expect(response.headers.get('content-type')).toBe(PROTOBUF);
      const body = new Uint8Array(await response.arrayBuffer());
      expect(decode('mesos.v1.agent.Response', 'protobuf', body)).toMatchObject({
        type: 'GET_AGENT',
        get_agent: { agent_info: { port: Number(new URL(origin).port) } },
      });
    }
  });

  it('refuses with the statuses of Mesos', async () => {
    const { origin, call } = await busyAgent();
    const health = { type: 'GET_HEALTH' };
    const statusOf = async (body: unknown, headers?: Record<string, string>) =>
      (await call(body, headers)).status;
    expect((await fetch(`${origin}/api/v1`)).status).toBe(405);
    expect(await statusOf(health, { 'content-type': 'text/plain' })).toBe(415);
    expect(await statusOf(health, { 'message-content-type': JSON_TYPE })).toBe(415);
    expect(await statusOf(health, { accept: 'text/html' })).toBe(406);
    expect(await statusOf(health, { accept: 'application/recordio', 'message-accept': JSON_TYPE })).toBe(406);
    expect(await statusOf('{')).toBe(400);
    expect(await statusOf({})).toBe(400);
    expect(await statusOf({ type: 'KILL_CONTAINER' })).toBe(400);
    expect(
      await statusOf({ type: 'LAUNCH_CONTAINER', launch_container: { container_id: { value: '../x' } } }),
    ).toBe(400);
    const container_id = { value: 'unknown', parent: { value: 'unknown' } };
    expect(await statusOf({ type: 'WAIT_CONTAINER', wait_container: { container_id } })).toBe(404);
    expect(await statusOf({ type: 'KILL_NESTED_CONTAINER', kill_nested_container: { container_id } })).toBe(
      404,
    );
    const records = { 'content-type': 'application/recordio' };
    expect(await statusOf(health, records)).toBe(400);
    expect(await statusOf(health, { ...records, 'message-content-type': 'text/plain' })).toBe(415);
    expect(await statusOf({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: {} })).toBe(415);
    const unknown = await call({
      type: 'MARK_RESOURCE_PROVIDER_GONE',
      mark_resource_provider_gone: { resource_provider_id: { value: 'x' } },
    });
    expect(unknown.status).toBe(501);
    expect(await unknown.text()).toContain('MARK_RESOURCE_PROVIDER_GONE');
  });
});

describe('an agent that wants to know who asks', () => {
  it('answers those who say so rightly, and executors about what is theirs', async () => {
    const key = Buffer.alloc(32, 3);
    const required = createAuthentication([{ principal: 'ops', secret: 's3' }], null, true);
    const { call, get } = await busyAgent({
      authentication: { readonly: required, readwrite: required },
      jwtSecretKey: key,
    });
    const basic = (secret: string) => `Basic ${Buffer.from(`ops:${secret}`).toString('base64')}`;
    const health = { type: 'GET_HEALTH' };
    const stranger = await call(health);
    expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="mesos-agent-readwrite"',
    ]);
    expect((await call(health, { authorization: basic('wrong') })).status).toBe(401);
    expect((await call(health, { authorization: basic('s3') })).status).toBe(200);
    expect((await get('/state')).status).toBe(401);
    expect((await get('/health')).status).toBe(200);
    const token = await new ExecutorTokens(key).sign({ fid: 'F', eid: 't', cid: 'own' });
    const authorization = `Bearer ${token}`;
    const wait = (container_id: object) =>
      call({ type: 'WAIT_CONTAINER', wait_container: { container_id } }, { authorization });
    expect((await call(health, { authorization })).status).toBe(403);
    expect((await wait({ value: 'x', parent: { value: 'own' } })).status).toBe(404);
    expect((await wait({ value: 'own', parent: { value: 'other' } })).status).toBe(403);
  });
});

describe('endpoints from before v1', () => {
  it('tell of the agent, under both spellings of its path', async () => {
    const { get, master } = await busyAgent();
    const read = async (path: string) => (await get(path)).json();
    expect((await get('/health')).status).toBe(200);
    expect((await get('/state')).headers.get('content-type')).toBe('application/json');
    expect(await read('/version')).toMatchObject({ version: '1.11.0' });
    expect(await read('/flags')).toEqual({ flags: { port: '0' } });
    for (const path of ['/state', '/slave(1)/state', '/slave%281%29/state/'])
      expect(await read(path)).toMatchObject({
        id: 'M-S0',
        attributes: { rack: 'r1' },
        master_hostname: master.address.split(':')[0],
        frameworks: [{ id: 'F', executors: [{ id: 't', tasks: [{ id: 't', state: 'TASK_RUNNING' }] }] }],
      });
    expect(await read('/monitor/statistics')).toMatchObject([
      // The task's, and what its executor needs itself.
      {
        executor_id: 't',
        executor_name: 'Command Executor (Task: t)',
        framework_id: 'F',
        source: 't',
        statistics: { timestamp: expect.any(Number), mem_limit_bytes: 96 * 2 ** 20 },
      },
    ]);
    const [{ container_id }] = await read('/containers');
    expect(await read(`/containers?container_id=${container_id}`)).toHaveLength(1);
    expect(await read('/containers?container_id=other')).toEqual([]);
    expect(await read('/metrics/snapshot')).toMatchObject({ 'slave/registered': 1 });
    expect(await read('/system/stats.json')).toHaveProperty('cpus_total');
  });

  it('show what tasks write', async () => {
    const { get, call, master, workDir } = await busyAgent();
    master.run('writer', { command: { value: 'printf "gr\\303\\274n"; mkdir sub; ln -s /etc/passwd link' } });
    await master.status('writer', 'TASK_FINISHED');
    const sandbox = '/frameworks/F/executors/writer/runs/latest';
    const file = encodeURIComponent(`${sandbox}/stdout`);
    const read = async (query: string) => (await get(`/files/read?path=${file}${query}`)).json();
    const { data } = await read('&offset=0');
    expect(data).toContain('grün');
    const at = Buffer.from(data).indexOf('grün');
    expect(await read(`&offset=${at}&length=3`)).toEqual({ data: 'gr', offset: at });
    expect(await read('&offset=-1')).toEqual({ data: '', offset: Buffer.byteLength(data) });
    const listed: { path: string; mode: string }[] = await (
      await get(`/files/browse?path=${sandbox}`)
    ).json();
    expect(listed.find(({ path }) => path.endsWith('/sub'))).toMatchObject({
      mode: expect.stringMatching(/^drwx/),
    });
    expect(await (await get(`/files/download?path=${file}`)).text()).toBe(data);
    expect(await (await get('/files/debug')).json()).toMatchObject({
      '/frameworks': `${workDir}/slaves/M-S0/frameworks`,
    });
    for (const path of [
      `${sandbox}/link`,
      `${sandbox}/../../../../../../../meta/checkpoint.db`,
      '/etc/passwd',
    ])
      expect((await get(`/files/read?path=${encodeURIComponent(path)}&offset=0`)).status).toBe(404);
    expect((await get('/files/read')).status).toBe(400);
    expect((await get(`/files/read?path=${file}&offset=x`)).status).toBe(400);
    const answer = await call({ type: 'READ_FILE', read_file: { path: `${sandbox}/stdout`, offset: at } });
    const { read_file } = await answer.json();
    expect(Buffer.from(read_file.data, 'base64').toString()).toBe(data.slice(data.indexOf('grün')));
    const list = await call({ type: 'LIST_FILES', list_files: { path: sandbox } });
    expect((await list.json()).list_files.file_infos).toHaveLength(listed.length);
    expect((await call({ type: 'LIST_FILES', list_files: { path: '/etc' } })).status).toBe(404);
  });

  it('are called back by pages that ask with jsonp', async () => {
    const { get } = await busyAgent();
    const response = await get('/flags?jsonp=angular.callbacks._1');
    expect(response.headers.get('content-type')).toContain('text/javascript');
    expect(await response.text()).toBe('angular.callbacks._1({"flags":{"port":"0"}});');
    expect((await get('/flags?jsonp=alert(1)//')).status).toBe(400);
  });

  it('are only those there are, and only read', async () => {
    const { get, origin } = await busyAgent();
    expect((await get('/nothing')).status).toBe(404);
    expect((await get('/state.json')).status).toBe(404);
    expect((await get('/%ff')).status).toBe(400);
    expect((await fetch(`${origin}/state`, { method: 'POST' })).status).toBe(405);
  });
});
