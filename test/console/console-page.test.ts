/** The console in a real browser, of a real cluster. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useLab } from '../real/lab.ts';
import { useChromium, violations } from './chromium.ts';

const LAUNCHER = join(import.meta.dirname, '../../bin/mesolab.js');

describe('the console', () => {
  const lab = useLab('--agents=1', '--agent-resources=cpus:4;mem:1024;disk:1024');
  const open = useChromium();

  async function opened(options: BrowserContextOptions = {}): Promise<[Page, string[]]> {
    const { page, problems } = await open(`http://${lab().master}/`, { bypassCSP: true, ...options });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'cpus' }).waitFor();
    return [page, problems];
  }

  it('shows what the cluster has and, as it happens, who holds it, within its content policy', async () => {
    const [page, problems] = await opened({ bypassCSP: false });
    const cpus = page.getByRole('region', { name: 'cpus' });
    expect(await cpus.getByRole('heading').textContent()).toBe('cpus 4');
    const run = spawn(process.execPath, [
      LAUNCHER,
      'run',
      `--master=${lab().master}`,
      '--cpus=2',
      '--',
      'sleep',
      '300',
    ]);
    const ended = new Promise((resolve) => run.once('exit', resolve));
    try {
      await page.getByRole('rowheader', { name: '*', exact: true }).waitFor();
      // What waits inside the page is evaluated from text, which the policy refuses.
      const filled = () =>
        cpus.locator('.bar').evaluate((bar) => bar.querySelector('.used')!.clientWidth / bar.clientWidth);
      await expect.poll(filled, { timeout: 20_000 }).toBeCloseTo(0.5, 2);
      expect(await page.getByRole('row').last().textContent()).toContain('50.0 %');
    } finally {
      run.kill('SIGINT');
      await ended;
    }
    expect(problems).toEqual([]);
    await page.close();
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 800 } }],
  ] as const)('is accessible and no wider than its window: %s', async (_name, options) => {
    const [page] = await opened(options);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.close();
  });

  it('lists agents, frameworks and tasks, and finds them', async () => {
    const [page, problems] = await opened();
    const run = (value: string) =>
      new Promise((resolve) =>
        spawn(process.execPath, [
          LAUNCHER,
          'run',
          `--master=${lab().master}`,
          `--name=${value}`,
          '--',
          `exit ${value.length}`,
        ]).once('exit', resolve),
      );
    await Promise.all([run('first'), run('another')]);
    await page.getByRole('link', { name: 'Agents' }).click();
    await page.getByRole('rowheader', { name: 'agent-0' }).waitFor();
    expect(await page.getByRole('row').last().textContent()).toContain('of 4');
    await page.getByRole('link', { name: 'Frameworks' }).click();
    await page.getByText('No framework is registered.').waitFor();
    await page.getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('rowheader', { name: 'another' }).waitFor();
    await page.getByLabel('Search').fill('first FAILED');
    await expect.poll(() => page.getByRole('row').count(), { timeout: 20_000 }).toBe(2);
    expect(await page.getByRole('row').last().textContent()).toMatch(/first.*failed.*agent-0/);
    await page.getByLabel('Search').fill('nothing like it');
    await page.getByText('Nothing is like this.').waitFor();
    for (const name of ['Tasks', 'Agents', 'Frameworks']) {
      await page.getByRole('link', { name }).click();
      expect(await violations(page), name).toEqual([]);
    }
    expect(problems).toEqual([]);
    await page.close();
  });

  it('is reached by keyboard', async () => {
    const [page] = await opened();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe('Cluster');
    await page.close();
  });

  it('says that it is not connected while the master cannot be reached, and lives once it can', async () => {
    const { page } = await open('about:blank');
    await page.route('**/api/v1', (route) => route.abort());
    await page.goto(`http://${lab().master}/`);
    await page.getByText('Not connected').waitFor();
    await page.unroute('**/api/v1');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.close();
  });
});
