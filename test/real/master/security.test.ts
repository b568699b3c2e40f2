/** Who may come in, and what they may do there (reference §1.1, §15). */
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Acls } from '../../../src/protocol/acls.ts';
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { createAuthentication } from '../../../src/real/http/authentication.ts';
import { folderOf } from '../../temporary-files.ts';
import { endAll, settingsOf } from '../agent/agent-under-test.ts';
import { MasterUnderTest } from './master-under-test.ts';

const SECRET = 'very-secret-9f2c';
const KEY = Buffer.from('a key of at least thirty-two bytes!');
const credentials = [
  { principal: 'ann', secret: SECRET },
  { principal: 'bob', secret: 'other' },
];
const basic = (principal: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`,
});

describe('credentials', () => {
  const required = createAuthentication(credentials, KEY, true);
  const start = () =>
    MasterUnderTest.start({
      authentications: { schedulers: required, operators: required, agents: required },
    });

  test('are asked for, by basic and by bearer', async () => {
    const master = await start();
    const call = { type: 'GET_HEALTH' };
    const refused = await master.operator(call);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="mesos-master-readwrite"',
    ]);
    expect((await master.scheduler({ type: 'REVIVE' })).headers['www-authenticate']).toBe(
      'Basic realm="mesos-master-scheduler"',
    );
    for (const wrong of [
      basic('ann', 'wrong'),
      basic('eve', SECRET),
      { authorization: 'Basic !' },
      { authorization: 'Digest x' },
    ])
      expect((await master.operator(call, wrong)).status).toBe(401);
    expect((await master.operator(call, basic('ann', SECRET))).status).toBe(200);
    const token = await new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'HS256' }).sign(KEY);
    expect((await master.operator(call, { authorization: `Bearer ${token}` })).status).toBe(200);
    const forged = await new SignJWT({ sub: 'ann' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.alloc(32, 1));
    expect((await master.operator(call, { authorization: `Bearer ${forged}` })).status).toBe(401);
    expect((await master.ask('/health')).status).toBe(200);
    expect((await master.ask('/state')).status).toBe(401);
  });

  test('of agents are asked for; secrets are in no log and no state', async () => {
    const master = await start();
    const lines: string[] = [];
    const credential = { principal: 'ann', secret: SECRET };
    const without = await startAgent(settingsOf(master.address, folderOf({})), (line) => lines.push(line));
    await expect.poll(() => lines.join('\n'), { timeout: 20_000 }).toContain('give it --credential');
    await without.stop();
    const agent = await startAgent(settingsOf(master.address, folderOf({}), { credential }), (line) =>
      lines.push(line),
    );
    await expect.poll(() => lines.join('\n'), { timeout: 20_000 }).toContain('registered with master');
    const state = await master.ask('/state', { headers: basic('ann', SECRET) });
    const ofAgent = await fetch(`http://${agent.address}/state`);
    for (const text of [state.text, await ofAgent.text(), lines.join('\n'), master.lines.join('\n')]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(Buffer.from(SECRET).toString('base64'));
    }
    await endAll(agent);
  });
});

describe('lists', () => {
  const some = (...values: string[]) => ({ values });
  const acls: Acls = {
    permissive: false,
    register_frameworks: [{ principals: some('ann'), roles: some('r') }],
    run_tasks: [{ principals: some('ann'), users: some('nobody') }],
    update_weights: [{ principals: some('ann'), roles: { type: 'ANY' } }],
    reserve_resources: [{ principals: some('ann'), roles: some('r') }],
  };
  const optional = createAuthentication(credentials, null, false);

  test('say who may register, run tasks, reserve and change weights', async () => {
    const authentications = { schedulers: optional, operators: optional, agents: optional };
    const master = await MasterUnderTest.start({ authentications, flags: { acls } });
    await expect(master.subscribe({ roles: ['other'], principal: 'ann' })).rejects.toThrow(
      "Not authorized to use roles 'other'",
    );
    await expect(master.subscribe({ roles: ['r'], principal: 'bob' })).rejects.toThrow('Not authorized');
    const agent = await startAgent(settingsOf(master.address, folderOf({})), () => {});
    const one = await master.subscribe({ roles: ['r'], principal: 'ann' });
    const { offers } = await one.event('OFFERS');
    const [{ id, agent_id }] = offers!.offers!;
    const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 }, allocation_info: { role: 'r' } };
    const mem = { ...cpus, name: 'mem', scalar: { value: 32 } };
    const task = {
      name: 't',
      task_id: { value: 't' },
      agent_id,
      resources: [cpus, mem],
      command: { value: 'true' },
    };
    await one.call({
      type: 'ACCEPT',
      accept: { offer_ids: [id], operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }] },
    });
    const { status } = (await one.event('UPDATE')).update!;
    expect(status).toMatchObject({
      state: 'TASK_ERROR',
      reason: 'REASON_TASK_UNAUTHORIZED',
      message: "Not authorized to launch as user 'root'",
    });

    const weights = { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role: 'r', weight: 2 }] } };
    expect(await master.operator(weights)).toMatchObject({
      status: 403,
      text: 'Not authorized to UPDATE_WEIGHTS',
    });
    expect((await master.operator(weights, basic('bob', 'other'))).status).toBe(403);
    expect((await master.operator(weights, basic('ann', SECRET))).status).toBe(200);

    const reserve = (role: string) => ({
      type: 'RESERVE_RESOURCES',
      reserve_resources: {
        agent_id,
        resources: [
          {
            name: 'cpus',
            type: 'SCALAR',
            scalar: { value: 1 },
            reservations: [{ type: 'DYNAMIC', role, principal: 'ann' }],
          },
        ],
      },
    });
    expect((await master.operator(reserve('x'), basic('ann', SECRET))).status).toBe(403);
    expect((await master.operator(reserve('r'), basic('ann', SECRET))).status).toBe(202);
    await endAll(agent);
  });
});
