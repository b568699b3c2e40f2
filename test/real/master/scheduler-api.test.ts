/** The scheduler API over HTTP: streams, and the order of its checks (reference §1.2–1.5, §2). */
import { describe, expect, test } from 'vitest';
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { encode } from '../../../src/real/wire/codec.ts';
import { folderOf } from '../../temporary-files.ts';
import { endAll, settingsOf } from '../agent/agent-under-test.ts';
import { MasterUnderTest } from './master-under-test.ts';

describe('a subscription (§2.3)', () => {
  test.each(['json', 'protobuf'] as const)('in %s is a stream of records with an id', async (encoding) => {
    const master = await MasterUnderTest.start();
    const one = await master.subscribe({}, encoding);
    expect(one.headers).toMatchObject({
      'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      'transfer-encoding': 'chunked',
    });
    expect(one.headers['mesos-stream-id']).toMatch(/^[0-9a-f-]{36}$/);
    await one.event('HEARTBEAT');
    expect((await one.call({ type: 'REVIVE' })).status).toBe(202);
  });

  test('of a framework that subscribes again takes the place of the first, which is closed', async () => {
    const master = await MasterUnderTest.start();
    const first = await master.subscribe({ failover_timeout: 60 });
    const second = await master.subscribe({ failover_timeout: 60, id: { value: first.frameworkId } });
    await first.ended();
    expect(first.events.find(({ type }) => type === 'ERROR')?.error?.message).toBe('Framework failed over');
    expect((await first.call({ type: 'REVIVE' })).status).toBe(400);
    expect((await second.call({ type: 'REVIVE' })).status).toBe(202);
    expect(second.frameworkId).toBe(first.frameworkId);
  });

  test('is torn down', async () => {
    const master = await MasterUnderTest.start();
    const one = await master.subscribe();
    expect((await one.call({ type: 'TEARDOWN' })).status).toBe(202);
    await one.ended();
    const { frameworks, completed_frameworks } = await master.json('/frameworks');
    expect([frameworks, completed_frameworks]).toMatchObject([[], [{ id: one.frameworkId }]]);
  });
});

describe('the order of checks (§1.5)', () => {
  const json = { 'content-type': 'application/json' };
  const framework_id = { value: 'nobody' };
  const subscribe = { type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root', name: 'x' } } };

  test.each([
    ['another method', { method: 'GET' }, 405, "Expecting 'POST', received 'GET'"],
    ['no content type', { body: '{}' }, 400, "Expecting 'Content-Type' to be present"],
    [
      'another content type',
      { headers: { 'content-type': 'text/plain' }, body: '{}' },
      415,
      'application/json',
    ],
    ['no JSON', { headers: json, body: '{' }, 400, 'Failed to parse the body'],
    ['no message', { headers: json, body: '{"kill":5}' }, 400, '/kill: expected an object'],
    ['no type', { headers: json, body: '{}' }, 400, "Expecting 'type' to be present"],
    [
      'no body of the type',
      { headers: json, body: '{"type":"KILL"}' },
      400,
      "Expecting 'kill' to be present",
    ],
    [
      'an encoding that is not there',
      { headers: { ...json, accept: 'text/html' }, body: JSON.stringify(subscribe) },
      406,
      "Expecting 'Accept'",
    ],
    [
      'a stream id in a subscription',
      { headers: { ...json, 'mesos-stream-id': 'x' }, body: JSON.stringify(subscribe) },
      400,
      "should not include the 'Mesos-Stream-Id'",
    ],
    [
      'an unknown framework',
      { headers: json, body: JSON.stringify({ type: 'REVIVE', framework_id }) },
      400,
      'Framework cannot be found',
    ],
    ['no path', { method: 'POST', path: '/api/v1/schedulers', headers: json, body: '{}' }, 405, null],
  ] as const)('%s', async (_what, asked, status, text) => {
    const master = await MasterUnderTest.start();
    const { path = '/api/v1/scheduler', ...rest } = { method: 'POST', ...asked } as {
      path?: string;
      method: string;
    };
    const answer = await master.ask(path, rest);
    if (text === null) expect(answer.status).toBeGreaterThanOrEqual(400);
    else expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
    if (status === 405 && text !== null) expect(answer.headers.allow).toBe('POST');
  });

  test('calls without a stream id, or with that of another subscription', async () => {
    const master = await MasterUnderTest.start();
    const [one, other] = [await master.subscribe(), await master.subscribe()];
    const call = { type: 'REVIVE', framework_id: { value: one.frameworkId } };
    expect(await master.scheduler(call)).toMatchObject({
      status: 400,
      text: expect.stringContaining('Mesos-Stream-Id'),
    });
    const stream = String(other.headers['mesos-stream-id']);
    expect(await master.scheduler(call, { 'mesos-stream-id': stream })).toMatchObject({
      status: 400,
      text: expect.stringContaining("didn't match the stream ID"),
    });
  });

  test('calls of a framework that is not connected', async () => {
    const master = await MasterUnderTest.start();
    const one = await master.subscribe({ failover_timeout: 60 });
    one.close();
    await expect.poll(async () => (await one.call({ type: 'REVIVE' })).status).toBe(403);
  });

  test('every path has a twin below /master', async () => {
    const master = await MasterUnderTest.start();
    const protobuf = { 'content-type': 'application/x-protobuf', accept: 'application/x-protobuf' };
    const body = encode('mesos.v1.master.Call', 'protobuf', { type: 'GET_HEALTH' });
    const { status, headers } = await master.ask('/master/api/v1', {
      method: 'POST',
      headers: protobuf,
      body,
    });
    expect([status, headers['content-type']]).toEqual([200, 'application/x-protobuf']);
    expect((await master.ask('/master/health')).status).toBe(200);
  });
});

describe('tasks over HTTP', () => {
  async function start() {
    const master = await MasterUnderTest.start();
    const agent = await startAgent(settingsOf(master.address, folderOf({})), () => {});
    const one = await master.subscribe({ roles: ['r'] });
    const { offers } = await one.event('OFFERS');
    const [offer] = offers!.offers!;
    const launch = (id: string, value: string) =>
      one.call({
        type: 'ACCEPT',
        accept: {
          offer_ids: [offer.id],
          operations: [
            {
              type: 'LAUNCH',
              launch: {
                task_infos: [
                  {
                    name: id,
                    task_id: { value: id },
                    agent_id: offer.agent_id,
                    resources: [
                      {
                        name: 'cpus',
                        type: 'SCALAR',
                        scalar: { value: 0.1 },
                        allocation_info: { role: 'r' },
                      },
                      { name: 'mem', type: 'SCALAR', scalar: { value: 32 }, allocation_info: { role: 'r' } },
                    ],
                    command: { value },
                  },
                ],
              },
            },
          ],
          filters: { refuse_seconds: 0 },
        },
      });
    const update = async (state: string) => {
      for (;;) {
        const { status } = (await one.event('UPDATE')).update!;
        if (status.uuid !== undefined)
          await one.call({
            type: 'ACKNOWLEDGE',
            acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid },
          });
        if (status.state === state) return status;
      }
    };
    return { master, agent, one, launch, update, end: () => endAll(agent) };
  }

  test('run, and are told of', async () => {
    const { launch, update, end, master, one } = await start();
    expect((await launch('t', 'exit 0')).status).toBe(202);
    await update('TASK_RUNNING');
    await update('TASK_FINISHED');
    await one.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'nobody' } }] } });
    expect(await update('TASK_LOST')).toMatchObject({
      reason: 'REASON_RECONCILIATION',
      source: 'SOURCE_MASTER',
    });
    const { tasks } = await master.json('/tasks');
    expect(tasks).toMatchObject([{ id: 't', state: 'TASK_FINISHED', framework_id: one.frameworkId }]);
    await end();
  });

  test.each(['a/b', '../x', '.', ''])('a task id %j is an error, and the offer is given back', async (id) => {
    const { launch, update, end, one } = await start();
    expect((await launch(id, 'true')).status).toBe(202);
    expect(await update('TASK_ERROR')).toMatchObject({
      reason: 'REASON_TASK_INVALID',
      source: 'SOURCE_MASTER',
    });
    await one.event('OFFERS');
    await end();
  });
});
