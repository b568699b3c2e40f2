/** The report in a browser without network: it draws, and its timeline zooms, pans and names tasks. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/charts/report.ts';
import type { Run } from '../../src/results/run.ts';
import { sampleRuns } from './sample-runs.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const CHARTS = 8;

// In continuous integration a missing browser is a failure, not a reason to test less.
const isSkipped = !existsSync(CHROMIUM) && process.env.CI !== 'true';

describe.skipIf(isSkipped)('the report in a browser', () => {
  let browser: Browser;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mesolab-report-'));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each([
    ['small runs', {}],
    ['runs without jobs', { jobs: 0 }],
    ['runs without jobs and roles', { jobs: 0, roles: [] }],
    ['partial runs', { untilSeconds: 30 }],
    ['400 roles', { roles: Array.from({ length: 400 }, (_, role) => `team-${role}`), jobs: 800 }],
    ['hostile names', { roles: ['</script><script>throw 1</script>', '<img src=//x>'] }],
  ])('draws %s without an error or a request', async (_, settings) => {
    const { page, troubles } = await open(sampleRuns(settings));
    expect(await page.locator('[data-chart] svg.marks').count()).toBe(CHARTS);
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  it('fits a narrow screen', async () => {
    const { page } = await open(sampleRuns(), 380);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(380);
    await page.context().close();
  });

  it('zooms, pans, names tasks and switches policies on the timeline', async () => {
    const { page, troubles } = await open(sampleRuns());
    const canvas = page.locator('#timeline canvas');
    const extent = page.locator('.timeline-extent');
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    const whole = await extent.textContent();

    await page.mouse.move(box.x + 40, box.y + 10);
    const tooltip = page.locator('.timeline-tooltip');
    await tooltip.waitFor({ state: 'visible' });
    expect(await tooltip.textContent()).toMatch(/agent-0\njob job-\d+, role \w+, finished: from .* for .* s/);

    const before = await picture(page);
    await page.mouse.click(box.x + 40, box.y + 10);
    await page.mouse.wheel(0, -600);
    await expect.poll(() => extent.textContent()).not.toBe(whole);
    expect(await picture(page)).not.toBe(before);

    const zoomed = await extent.textContent();
    await page.mouse.down();
    await page.mouse.move(box.x - 60, box.y + 10, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => extent.textContent()).not.toBe(zoomed);

    await page.getByText('show all').click();
    await expect.poll(() => extent.textContent()).toBe(whole);
    await page.locator('.timeline-policy').selectOption('sjf');
    await expect.poll(() => picture(page)).not.toBe(before);
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  it('draws 100,000 tasks on 1,000 agents, and again when zoomed', async () => {
    const { page, troubles } = await open(
      sampleRuns({ policies: ['fifo'], jobs: 25_000, tasks: 11, agents: 1000, slots: 1 }),
    );
    expect(await page.locator('.timeline-extent').textContent()).toContain('smaller than pixels');
    const before = await picture(page);
    await page.getByRole('button', { name: 'zoom in' }).click();
    await expect.poll(() => picture(page)).not.toBe(before);
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  /** `troubles` collects console errors and warnings, exceptions and requests. */
  async function open(runs: readonly Run[], width = 1100): Promise<{ page: Page; troubles: string[] }> {
    const file = join(directory, 'report.html');
    writeFileSync(file, renderReport(runs));
    const url = pathToFileURL(file).href;
    const context = await browser.newContext({ offline: true, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('request', (request) => {
      if (request.url() !== url) troubles.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    await expect.poll(() => page.locator('[data-chart] svg.marks').count()).toBe(CHARTS);
    return { page, troubles };
  }
});

function picture(page: Page): Promise<string> {
  return page.evaluate("document.querySelector('#timeline canvas').toDataURL()");
}
