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

  it('DRF: divide, lie and simulate again when a slider moves', async () => {
    const { page, problems } = await open('drf', 8);
    const [divisions, claims, figures] = [0, 1, 2].map((table) => page.locator('table').nth(table));
    expect(await divisions.textContent()).toContain('CEEI4.091.64');
    const move = async (label: string, value: string, changed: typeof figures) => {
      const before = await changed.textContent();
      const input = page.locator('form').getByLabel(label);
      await input.fill(value);
      await input.press('Enter');
      await expect.poll(() => changed.textContent(), WAIT).not.toBe(before);
    };
    await move('A: CPUs a task', '2', divisions);
    await move('claimed', '8', claims);
    expect(await claims.textContent()).toContain('CEEI3.2264.167+29.2 %');
    await move('load', '1.4', figures);
    expect(problems).toEqual([]);
  });

  it('show what Omega’s schedulers make each other wait', async () => {
    const { problems } = await open('omega', 3);
    expect(problems).toEqual([]);
  });

  it('show what backfilling does to three logs', async () => {
    const { page, problems } = await open('backfilling', 6);
    const waits = page.locator('table').first();
    expect(await waits.textContent()).toContain('EASY0.04.90.012.93.84.3');
    await page.locator('form').getByLabel('E: processors').fill('3');
    await expect.poll(() => waits.textContent(), WAIT).toContain('EASY0.04.90.07.79.64.4');
    expect(problems).toEqual([]);
  });

  it('Hierarchical DRF: trees are shared anew when a slider moves', async () => {
    const { page, problems } = await open('hierarchical-drf', 6);
    const shared = page.locator('table').first();
    expect(await shared.textContent()).toContain('n2/b0, 125 %406');
    await page.locator('form').getByLabel('weight of n1').fill('3');
    await expect.poll(() => shared.textContent(), WAIT).toContain('n2/b0, 112.5 %203');
    expect(problems).toEqual([]);
  });

  it('show how GPUs break up', async () => {
    const { page, problems } = await open('gpu-fragmentation', 4);
    const filled = page.locator('table').first();
    expect(await filled.textContent()).toContain('random fit20.503.50');
    await page.locator('form').getByLabel('beside FGD').selectOption('worst fit');
    await expect.poll(() => filled.textContent(), WAIT).toContain('worst fit16.507.50');
    await page.locator('form').getByLabel('pods that arrived').fill('1');
    await expect.poll(() => filled.textContent(), WAIT).toContain('FGD0.2523.75');
    expect(problems).toEqual([]);
  });

  it('show a real run beside its simulations', async () => {
    const { problems } = await open('reality', 2);
    expect(problems).toEqual([]);
  });

  it('show what offers cost', async () => {
    const { problems } = await open('mesos', 1);
    expect(problems).toEqual([]);
  });
});
