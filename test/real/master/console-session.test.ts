/** Signing in to the console, and what pages of other origins, and a read-only console, may not do. */
import { describe, expect, test } from 'vitest';
import { createAuthentication } from '../../../src/real/http/authentication.ts';
import { ConsoleSessions, isOfAnotherOrigin } from '../../../src/real/master/console-sessions.ts';
import { MasterUnderTest } from './master-under-test.ts';

const SECRET = 'very-secret-7c1d';
const operators = createAuthentication([{ principal: 'ann', secret: SECRET }], null, true);
const start = (changes: Parameters<typeof MasterUnderTest.start>[0] = {}) =>
  MasterUnderTest.start({
    authentications: { schedulers: operators, operators, agents: operators },
    ...changes,
  });
const JSON_TYPE = { 'content-type': 'application/json' };

async function signIn(master: MasterUnderTest, secret = SECRET, headers: Record<string, string> = {}) {
  return master.ask('/console/session', {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify({ principal: 'ann', secret }),
  });
}

/** Headers of a page that has signed in. */
async function session(master: MasterUnderTest): Promise<{ cookie: string; 'x-mesolab-token': string }> {
  const [set] = (await signIn(master)).headers['set-cookie']!;
  const cookie = set.split(';')[0];
  const { token } = JSON.parse((await master.ask('/console/session', { headers: { cookie } })).text);
  return { cookie, 'x-mesolab-token': token };
}

describe('a session', () => {
  test('is a cookie that scripts and other sites do not get, and a token that the page shows', async () => {
    const master = await start();
    expect((await master.ask('/')).status).toBe(200);
    expect(JSON.parse((await master.ask('/console/session')).text)).toEqual({
      principal: null,
      token: '',
      needsSignIn: true,
      maySignIn: true,
      isReadOnly: false,
    });
    const signedIn = await signIn(master);
    expect(signedIn.status).toBe(204);
    const [cookie] = signedIn.headers['set-cookie']!;
    expect(cookie).toMatch(/^mesolab-\d+=[\w-]{43};/);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=43200'])
      expect(cookie).toContain(part);
    expect(cookie).not.toContain('Secure');
    const headers = await session(master);
    expect((await master.operator({ type: 'GET_HEALTH' }, headers)).status).toBe(200);
    expect((await master.ask('/state', { headers })).status).toBe(200);
    // The cookie alone, which a page at another port of this host can make a browser send, is not enough.
    expect((await master.operator({ type: 'GET_HEALTH' }, { cookie: headers.cookie })).status).toBe(401);
    const guessed = { ...headers, 'x-mesolab-token': 'x'.repeat(43) };
    const refused = await master.operator({ type: 'GET_HEALTH' }, guessed);
    // No browser asks its user by itself.
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, undefined]);
  });

  test('ends when it is signed out, and by its time', async () => {
    const master = await start();
    const headers = await session(master);
    const out = await master.ask('/console/session', { method: 'DELETE', headers });
    expect([out.status, out.headers['set-cookie']![0]]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await master.operator({ type: 'GET_HEALTH' }, headers)).status).toBe(401);

    let nowMs = 0;
    const sessions = new ConsoleSessions(operators, 'on', 5050, true, () => nowMs);
    const signedIn = await sessions.signIn('::1', 'ann', SECRET);
    const cookie = 'cookie' in signedIn ? signedIn.cookie : '';
    expect(cookie).toContain('Secure');
    const shown = { cookie: cookie.split(';')[0] };
    expect(await sessions.describe(shown)).toMatchObject({ principal: 'ann' });
    nowMs = 12 * 3_600_000;
    expect(await sessions.describe(shown)).toMatchObject({ principal: null });
  });

  test('is not had by guessing: after five wrong secrets an address waits', async () => {
    let nowMs = 0;
    const sessions = new ConsoleSessions(operators, 'on', 5050, false, () => nowMs);
    for (let n = 0; n < 5; n++)
      expect(await sessions.signIn('10.0.0.1', 'ann', String(n))).toEqual({ problem: 'wrong' });
    expect(await sessions.signIn('10.0.0.1', 'ann', SECRET)).toEqual({ problem: 'too many' });
    expect(await sessions.signIn('10.0.0.2', 'ann', SECRET)).toHaveProperty('cookie');
    nowMs = 30_000;
    expect(await sessions.signIn('10.0.0.1', 'ann', SECRET)).toHaveProperty('cookie');
    expect(await sessions.signIn('10.0.0.1', '', '')).toEqual({ problem: 'wrong' });
  });

  test.each(['{', '{"principal": "ann"}', '[]', 'null'])('is not had by %s', async (body) => {
    const answer = await (await start()).ask('/console/session', {
      method: 'POST',
      headers: JSON_TYPE,
      body,
    });
    expect(answer.status).toBe(400);
  });

  test('leaves no secret in logs', async () => {
    const master = await start();
    await signIn(master);
    await signIn(master, 'wrong');
    expect(master.lines.join('\n')).not.toContain(SECRET);
  });
});

describe('pages of other origins', () => {
  test('may not act, whether the master is open or not', async () => {
    const open = await MasterUnderTest.start();
    const evil = { origin: 'http://evil.example' };
    expect((await open.operator({ type: 'GET_HEALTH' }, evil)).status).toBe(403);
    const teardown = { method: 'POST', headers: evil, body: 'frameworkId=x' };
    expect((await open.ask('/teardown', teardown)).status).toBe(403);
    expect((await open.ask('/teardown', { ...teardown, headers: { origin: 'null' } })).status).toBe(403);
    const own = { origin: `http://${open.address}` };
    expect((await open.operator({ type: 'GET_HEALTH' }, own)).status).toBe(200);
    const locked = await start();
    expect((await signIn(locked, SECRET, evil)).status).toBe(403);
  });

  test('are known by host and port', () => {
    expect(isOfAnotherOrigin({ host: 'a:5050' })).toBe(false);
    expect(isOfAnotherOrigin({ host: 'a:5050', origin: 'https://a:5050' })).toBe(false);
    expect(isOfAnotherOrigin({ host: 'a:5050', origin: 'http://a:5051' })).toBe(true);
    expect(isOfAnotherOrigin({ host: 'a:5050', origin: 'null' })).toBe(true);
  });
});

describe('a console', () => {
  test('that is read-only changes nothing, while others may', async () => {
    const master = await start({ console: 'read-only' });
    const headers = await session(master);
    expect((await master.operator({ type: 'GET_STATE' }, headers)).status).toBe(200);
    const weights = {
      type: 'UPDATE_WEIGHTS',
      update_weights: { weight_infos: [{ role: 'web', weight: 2 }] },
    } as const;
    const refused = await master.operator(weights, headers);
    expect([refused.status, refused.text]).toEqual([403, 'The console is read-only (--console)']);
    const form = { method: 'POST', headers, body: 'frameworkId=x&taskId=y' };
    expect((await master.ask('/kill-task', form)).status).toBe(403);
    const authorization = `Basic ${Buffer.from(`ann:${SECRET}`).toString('base64')}`;
    expect((await master.operator(weights, { authorization })).status).toBe(200);
  });

  test('that is read-only changes nothing where no credentials are wanted, too', async () => {
    const master = await MasterUnderTest.start({ console: 'read-only' });
    const call = { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [] } } as const;
    expect((await master.operator(call, { 'x-mesolab-token': '' })).status).toBe(403);
  });

  test('that is off is not there', async () => {
    const master = await MasterUnderTest.start({ console: 'off' });
    expect((await master.ask('/')).status).toBe(404);
    expect((await master.ask('/console/session')).status).toBe(404);
  });
});
