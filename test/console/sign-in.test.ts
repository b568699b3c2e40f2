/** Signing in to the console in a real browser, and what a page of another origin cannot do there. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthentication } from '../../src/real/http/authentication.ts';
import { MasterUnderTest } from '../real/master/master-under-test.ts';
import { useChromium, violations } from './chromium.ts';

const SECRET = 'very-secret-51aa';
const operators = createAuthentication([{ principal: 'ann', secret: SECRET }], null, true);

const start = (changes: Parameters<typeof MasterUnderTest.start>[0] = {}) =>
  MasterUnderTest.start({
    authentications: { schedulers: operators, operators, agents: operators },
    ...changes,
  });

describe('the console of a master that wants credentials', { timeout: 60_000 }, () => {
  const open = useChromium();

  it('asks for them, is live with them, and forgets them when it is signed out', async () => {
    const master = await start();
    const { page } = await open(`http://${master.address}/`);
    const fill = async (secret: string) => {
      await page.getByLabel('Principal').fill('ann');
      await page.getByLabel('Secret').fill(secret);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    await fill('wrong');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toBe('There is no such principal with this secret');
    await fill(SECRET);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
    // Nothing that a script could read, or send elsewhere, holds the secret.
    expect(await page.content()).not.toContain(SECRET);
    expect(await page.evaluate(() => `${document.cookie}${JSON.stringify(localStorage)}`)).toBe('{}');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('You are signed in as ann.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Principal').waitFor();
    await page.close();
  });

  it('asks again when the master has forgotten the session', async () => {
    const master = await start();
    const { page } = await open(`http://${master.address}/`);
    await page.getByLabel('Principal').fill('ann');
    await page.getByLabel('Secret').fill(SECRET);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().clearCookies();
    await page.reload();
    await page.getByLabel('Principal').waitFor();
    await page.close();
  });

  it('has a form that everybody can use', async () => {
    const master = await start();
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(`http://${master.address}/`, { bypassCSP: true, colorScheme });
      await page.getByLabel('Principal').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.close();
    }
  });

  it('shows no action where it is read-only', async () => {
    const master = await MasterUnderTest.start({ console: 'read-only' });
    const { page } = await open(`http://${master.address}/#/roles`);
    await page.getByText('No role is in use').waitFor();
    expect(await page.getByRole('button').count()).toBe(0);
    await page.close();
  });

  it('is not used by a page of another origin, though the browser has a session', async () => {
    const master = await start();
    const evil = createServer((_request, response) =>
      response.end(`<!doctype html><form method="post" action="http://${master.address}/teardown"><input name="frameworkId"
        value="x"><button>win</button></form>`),
    ).listen(0, '127.0.0.1');
    await once(evil, 'listening');
    onTestFinished(() => void evil.close());
    const { page } = await open(`http://${master.address}/`);
    await page.getByLabel('Principal').fill('ann');
    await page.getByLabel('Secret').fill(SECRET);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();
    // The same host at another port is the same site to a browser: SameSite alone would let it pass.
    await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
    const read = await page.evaluate(
      (address) =>
        fetch(`http://${address}/api/v1`, {
          method: 'POST',
          credentials: 'include',
          headers: { 'content-type': 'application/json' },
          body: '{"type": "GET_STATE"}',
        }).then(
          () => 'read',
          () => 'refused',
        ),
      master.address,
    );
    expect(read).toBe('refused');
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/teardown')),
      page.getByRole('button', { name: 'win' }).click(),
    ]);
    expect([answer.status(), await answer.text()]).toEqual([
      403,
      'Pages of other origins may not act here\n',
    ]);
    await page.close();
  });
});
