/** What operators do in the console, on a real cluster: agents, roles, frameworks, tasks and their files. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useLab } from '../real/lab.ts';
import { useChromium, violations, WAIT } from './chromium.ts';

const LAUNCHER = join(import.meta.dirname, '../../bin/mesolab.js');
const PICTURES = process.env.MESOLAB_SCREENSHOTS === '1';

describe('an operator', { timeout: 90_000 }, () => {
  const lab = useLab('--agents=2', '--agent-resources=cpus:4;mem:1024;disk:1024');
  const open = useChromium();

  const opened = async () => {
    const shown = await open(`http://${lab().master}/`, { bypassCSP: false });
    await shown.page.getByText('Live', { exact: true }).waitFor();
    return shown;
  };
  const picture = async (page: Page, name: string) => {
    if (PICTURES)
      await page.screenshot({ path: join(import.meta.dirname, '../../docs/images', `${name}.png`) });
  };
  function run(name: string, command: string) {
    const child = spawn(process.execPath, [
      LAUNCHER,
      'run',
      `--master=${lab().master}`,
      `--name=${name}`,
      '--cpus=0.5',
      '--',
      command,
    ]);
    return { child, ended: new Promise<number | null>((resolve) => child.once('exit', resolve)) };
  }
  const answer = async (page: Page, label: string) => {
    const dialog = page.getByRole('dialog', { name: label });
    await dialog.getByRole('button', { name: label, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  };

  it('reads the output of a task while it comes, and kills it', async () => {
    const task = run('talker', 'i=0; while true; do i=$((i+1)); echo line $i; sleep 0.2; done');
    const { page, problems } = await opened();
    await page.getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('link', { name: 'talker' }).first().click();
    await page.getByRole('button', { name: 'stdout', exact: true }).click();
    const output = page.getByRole('region', { name: 'stdout' }).locator('pre');
    const lines = async () => ((await output.textContent()) ?? '').match(/line \d+/g) ?? [];
    await expect.poll(async () => (await lines()).length, WAIT).toBeGreaterThan(3);
    const before = await lines();
    await expect.poll(async () => (await lines()).length, WAIT).toBeGreaterThan(before.length + 5);
    // Nothing twice, nothing left out.
    expect(await lines()).toEqual((await lines()).map((_, index) => `line ${index + 1}`));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download stdout' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('stdout');
    await picture(page, 'console-task');
    await page.getByRole('button', { name: 'Kill…' }).click();
    await answer(page, 'Kill');
    await page.getByRole('rowheader', { name: 'killed' }).waitFor();
    expect(await task.ended).not.toBe(0);
    expect(await page.getByRole('button', { name: 'Kill…' }).count()).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('tears a framework down', async () => {
    const task = run('sleeper', 'sleep 300');
    const { page, problems } = await opened();
    await page.getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('link', { name: 'sleeper' }).first().waitFor();
    await page.getByRole('link', { name: 'Frameworks' }).click();
    await page.getByRole('region', { name: 'Frameworks' }).getByRole('link').first().click();
    const why = page.getByRole('region', { name: 'Offers in role *' });
    await why
      .getByText(/^(1|2) agents?: /)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Tear down…' }).click();
    await picture(page, 'console-framework');
    await answer(page, 'Tear down');
    expect(await task.ended).not.toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('drains an agent, and brings it back', async () => {
    const { page, problems } = await opened();
    await page.getByRole('link', { name: 'Agents' }).click();
    await page.getByRole('link', { name: 'agent-1' }).click();
    await page.getByRole('button', { name: 'Drain…' }).click();
    await answer(page, 'Drain');
    await page.getByText('drained', { exact: true }).waitFor();
    await picture(page, 'console-agent');
    await page.getByRole('button', { name: 'Reactivate…' }).click();
    await answer(page, 'Reactivate');
    await page.getByText('active', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Deactivate…' }).click();
    await answer(page, 'Deactivate');
    await page.getByText('deactivated', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Reactivate…' }).click();
    await answer(page, 'Reactivate');
    await page.getByRole('button', { name: 'Deactivate…' }).waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('gives a role quota and weight, and is told where the master refuses', async () => {
    const { page } = await opened();
    await page.getByRole('link', { name: 'Roles' }).click();
    await page.getByRole('button', { name: 'Give quota…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Give quota' });
    await dialog.getByLabel('Role').fill('web');
    await dialog.getByLabel('cpus, guaranteed').fill('3');
    await dialog.getByLabel('cpus, at most').fill('2');
    await dialog.getByRole('button', { name: 'Give quota', exact: true }).click();
    // In the master's words.
    expect(await dialog.getByRole('alert').textContent()).toMatch(/limit|guarantee/i);
    await dialog.getByLabel('cpus, guaranteed').fill('1');
    await answer(page, 'Give quota');
    const row = page.getByRole('row').filter({ hasText: 'web' });
    await row.waitFor();
    expect(await row.textContent()).toContain('cpus 1cpus 2');
    await row.getByRole('button', { name: /^Weight…/ }).click();
    await row.getByLabel('Weight of web').fill('2.5');
    await answer(page, 'Weight');
    await expect.poll(() => row.getByRole('cell').first().textContent(), WAIT).toBe('2.5');
    await picture(page, 'console-roles');
    await row.getByRole('button', { name: /^Quota…/ }).click();
    for (const kind of ['guaranteed', 'at most']) await row.getByLabel(`cpus, ${kind}`).fill('');
    await answer(page, 'Quota');
    await expect.poll(() => row.getByRole('cell').nth(5).textContent(), WAIT).toBe('–');
    await page.close();
  });

  it('chooses a look, and sees how the master was started', async () => {
    const { page, problems } = await opened();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('allocation_interval').waitFor();
    await page.getByLabel('dark').check();
    const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    expect(await scheme()).toBe('dark');
    await page.reload();
    await page.getByText('allocation_interval').waitFor();
    expect(await scheme()).toBe('dark');
    await picture(page, 'console-settings');
    expect(problems).toEqual([]);
    await page.close();
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 800 } }],
  ] as const)('finds every page accessible, and no wider than its window: %s', async (_name, options) => {
    const { page } = await open(`http://${lab().master}/`, { bypassCSP: true, ...options });
    await page.getByText('Live', { exact: true }).waitFor();
    const see = async (what: string) => {
      expect(await violations(page), what).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        what,
      ).toBeLessThanOrEqual(0);
    };
    for (const name of ['Roles', 'Settings']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await see(name);
    }
    await page.getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('link', { name: 'talker' }).first().click();
    await page.getByRole('button', { name: 'stdout', exact: true }).click();
    await page.getByRole('region', { name: 'stdout' }).waitFor();
    await see('a task');
    await page.getByRole('link', { name: /^agent-\d$/ }).click();
    await page.getByRole('heading', { name: 'Resources' }).waitFor();
    await see('an agent');
    await page.getByRole('button', { name: 'Drain…' }).click();
    await see('a question');
    await page.close();
  });
});
