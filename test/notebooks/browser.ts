/** Notebooks in a real Chromium that may speak with this machine only. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { type NotebookServer, serveNotebooks } from '../../src/notebooks/server.ts';
import { writeRun } from '../../src/results/run-directory.ts';
import { sampleRuns } from '../charts/sample-runs.ts';

const NOTEBOOKS = join(import.meta.dirname, '../../notebooks');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** For `expect.poll`: a page on a busy machine. */
export const WAIT = { timeout: 45_000 };

export interface OpenNotebook {
  readonly page: Page;
  /** What the page said went wrong, and every address beyond this machine that it asked for. */
  readonly problems: readonly string[];
}

/**
 * Serves the bundled notebooks, with runs of three policies in `runs/demo`, for the tests of a file.
 * @returns opens one by its name, and waits for so many charts; with MESOLAB_SCREENSHOTS=1 its picture is kept
 */
export function useNotebooks(): (name: string, charts: number) => Promise<OpenNotebook> {
  let browser: Browser;
  let server: NotebookServer;
  let base: string;
  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'mesolab-notebooks-'));
    for (const run of sampleRuns()) await writeRun(join(base, 'runs/demo', run.summary.policy), run);
    server = await serveNotebooks(NOTEBOOKS, base, 0);
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(base, { recursive: true, force: true });
  });

  return async (name, charts) => {
    const page = await browser.newPage();
    const problems: string[] = [];
    await page.route('**/*', (route) => {
      if (route.request().url().startsWith(server.url)) return route.continue();
      problems.push(route.request().url());
      return route.abort();
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`${server.url}${name}.html`);
    await expect.poll(() => page.locator('svg.marks').count(), WAIT).toBe(charts);
    // A cell that fails shows its error in place of what it would display.
    expect(await page.locator('.observablehq--error').allTextContents()).toEqual([]);
    if (process.env.MESOLAB_SCREENSHOTS === '1')
      await page.screenshot({ path: join(NOTEBOOKS, 'screenshots', `${name}.png`), fullPage: true });
    return { page, problems };
  };
}
