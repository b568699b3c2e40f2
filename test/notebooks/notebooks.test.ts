/** Notebooks in a browser that may speak with this machine only: they draw, and sliders simulate again. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useNotebooks, WAIT } from './browser.ts';

const isSkipped = !existsSync('/usr/bin/chromium') && process.env.CI !== 'true';

describe.skipIf(isSkipped)('notebooks without a network', { timeout: 60_000 }, () => {
  const open = useNotebooks();

  it('compare runs', async () => {
    const { problems } = await open('compare-policies', 10);
    expect(problems).toEqual([]);
  });

  it('simulate again when a slider moves', async () => {
    const { page, problems } = await open('drf', 2);
    const before = await page.locator('table').first().textContent();
    await page.locator('input[type=number]').first().fill('1.4');
    await page.locator('input[type=number]').first().press('Enter');
    await expect.poll(() => page.locator('table').first().textContent(), WAIT).not.toBe(before);
    expect(problems).toEqual([]);
  });
});
