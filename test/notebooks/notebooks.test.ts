/** Notebooks in a browser that may speak with this machine only: they draw, and sliders simulate again. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NotebookServer, serveNotebooks } from '../../src/notebooks/server.ts';
import { writeRun } from '../../src/results/run-directory.ts';
import { sampleRuns } from '../charts/sample-runs.ts';

const CHROMIUM = '/usr/bin/chromium';
const isSkipped = !existsSync(CHROMIUM) && process.env.CI !== 'true';
const WAIT = { timeout: 45_000 };

describe.skipIf(isSkipped)('notebooks without a network', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: NotebookServer;
  let base: string;

  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'mesolab-notebooks-'));
    for (const run of sampleRuns()) await writeRun(join(base, 'runs/demo', run.summary.policy), run);
    server = await serveNotebooks(join(import.meta.dirname, '../../notebooks'), base, 0);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(base, { recursive: true, force: true });
  });

  it('compare runs', async () => {
    const { page, outside } = await open('compare-policies');
    await expect.poll(() => page.locator('svg.marks').count(), WAIT).toBe(10);
    expect(outside).toEqual([]);
  });

  it('simulate again when a slider moves', async () => {
    const { page, outside } = await open('drf');
    await expect.poll(() => page.locator('svg.marks').count(), WAIT).toBe(2);
    const before = await page.locator('table').first().textContent();
    await page.locator('input[type=number]').first().fill('1.4');
    await page.locator('input[type=number]').first().press('Enter');
    await expect.poll(() => page.locator('table').first().textContent(), WAIT).not.toBe(before);
    expect(outside).toEqual([]);
  });

  async function open(name: string): Promise<{ page: Page; outside: string[] }> {
    const page = await browser.newPage();
    const outside: string[] = [];
    await page.route('**/*', (route) => {
      if (route.request().url().startsWith(server.url)) return route.continue();
      outside.push(route.request().url());
      return route.abort();
    });
    page.on('pageerror', (error) => console.error(String(error)));
    await page.goto(`${server.url}${name}.html`);
    return { page, outside };
  }
});
